/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BARMAP_LIB_BACKEND_H
#define BARMAP_LIB_BACKEND_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/bar.h"
#include "lib/error.h"
#include "lib/iommufd.h"
#include "lib/iova.h"
#include "lib/variant.h"
#include "lib/vfio.h"

/*
 * backend: the ways to map a BAR for DMA, one row each. Which one a variant stands for, its name
 * tells: all that the kernel's parameter offers are type1's. A way is added by a row in backend.c, the
 * file with what the row does, and a row in lookup.c for the variant.
 */

/* What some of them lack; the rest maps a BAR, or a part of it, in one piece or in several. */
#define BACKEND_PROCESS	1u	/* maps what the process has at an address: any memory, page faults */
#define BACKEND_DEVICES	2u	/* several devices, threads and containers; decode turned off and on */
#define BACKEND_ADDRESS	4u	/* the BAR at any address of the process, if only to ignore it */
#define BACKEND_GROUPS	8u	/* groups of devices join a container and leave it */
#define BACKEND_EXPORT	16u	/* a BAR becomes a file */

struct backend_session;

/**
 * struct backend - one row
 * @variant: the name of the variant that it is; NULL: those of the kernel's parameter
 * @lacks: BACKEND_ bits
 * @by_offset: takes offsets into the BAR where others take addresses of the process
 * @revoked: its mappings are gone for good once decode was off: to be unmapped, and mapped again
 * @within: works on the open device of another backend, beside that; NULL: opens devices itself
 * @present: whether there is one for the device at @address, or if that is NULL for any. Returns 0,
 *	or -errno with @error filled. Type1 is not asked
 * @open: get what takes the ioctls. Returns 0, or -errno with @error filled
 * @close: drop every mapping. Devices are closed first
 * @info: what IOVAs and page sizes there are, once a device is open. Returns 0 or -errno
 * @device_open: open the PCI device at @address, enable its memory, let it do DMA by the session's
 *	mappings. Returns 0, or -errno with @error filled. vfio_device_close() closes it
 * @bar_open: make @session one for the BAR @bar of an open device. Returns 0, or -errno with @error
 *	filled. NULL: it is one for all
 * @bar_close: undo that
 * @map_memory: as map(), but memory of the process that is no BAR
 * @map: map @bytes at @at to @iova for reading and writing by all devices of the session. Returns 0
 *	or -errno. This and @unmap are what is timed
 * @unmap: returns 0, -errno, or -EIO when another size was unmapped
 *
 * A row that works within another has no @open, @close, @info, @device_open, @map_memory.
 */
struct backend {
	const char *variant;
	unsigned int lacks;
	bool by_offset, revoked;
	const struct backend *within;
	int (*present)(const char *address, struct error *error);
	int (*open)(struct backend_session *session, struct error *error);
	void (*close)(struct backend_session *session);
	int (*info)(const struct backend_session *session, struct iommu_info *info);
	int (*device_open)(struct backend_session *session, struct vfio_device *device,
			   const char *address, struct error *error);
	int (*bar_open)(struct backend_session *session, const struct vfio_device *device,
			const struct bar *bar, struct error *error);
	void (*bar_close)(struct backend_session *session);
	int (*map)(const struct backend_session *session, uint64_t iova, uint64_t at,
		   uint64_t bytes);
	int (*unmap)(const struct backend_session *session, uint64_t iova, uint64_t bytes);
	int (*map_memory)(const struct backend_session *session, uint64_t iova, void *address,
			  uint64_t bytes);
};

#define BACKENDS_MAX	8

/* Type1 comes first; NULL is the end. */
extern const struct backend *const backends[];

/* What is open of a backend. */
struct backend_session {
	const struct backend *backend;
	struct vfio_container container;	/* takes type1's ioctls: type1's own, or the floor */
	struct iommufd iommufd;
	int file;				/* the BAR's dma-buf */
	struct backend_session *beside;		/* of one that works within this one; or NULL */
};

/* Why a backend is not among the variants: the error of its present(), whose text is empty if it is. */
struct backend_absence {
	struct error errors[BACKENDS_MAX];	/* as backends[] */
};

/*
 * Read the variants of the kernel's parameter, and add those of the other backends that are present
 * for the device at @address, or for any. Returns 0, or -errno with @error filled.
 */
int backend_variants_read(struct variant_set *set, const char *address,
			  struct backend_absence *absence, struct error *error);

/* The row of the variant @name. Never NULL. */
const struct backend *backend_find(const char *name);

/* The session of @backend: @session, or one beside it. */
const struct backend_session *backend_session_of(const struct backend_session *session,
						 const struct backend *backend);

/* What map() takes for memory that is at @address, and in the BAR at @offset. */
static inline uint64_t backend_at(const struct backend_session *session, const void *address,
				  uint64_t offset)
{
	return session->backend->by_offset ? offset : (uintptr_t)address;
}

#endif
