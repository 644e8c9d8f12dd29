/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BARMAP_LIB_VFIO_H
#define BARMAP_LIB_VFIO_H

#include <stdbool.h>
#include <stdint.h>
#include <linux/vfio.h>

#include "lib/error.h"
#include "lib/pci.h"

/* The VFIO group/container interface with a type1 (v2) IOMMU. */

struct vfio_container {
	int fd;
	bool has_iommu;		/* set with the first group; type1 cannot be set before */
};

struct vfio_device {
	struct pci_device pci;
	int group_fd;
	int fd;
};

/* Returns 0, or -errno with @error filled (no VFIO here, no permission, no type1). */
int vfio_container_open(struct vfio_container *container, struct error *error);

/* Drops every mapping. Close the devices first. */
void vfio_container_close(struct vfio_container *container);

/*
 * Open the PCI device at @address, put its group into @container and enable its memory space.
 * @container must outlive the device. Returns 0, or -errno with @error filled.
 */
int vfio_device_open(struct vfio_device *device, struct vfio_container *container,
		     const char *address, struct error *error);

void vfio_device_close(struct vfio_device *device);

/* Whether a VFIO driver has the device; if not -EINVAL, with @error saying how to bind it. */
int vfio_device_check_driver(const struct pci_device *pci, struct error *error);

/*
 * Open only the group of the PCI device at @address; @device->fd is -1. Returns 0, or -errno with
 * @error filled.
 */
int vfio_group_open(struct vfio_device *device, const char *address, struct error *error);
void vfio_group_close(struct vfio_device *device);

/*
 * Put the group into @container, which has its IOMMU already, and take it out again when none of
 * its devices is open. What is mapped in the container is then mapped for the group, too.
 * Returns 0 or -errno.
 */
int vfio_group_join(const struct vfio_device *device, const struct vfio_container *container);
int vfio_group_leave(const struct vfio_device *device);

/* Where configuration space starts in the device's file. Returns 0 or -errno. */
int vfio_config_find(const struct vfio_device *device, uint64_t *fd_offset_bytes);

/* Set @bits in the PCI command register. Returns 0 or -errno. */
int vfio_device_enable(const struct vfio_device *device, uint16_t bits);

/*
 * Map @bytes at @vaddr to @iova for reading and writing by all devices of the container; all
 * three are multiples of the page size. Returns 0 or -errno.
 */
int vfio_dma_map(const struct vfio_container *container, uint64_t iova, void *vaddr,
		 uint64_t bytes);

/*
 * Unmap [@iova, @iova + @bytes). Returns 0; -errno of the ioctl; -EIO if the kernel unmapped
 * another size than was asked for.
 */
int vfio_dma_unmap(const struct vfio_container *container, uint64_t iova, uint64_t bytes);

#endif
