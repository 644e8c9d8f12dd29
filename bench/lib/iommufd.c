// SPDX-License-Identifier: GPL-2.0-or-later
#include "lib/iommufd.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/pci_regs.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "lib/iommufd_uapi.h"

#define IOMMUFD_PATH	"/dev/iommu"
#define CDEV_FOLDER	"/dev/vfio/devices"
#define MAP_FLAGS	(IOMMU_IOAS_MAP_FIXED_IOVA | IOMMU_IOAS_MAP_READABLE | \
			 IOMMU_IOAS_MAP_WRITEABLE)

bool iommufd_present(void)
{
	return !access(IOMMUFD_PATH, F_OK) && !access(CDEV_FOLDER, F_OK);
}

int iommufd_open(struct iommufd *iommufd, struct error *error)
{
	struct iommu_ioas_alloc alloc = { .size = sizeof(alloc) };
	int ret;

	iommufd->fd = open(IOMMUFD_PATH, O_RDWR | O_CLOEXEC);
	if (iommufd->fd < 0)
		return error_set(error, OUTCOME_CANNOT, errno, "'%s': %s%s", IOMMUFD_PATH,
				 strerror(errno), errno == ENOENT ?
				 "; the kernel needs CONFIG_IOMMUFD" : "");
	if (!ioctl(iommufd->fd, IOMMU_IOAS_ALLOC, &alloc)) {
		iommufd->ioas_id = alloc.out_ioas_id;
		return 0;
	}
	ret = error_set(error, OUTCOME_CANNOT, errno, "'%s': gives no address space: %s",
			IOMMUFD_PATH, strerror(errno));
	close(iommufd->fd);
	return ret;
}

void iommufd_close(struct iommufd *iommufd)
{
	close(iommufd->fd);
	iommufd->fd = -1;
}

int iommufd_info(const struct iommufd *iommufd, struct iommu_info *info)
{
	struct iommu_iova_range ranges[IOVA_RANGES_MAX];
	struct iommu_ioas_iova_ranges request = {
		.size = sizeof(request),
		.ioas_id = iommufd->ioas_id,
		.num_iovas = IOVA_RANGES_MAX,
		.allowed_iovas = (uintptr_t)ranges,
	};

	memset(info, 0, sizeof(*info));
	if (ioctl(iommufd->fd, IOMMU_IOAS_IOVA_RANGES, &request))
		return -errno;
	for (; info->ranges_count < request.num_iovas; info->ranges_count++)
		info->ranges[info->ranges_count] = (struct iova_range) {
			.first = ranges[info->ranges_count].start,
			.last = ranges[info->ranges_count].last,
		};
	return 0;
}

/* The name of the device's file is that of the one folder in its folder vfio-dev. */
static int cdev_open(const char *address)
{
	char path[300];
	struct dirent *entry;
	int fd = -1;
	DIR *folder;

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%.32s/vfio-dev", address);
	folder = opendir(path);
	if (!folder)
		return -errno;
	errno = ENOENT;
	while (fd < 0 && (entry = readdir(folder))) {
		if (entry->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), CDEV_FOLDER "/%.200s", entry->d_name);
		fd = open(path, O_RDWR | O_CLOEXEC);
		break;
	}
	if (fd < 0)
		fd = -errno;
	closedir(folder);
	return fd;
}

static int cdev_attach(const struct iommufd *iommufd, const struct vfio_device *device,
		       struct error *error)
{
	struct vfio_device_attach_iommufd_pt attach = {
		.argsz = sizeof(attach), .pt_id = iommufd->ioas_id,
	};
	struct vfio_device_bind_iommufd bind = {
		.argsz = sizeof(bind), .iommufd = iommufd->fd,
	};

