/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BARMAP_VERIFY_SHAPE_H
#define BARMAP_VERIFY_SHAPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/backend.h"
#include "lib/bar.h"
#include "lib/vfio.h"
#include "lib/va_range.h"

/*
 * The ways in which a BAR is mmapped and that memory is mapped for DMA. Each is a row in a table;
 * a lookup that is right for the plain one can be wrong for another.
 */
struct verify_shape {
	const char *name;
	uint64_t va_offset_bytes;	/* address above a multiple of 1 GiB */
	uint64_t bar_skip_bytes;	/* first bytes of the BAR that are not mmapped */
	uint64_t vma_skip_bytes;	/* first and last bytes of the mmap not mapped for DMA */
	uint64_t iova_skip_bytes;	/* first IOVA above that of the other shapes */
	uint64_t chunk_bytes;		/* bytes mapped by each ioctl; 0: all with one */
	bool swapped;			/* two mmaps, the BAR's upper half first */
	unsigned int needs;		/* BACKEND_ bits: left out with backends that lack one */
};

extern const struct verify_shape verify_shapes[];
extern const size_t verify_shapes_count;

/* No more shapes than this. */
#define VERIFY_SHAPES_MAX	16

/* Smallest BAR, in bytes, that all shapes fit. */
#define VERIFY_BAR_BYTES_MIN	(UINT64_C(8) << 20)

/* How many bytes of a BAR of @bar_bytes (a power of two) are mapped for DMA. */
uint64_t verify_shape_bytes(const struct verify_shape *shape, uint64_t bar_bytes);

/* Where in the BAR the byte at @offset_bytes from the first IOVA is. */
uint64_t verify_shape_bar_offset(const struct verify_shape *shape, uint64_t bar_bytes,
				 uint64_t offset_bytes);

/*
 * Make the mmaps, in @window, which the caller releases, and map them from @iova on. @session is one
 * for the BAR.
 * Returns 0 or -errno; nothing stays on failure.
 */
int verify_shape_map(const struct verify_shape *shape, const struct backend_session *session,
		     const struct vfio_device *device, const struct bar *bar, uint64_t iova,
		     struct va_range *window);

/* Undo verify_shape_map(). Returns 0, or -errno of the first unmap that failed. */
int verify_shape_unmap(const struct verify_shape *shape, const struct backend_session *session,
		       const struct bar *bar, uint64_t iova, struct va_range *window);

#endif
