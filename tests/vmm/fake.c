// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A VFIO of no kernel, for tests of barmap-vmm-trace: preloaded behind its library, it answers what the
 * library passes on. Any descriptor is a container and an iommufd. A device has BAR 0 of 16K, BAR 2
 * of 4G and configuration space; memory of it is the machine's.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/vfio.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "uapi.h"

#define REGION_SHIFT	40
#define REGIONS		9

static const uint64_t region_bytes[REGIONS] = {
	[0] = 16384, [2] = UINT64_C(1) << 32, [VFIO_PCI_CONFIG_REGION_INDEX] = 4096,
};

static bool is_device[1024];

int ioctl(int fd, unsigned long request, ...);
void *mmap(void *address, size_t bytes, int prot, int flags, int fd, off_t offset);
ssize_t pwrite(int fd, const void *value, size_t bytes, off_t offset);

static int device_open(void)
{
	int fd = (int)syscall(SYS_openat, AT_FDCWD, "/dev/null", O_RDWR);

	if (fd >= 0)
		is_device[fd] = true;
	return fd;
}

static int region_info(struct vfio_region_info *info)
{
	if (info->index >= REGIONS) {
		errno = EINVAL;
		return -1;
	}
	info->size = region_bytes[info->index];
	info->offset = (uint64_t)info->index << REGION_SHIFT;
	return 0;
}

/* The IOVA is the kernel's choice. */
static int ioas_map_file(struct uapi_ioas_map_file *map)
{
	map->iova = UINT64_C(1) << 33;
	return 0;
}

static int map_dma(const struct vfio_iommu_type1_dma_map *map)
{
	if (map->size)
		return 0;
	errno = EINVAL;
	return -1;
}

static int vfio_ioctl(unsigned long request, void *argument)
{
	switch (request) {
	case VFIO_GROUP_GET_DEVICE_FD:
		return device_open();
	case VFIO_DEVICE_GET_INFO:
		((struct vfio_device_info *)argument)->flags = VFIO_DEVICE_FLAGS_PCI;
		return 0;
	case VFIO_DEVICE_GET_REGION_INFO:
		return region_info(argument);
	case VFIO_IOMMU_MAP_DMA:	/* and VFIO_DEVICE_PCI_HOT_RESET */
		return map_dma(argument);
	case VFIO_DEVICE_FEATURE:
		return (int)syscall(SYS_openat, AT_FDCWD, "/dev/null", O_RDWR);
	case UAPI_IOAS_MAP_FILE:
		return ioas_map_file(argument);
	}
	return 0;
}

int ioctl(int fd, unsigned long request, ...)
{
	va_list arguments;
	void *argument;

	va_start(arguments, request);
	argument = va_arg(arguments, void *);
	va_end(arguments);
	if (_IOC_TYPE(request) == VFIO_TYPE)
		return vfio_ioctl(request, argument);
	return (int)syscall(SYS_ioctl, fd, request, argument);
}

void *mmap(void *address, size_t bytes, int prot, int flags, int fd, off_t offset)
{
	if (fd >= 0 && fd < 1024 && is_device[fd]) {
		flags |= MAP_ANONYMOUS | MAP_NORESERVE;
		fd = -1;
		offset = 0;
	}
	return (void *)syscall(SYS_mmap, address, bytes, prot, flags, fd, offset);
}

ssize_t pwrite(int fd, const void *value, size_t bytes, off_t offset)
{
	if (fd >= 0 && fd < 1024 && is_device[fd])
		return (ssize_t)bytes;
	return syscall(SYS_pwrite64, fd, value, bytes, offset);
}