	if (ioctl(device->fd, VFIO_DEVICE_BIND_IOMMUFD, &bind))
		return error_set(error, OUTCOME_CANNOT, errno,
				 "device '%s': iommufd does not take it: %s", device->pci.address,
				 strerror(errno));
	if (ioctl(device->fd, VFIO_DEVICE_ATTACH_IOMMUFD_PT, &attach))
		return error_set(error, OUTCOME_CANNOT, errno,
				 "device '%s': not attached to an address space of iommufd: %s",
				 device->pci.address, strerror(errno));
	if (vfio_device_enable(device, PCI_COMMAND_MEMORY))
		return error_set(error, OUTCOME_CANNOT, EIO,
				 "device '%s': cannot enable its memory space",
				 device->pci.address);
	return 0;
}

int iommufd_device_open(const struct iommufd *iommufd, struct vfio_device *device,
			const char *address, struct error *error)
{
	int ret;

	ret = pci_device_read(&device->pci, address, error);
	if (!ret)
		ret = vfio_device_check_driver(&device->pci, error);
	if (ret)
		return ret;
	device->group_fd = -1;
	device->fd = cdev_open(address);
	if (device->fd < 0)
		return error_set(error, OUTCOME_CANNOT, -device->fd,
				 "device '%s': its file in " CDEV_FOLDER ": %s", address,
				 strerror(-device->fd));
	ret = cdev_attach(iommufd, device, error);
	if (ret)
		close(device->fd);
	return ret;
}

int iommufd_export_probe(const struct vfio_device *device)
{
	struct vfio_device_feature feature = {
		.argsz = sizeof(feature),
		.flags = VFIO_DEVICE_FEATURE_PROBE | VFIO_DEVICE_FEATURE_GET |
			 VFIO_DEVICE_FEATURE_DMA_BUF,
	};

	return ioctl(device->fd, VFIO_DEVICE_FEATURE, &feature) ? -errno : 0;
}

int iommufd_export(const struct vfio_device *device, int bar, uint64_t bytes)
{
	_Alignas(8) char buffer[sizeof(struct vfio_device_feature) +
				sizeof(struct vfio_device_feature_dma_buf) +
				sizeof(struct vfio_region_dma_range)] = { 0 };
	struct vfio_device_feature *feature = (void *)buffer;
	struct vfio_device_feature_dma_buf *dma_buf = (void *)feature->data;
	int file;

	feature->argsz = sizeof(buffer);
	feature->flags = VFIO_DEVICE_FEATURE_GET | VFIO_DEVICE_FEATURE_DMA_BUF;
	dma_buf->region_index = (uint32_t)bar;
	dma_buf->open_flags = O_RDWR | O_CLOEXEC;
	dma_buf->nr_ranges = 1;
	dma_buf->dma_ranges[0].length = bytes;
	file = ioctl(device->fd, VFIO_DEVICE_FEATURE, feature);
	return file < 0 ? -errno : file;
}

int iommufd_map_file(const struct iommufd *iommufd, int file, uint64_t iova, uint64_t offset,
		     uint64_t bytes)
{
	struct iommu_ioas_map_file map = {
		.size = sizeof(map),
		.flags = MAP_FLAGS,
		.ioas_id = iommufd->ioas_id,
		.fd = file,
		.start = offset,
		.length = bytes,
		.iova = iova,
	};

	return ioctl(iommufd->fd, IOMMU_IOAS_MAP_FILE, &map) ? -errno : 0;
}

int iommufd_map(const struct iommufd *iommufd, uint64_t iova, const void *address, uint64_t bytes)
{
	struct iommu_ioas_map map = {
		.size = sizeof(map),
		.flags = MAP_FLAGS,
		.ioas_id = iommufd->ioas_id,
		.user_va = (uintptr_t)address,
		.length = bytes,
		.iova = iova,
	};

	return ioctl(iommufd->fd, IOMMU_IOAS_MAP, &map) ? -errno : 0;
}

int iommufd_unmap(const struct iommufd *iommufd, uint64_t iova, uint64_t bytes)
{
	struct iommu_ioas_unmap unmap = {
		.size = sizeof(unmap),
		.ioas_id = iommufd->ioas_id,
		.iova = iova,
		.length = bytes,
	};

	if (ioctl(iommufd->fd, IOMMU_IOAS_UNMAP, &unmap))
		return -errno;
	return unmap.length == bytes ? 0 : -EIO;
}
