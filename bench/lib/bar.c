// SPDX-License-Identifier: GPL-2.0-or-later
#include "lib/bar.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "lib/size.h"

/* The capability @id in the chain of @info, or NULL. */
static const struct vfio_info_cap_header *region_capability(const struct vfio_region_info *info,
							    uint16_t id)
{
	const struct vfio_info_cap_header *header;
	uint32_t offset = info->cap_offset;

	if (!(info->flags & VFIO_REGION_INFO_FLAG_CAPS))
		return NULL;
	while (offset && offset + sizeof(*header) <= info->argsz) {
		header = (const void *)((const char *)info + offset);
		if (header->id == id)
			return header;
		offset = header->next;
	}
	return NULL;
}

/* The areas may come in any order and touch each other. */
static uint64_t sparse_bytes_from_start(const struct vfio_region_info_cap_sparse_mmap *sparse)
{
	uint64_t end = 0;
	uint32_t i = 0;

	while (i < sparse->nr_areas) {
		if (sparse->areas[i].size && sparse->areas[i].offset <= end &&
		    sparse->areas[i].offset + sparse->areas[i].size > end) {
			end = sparse->areas[i].offset + sparse->areas[i].size;
			i = 0;
		} else {
			i++;
		}
	}
	return end;
}

static uint64_t region_mmap_bytes(const struct vfio_region_info *info)
{
	uint64_t page_bytes = (uint64_t)sysconf(_SC_PAGESIZE), bytes = info->size;
	const struct vfio_info_cap_header *sparse;

	if (!(info->flags & VFIO_REGION_INFO_FLAG_MMAP))
		return 0;
	sparse = region_capability(info, VFIO_REGION_INFO_CAP_SPARSE_MMAP);
	if (sparse)
		bytes = sparse_bytes_from_start((const void *)sparse);
	return bytes & ~(page_bytes - 1);
}

/* Ask twice: the first answer says how much room the capabilities need. */
static int region_info_read(const struct vfio_device *device, uint32_t index,
			    struct vfio_region_info **info)
{
	struct vfio_region_info head = { .argsz = sizeof(head), .index = index };
	int ret;

	if (ioctl(device->fd, VFIO_DEVICE_GET_REGION_INFO, &head))
		return -errno;
	*info = calloc(1, head.argsz);
	if (!*info)
		return -ENOMEM;
	(*info)->argsz = head.argsz;
	(*info)->index = index;
	ret = ioctl(device->fd, VFIO_DEVICE_GET_REGION_INFO, *info) ? -errno : 0;
	if (ret)
		free(*info);
	return ret;
}

int bar_read(const struct vfio_device *device, int number, struct bar *bar)
{
	struct vfio_region_info *info = NULL;
	int ret;

	ret = region_info_read(device, VFIO_PCI_BAR0_REGION_INDEX + (uint32_t)number, &info);
	if (ret)
		return ret;
	*bar = (struct bar) {
		.number = number,
		.bytes = info->size,
		.mmap_bytes = region_mmap_bytes(info),
		.fd_offset_bytes = info->offset,
	};
	free(info);
	return 0;
}

static int bar_choose_largest(const struct vfio_device *device, struct bar *bar,
			      struct error *error)
{
	struct bar candidate;
	int number;

	memset(bar, 0, sizeof(*bar));
	for (number = 0; number < PCI_BARS; number++)
		if (!bar_read(device, number, &candidate) &&
		    candidate.mmap_bytes > bar->mmap_bytes)
			*bar = candidate;
	if (!bar->mmap_bytes)
		return error_set(error, OUTCOME_USE, ENODEV,
				 "device '%s': none of its BARs can be mmapped",
				 device->pci.address);
	return 0;
}

int bar_choose(const struct vfio_device *device, int number, struct bar *bar,
	       struct error *error)
{
	char size[SIZE_TEXT_BYTES];
	int ret;

	if (number == BAR_ANY)
		return bar_choose_largest(device, bar, error);
	ret = bar_read(device, number, bar);
	if (ret)
		return error_set(error, OUTCOME_BROKEN, -ret, "BAR '%d': region info: %s", number,
				 strerror(-ret));
	if (!bar->bytes)
		return error_set(error, OUTCOME_USE, ENODEV, "BAR '%d': device %s has none there",
				 number, device->pci.address);
	if (bar->bytes < (uint64_t)sysconf(_SC_PAGESIZE))
		return error_set(error, OUTCOME_USE, EINVAL,
				 "BAR '%d': %s bytes: smaller than a page, cannot be mapped",
				 number, size_format(bar->bytes, size));
	if (!bar->mmap_bytes)
		return error_set(error, OUTCOME_USE, EINVAL,
				 "BAR '%d': the kernel does not let it be mmapped from its start",
				 number);
	return 0;
}
