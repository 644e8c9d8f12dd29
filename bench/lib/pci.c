// SPDX-License-Identifier: GPL-2.0-or-later
#include "lib/pci.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "lib/file.h"

#define SYSFS_PCI_DEVICES	"/sys/bus/pci/devices"

int pci_address_parse(const char *text, char address[PCI_ADDRESS_BYTES])
{
	unsigned int domain = 0, bus, slot, function;
	int used = -1;

	if (strspn(text, "0123456789abcdefABCDEF:.") != strlen(text))
		return -EINVAL;
	if (sscanf(text, "%5x:%2x:%2x.%1x%n", &domain, &bus, &slot, &function, &used) != 4) {
		domain = 0;
		used = -1;
		if (sscanf(text, "%2x:%2x.%1x%n", &bus, &slot, &function, &used) != 3)
			return -EINVAL;
	}
	if (used < 0 || text[used] || slot > 0x1f || function > 7)
		return -EINVAL;
	snprintf(address, PCI_ADDRESS_BYTES, "%04x:%02x:%02x.%x", domain, bus, slot, function);
	return 0;
}

static int device_file_read(const char *address, const char *name, char *text, size_t bytes)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), SYSFS_PCI_DEVICES "/%s/%s", address, name);
	return file_read(path, text, bytes);
}

/* A missing link leaves an empty @name: no driver, no IOMMU. */
static void device_link_read(const char *address, const char *link, char *name, size_t bytes)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), SYSFS_PCI_DEVICES "/%s/%s", address, link);
	if (file_link_name(path, name, bytes))
		name[0] = '\0';
}

static int device_id_read(const char *address, const char *name, uint16_t *id)
{
	char text[16];
	int ret;

	ret = device_file_read(address, name, text, sizeof(text));
	if (ret)
		return ret;
	*id = (uint16_t)strtoul(text, NULL, 16);
	return 0;
}

/* The first lines of "resource" are the BARs: start, last address, flags. */
static void device_bars_read(struct pci_device *device)
{
	char text[4096], *line = text;
	uint64_t start, last;
	unsigned int bar;

	if (device_file_read(device->address, "resource", text, sizeof(text)))
		return;
	for (bar = 0; bar < PCI_BARS && line; bar++) {
		if (sscanf(line, "%" SCNx64 " %" SCNx64, &start, &last) == 2 && last > start) {
			device->bar_bytes[bar] = last - start + 1;
			device->bar_physical[bar] = start;
		}
		line = strchr(line, '\n');
		if (line)
			line++;
	}
}

/* A virtio IOMMU has the name of its PCI device; its parent, virtioN, says what it is. */
static void device_iommu_read(struct pci_device *device)
{
	char parent[PCI_NAME_BYTES];

	device_link_read(device->address, "iommu", device->iommu, sizeof(device->iommu));
	device_link_read(device->address, "iommu/device", parent, sizeof(parent));
	if (!strncmp(parent, "virtio", 6))
		strcpy(device->iommu, parent);
}

int pci_device_read(struct pci_device *device, const char *text, struct error *error)
{
	char group[PCI_NAME_BYTES];

	memset(device, 0, sizeof(*device));
	if (pci_address_parse(text, device->address))
		return error_set(error, OUTCOME_USE, EINVAL,
				 "device '%s': not a PCI address such as 0000:65:00.0", text);
	if (device_id_read(device->address, "vendor", &device->vendor) ||
	    device_id_read(device->address, "device", &device->device))
		return error_set(error, OUTCOME_USE, ENODEV,
				 "device '%s': no such PCI device; lspci -D lists them", text);
	device_link_read(device->address, "driver", device->driver, sizeof(device->driver));
	device_iommu_read(device);
	device_link_read(device->address, "iommu_group", group, sizeof(group));
	device->group = group[0] ? atoi(group) : -1;
	device_bars_read(device);
	return 0;
}

static bool driver_is_vfio(const char *driver)
{
	return strstr(driver, "vfio");
}

bool pci_device_has_vfio_driver(const struct pci_device *device)
{
	return driver_is_vfio(device->driver);
}

const char *pci_device_iommu_model(const struct pci_device *device)
{
	static const struct {
		const char *prefix, *model;
	} models[] = {
		{ "dmar", "intel" }, { "ivhd", "amd" }, { "virtio", "virtio" }, { "smmu", "smmu" },
	};
	size_t i;

	for (i = 0; i < sizeof(models) / sizeof(models[0]); i++)
		if (!strncmp(device->iommu, models[i].prefix, strlen(models[i].prefix)))
			return models[i].model;
	return "unknown";
}

/*
 * VFIO lets these share a group with an assigned device: bridges have no DMA of their own that a
 * user could direct, pci-stub does nothing.
 */
static bool driver_is_harmless(const char *driver)
{
	return !strcmp(driver, "pcieport") || !strcmp(driver, "pci-stub");
}

static size_t foreign_append(char *text, size_t bytes, size_t used, const char *address,
			      const char *driver)
{
	int written;

	written = snprintf(text + used, bytes - used, "%s%s (%s)", used ? ", " : "", address,
			   driver);
	return used + (size_t)written < bytes ? used + (size_t)written : bytes - 1;
}

int pci_group_list_foreign(const struct pci_device *device, char *text, size_t bytes)
{
	char path[PATH_MAX], driver[PCI_NAME_BYTES];
	const struct dirent *entry;
	size_t used = 0;
	int found = 0;
	DIR *dir;

	text[0] = '\0';
	snprintf(path, sizeof(path), "/sys/kernel/iommu_groups/%d/devices", device->group);
	dir = opendir(path);
	if (!dir)
		return -errno;
	while ((entry = readdir(dir))) {
		if (entry->d_name[0] == '.' || !strcmp(entry->d_name, device->address))
			continue;
		/* A device without a driver stands in nobody's way. */
		device_link_read(entry->d_name, "driver", driver, sizeof(driver));
		if (!driver[0] || driver_is_vfio(driver) || driver_is_harmless(driver))
			continue;
		used = foreign_append(text, bytes, used, entry->d_name, driver);
		found++;
	}
	closedir(dir);
	return found;
}

/* Whether an open file is a BAR's in sysfs, by its name and where it is. */
static bool file_is_resource(int fd, const char *path)
{
	const char *name = strrchr(path, '/');
	struct statfs filesystem;

	name = name ? name + 1 : path;
	return !strncmp(name, "resource", 8) && isdigit((unsigned char)name[8]) &&
	       !fstatfs(fd, &filesystem) && filesystem.f_type == SYSFS_MAGIC;
}

int pci_resource_open(const char *path, int *fd, uint64_t *bytes, struct error *error)
{
	struct stat status;

	*fd = open(path, O_RDWR | O_CLOEXEC);
	if (*fd < 0)
		return error_set(error, errno == EACCES || errno == EPERM ? OUTCOME_CANNOT :
				 OUTCOME_USE, errno, "pfnmap '%s': %s", path, strerror(errno));
	if (!file_is_resource(*fd, path) || fstat(*fd, &status)) {
		close(*fd);
		*fd = -1;
		return error_set(error, OUTCOME_USE, EINVAL, "pfnmap '%s': must be a BAR of a "
				 "device, " SYSFS_PCI_DEVICES "/ADDRESS/resourceN", path);
	}
	*bytes = (uint64_t)status.st_size;
	return 0;
}
