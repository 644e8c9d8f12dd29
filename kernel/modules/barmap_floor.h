/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
#ifndef BARMAP_FLOOR_H
#define BARMAP_FLOOR_H

/*
 * The interface of /dev/barmap_floor, which maps a BAR in the IOMMU with no lookup at all: what is
 * left of the cost of a mapping when finding the BAR's pfns costs nothing.
 *
 * An open file is attached to one BAR, once. From then on, and only for the thread that attached
 * it, it takes VFIO_IOMMU_MAP_DMA and VFIO_IOMMU_UNMAP_DMA with type1's own structures, where vaddr
 * is an offset into the BAR. Both work on the domain that type1 uses for the device. No two files
 * that are attached have the same domain.
 *
 * What a file has mapped is one range. MAP adds to its end (EINVAL elsewhere), and UNMAP takes from
 * its start (EINVAL for anything else): as much as was asked, and the rest of the last IOPTE.
 * Closing the file unmaps what is left. The floor and type1 do not know of each other's mappings,
 * since to look would cost more than to map: the caller keeps them apart.
 *
 * Each call needs CAP_SYS_RAWIO.
 */

#include <linux/ioctl.h>
#include <linux/types.h>

#define BARMAP_FLOOR_NAME	"barmap_floor"

/*
 * device_fd is the open VFIO device (of a group in a type1 container) at the PCI address. It is
 * kept open while the file is, so that the device stays in its container and the domain stays.
 * Fails with EBUSY if the file is attached already, or another to the same domain; EBADF or EINVAL
 * if device_fd is not that device; ENODEV if there is no such device, or no such BAR that can be
 * mapped; EOPNOTSUPP if its domain is not one that can be mapped into. Before it, the other two
 * fail with ENOTCONN.
 */
struct barmap_floor_attach {
	__s32 device_fd;
	__u32 segment;
	__u8 bus;
	__u8 devfn;
	__u8 bar;
	__u8 reserved;		/* 0 */
};

#define BARMAP_FLOOR_ATTACH	_IOW(0xba, 0x00, struct barmap_floor_attach)

#endif
