/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BARMAP_LIB_IOMMUFD_H
#define BARMAP_LIB_IOMMUFD_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/error.h"
#include "lib/iova.h"
#include "lib/vfio.h"

/*
 * iommufd: the kernel's other interface to the IOMMU, with a device's own file in place of its
 * group. It maps no BAR by an address of the process; the device gives out its BAR as a dma-buf, and
 * that file is mapped, from an offset on. When the device's memory goes off the kernel takes such
 * mappings away, for good: the user has to unmap them and to map again.
 */

struct iommufd {
	int fd;
	uint32_t ioas_id;	/* the address space that all of its devices share */
};

/* Whether the kernel has it, and devices have files of their own. */
bool iommufd_present(void);

/* Returns 0, or -errno with @error filled. */
int iommufd_open(struct iommufd *iommufd, struct error *error);
void iommufd_close(struct iommufd *iommufd);

/* What IOVAs there are; its page sizes iommufd does not tell: 0. Returns 0 or -errno. */
int iommufd_info(const struct iommufd *iommufd, struct iommu_info *info);

/*
 * Open the PCI device at @address by its own file, enable its memory space, and let it do DMA in the
 * address space. Its group must not be open. vfio_device_close() closes it. Returns 0, or -errno
 * with @error filled.
 */
int iommufd_device_open(const struct iommufd *iommufd, struct vfio_device *device,
			const char *address, struct error *error);

/* Whether the open @device can give out BARs as files. Returns 0 or -errno. */
int iommufd_export_probe(const struct vfio_device *device);

/* The first @bytes of BAR @bar as a dma-buf, for close(). Returns the file or -errno. */
int iommufd_export(const struct vfio_device *device, int bar, uint64_t bytes);

/* Map @bytes of the dma-buf @file from @offset on. Returns 0 or -errno. */
int iommufd_map_file(const struct iommufd *iommufd, int file, uint64_t iova, uint64_t offset,
		     uint64_t bytes);

/* Map memory of the process, which must not be a BAR. Returns 0 or -errno. */
int iommufd_map(const struct iommufd *iommufd, uint64_t iova, const void *address, uint64_t bytes);

/* Unmap either. Returns 0, -errno, or -EIO when another size was unmapped. */
int iommufd_unmap(const struct iommufd *iommufd, uint64_t iova, uint64_t bytes);

#endif
