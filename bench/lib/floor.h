/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BARMAP_LIB_FLOOR_H
#define BARMAP_LIB_FLOOR_H

#include "lib/error.h"
#include "lib/vfio.h"

/*
 * The kernel module barmap_floor (kernel/modules): maps a BAR in the IOMMU and looks nothing up,
 * so that what its two ioctls cost is the least that mapping can cost.
 *
 * They are type1's own, VFIO_IOMMU_MAP_DMA and VFIO_IOMMU_UNMAP_DMA, for another file and with an
 * offset into the BAR as the address. They work on the same domain, of which
 * type1 does not know: IOVAs that type1 has a mapping at are not for the floor. What it has mapped is
 * one range, which is unmapped from its start. Only the thread that opened it can use it.
 */

#define FLOOR_PATH	"/dev/barmap_floor"

/* Whether the module is there, for any device. Returns 0, or -errno with @error filled. */
int floor_present(const char *address, struct error *error);

/*
 * Open the floor of BAR @bar, 0 to 5, of an open @device, which then stays open, and in its
 * container, until vfio_container_close() of the floor. Returns 0, or -errno with @error filled.
 */
int floor_open(struct vfio_container *floor, const struct vfio_device *device, int bar,
	       struct error *error);

#endif
