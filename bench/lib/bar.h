/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BARMAP_LIB_BAR_H
#define BARMAP_LIB_BAR_H

#include <stdint.h>

#include "lib/error.h"
#include "lib/vfio.h"

#define BAR_ANY	(-1)

struct bar {
	int number;			/* 0 to 5 */
	uint64_t bytes;			/* size of the BAR; 0: the device has none there */
	uint64_t mmap_bytes;		/* what can be mapped in one piece from the BAR's start */
	uint64_t fd_offset_bytes;	/* where the BAR starts in the device's file */
};

/*
 * Ask the kernel about BAR @number. A BAR that cannot be mapped from its start on (no mmap at
 * all, a hole at its start for the MSI-X table, smaller than a page) has mmap_bytes 0.
 * Returns 0 or -errno.
 */
int bar_read(const struct vfio_device *device, int number, struct bar *bar);

/*
 * Find BAR @number, or with BAR_ANY the one with the most mmap_bytes.
 * Returns 0, or -errno with @error filled if it cannot be mapped.
 */
int bar_choose(const struct vfio_device *device, int number, struct bar *bar,
	       struct error *error);

#endif
