/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BARMAP_CASES_MAPPING_H
#define BARMAP_CASES_MAPPING_H

#include <stddef.h>
#include <stdint.h>

#include "harness/case.h"
#include "lib/vfio.h"
#include "lib/va_range.h"

/*
 * What most families do: DMA-map memory that the process has mapped, and unmap it again, by as many
 * ioctls as the case's chunks ask for. They differ in what memory that is, and where.
 *
 * The functions that take void * are steps of a case. Its state is a struct mapping or begins with
 * one.
 */

struct mapping {
	const struct case_target *target;
	const struct case_axes *axes;
	const struct variant_set *variants;
	struct backend_session own;	/* for the BAR, of backends that have one for each */
	const struct backend_session *base;	/* that one, or the target's */
	const struct backend_session *session;	/* maps: the base, or one beside it */
	uint64_t size_bytes;
	bool iommu_ready;		/* its page tables have what so large a mapping takes */
	struct va_range window;		/* where the memory is */
	struct va_range spare;		/* a page of the BAR ... */
	uint64_t spare_iova;		/* ... and where mapping_fill_free_lists() maps it */
	uint64_t iova, at, chunk_bytes;	/* the first ioctl's */
};

/*
 * Reserve address space as the axes of the case have it, with nothing mapped there yet, and prepare
 * the ioctls. Returns 0 or -errno; after 0 mapping_release() gives it back, but does not free
 * @mapping itself.
 */
int mapping_init(struct mapping *mapping, const struct case_context *context);
void mapping_release(struct mapping *mapping);

/* Map the BAR's start into the window. Returns 0 or -errno. */
int mapping_mmap_bar(struct mapping *mapping);

/*
 * DMA-map the window and unmap it again, untimed. Faults every page in if the variant walks the
 * page tables. Returns 0 or -errno.
 */
int mapping_try(struct mapping *mapping);

/* The ops: all of the window. */
int mapping_map(void *mapping);
int mapping_unmap(void *mapping);

/*
 * Map and unmap a page elsewhere, a few times. Selecting a variant, and much else, takes from the
 * kernel's lists of free memory what a mapping needs as well, and now and then the mapping would be
 * the one to refill or to shorten them, at twice its own cost or more.
 */
int mapping_fill_free_lists(void *mapping);

/* "map" and "unmap". */
#define MAPPING_OPS	2
extern const struct case_op mapping_ops[MAPPING_OPS];

/*
 * mapping_init() for the BAR: it is mapped, and the page tables of the process as well as the
 * IOMMU's are populated. Returns 0 or -errno.
 */
int mapping_bar_init(struct mapping *mapping, const struct case_context *context);

/*
 * A case that does both with the BAR, warm or cold as its axes say, by any backend: all but its name and
 * axes.
 */
int mapping_bar_setup(const struct case_context *context, void **mapping);
int mapping_bar_prepare(void *mapping);
void mapping_cleanup(void *mapping);

#define MAPPING_BAR_STEPS					\
	.sized = true,						\
	.setup = mapping_bar_setup,				\
	.prepare = mapping_bar_prepare,				\
	.ops = mapping_ops,					\
	.ops_count = MAPPING_OPS,				\
	.cleanup = mapping_cleanup

#endif
