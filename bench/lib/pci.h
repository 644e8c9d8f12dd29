/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BARMAP_LIB_PCI_H
#define BARMAP_LIB_PCI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/error.h"

/* What sysfs says about PCI devices. Nothing here opens or changes a device. */

#define PCI_ADDRESS_BYTES	24
#define PCI_NAME_BYTES		64
#define PCI_BARS		6

struct pci_device {
	char address[PCI_ADDRESS_BYTES];	/* "0000:00:05.0" */
	char driver[PCI_NAME_BYTES];		/* empty: no driver */
	char iommu[PCI_NAME_BYTES];		/* its IOMMU ("dmar0", "virtio0"); empty: none */
	int group;				/* IOMMU group; -1: none */
	uint16_t vendor;
	uint16_t device;
	uint64_t bar_bytes[PCI_BARS];		/* 0: not there */
	uint64_t bar_physical[PCI_BARS];	/* where it starts, for the CPU */
};

/*
 * Bring an address into the form sysfs uses: "[DDDD:]BB:DD.F", hexadecimal, any case.
 * Returns 0, or -EINVAL if @text is no PCI address.
 */
int pci_address_parse(const char *text, char address[PCI_ADDRESS_BYTES]);

/*
 * Look the device at @text up. Returns 0; -EINVAL for a malformed address and -ENODEV if no such
 * device exists, both with @error filled.
 */
int pci_device_read(struct pci_device *device, const char *text, struct error *error);

/* Whether a VFIO driver (vfio-pci or a vendor's variant of it) has the device. */
bool pci_device_has_vfio_driver(const struct pci_device *device);

/*
 * What kind of IOMMU the device is behind, from its name in sysfs: "intel", "amd", "virtio",
 * "smmu", or "unknown".
 */
const char *pci_device_iommu_model(const struct pci_device *device);

/*
 * List the devices other than @device in its IOMMU group that a VFIO driver does not have, as
 * "ADDRESS (DRIVER), ...", in @text. Returns how many there are, or -errno.
 */
int pci_group_list_foreign(const struct pci_device *device, char *text, size_t bytes);

/*
 * Open the file of a BAR in sysfs (/sys/bus/pci/devices/ADDRESS/resourceN) for mmap. The caller
 * closes *@fd. Returns 0, or -errno with @error filled, also if @path is another kind of file.
 */
int pci_resource_open(const char *path, int *fd, uint64_t *bytes, struct error *error);

#endif
