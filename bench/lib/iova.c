// SPDX-License-Identifier: GPL-2.0-or-later
#include "lib/iova.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#include "lib/size.h"

/* No physical address has more than 52 bits; some IOMMUs name every size up to 64. */
#define PAGE_SIZES_REAL	((UINT64_C(1) << 53) - 1)

static void ranges_copy(struct iommu_info *out,
			const struct vfio_iommu_type1_info_cap_iova_range *cap)
{
	uint32_t i;

	for (i = 0; i < cap->nr_iovas && i < IOVA_RANGES_MAX; i++)
		out->ranges[i] = (struct iova_range) {
			.first = cap->iova_ranges[i].start,
			.last = cap->iova_ranges[i].end,
		};
	out->ranges_count = i;
}

static void info_parse(const struct vfio_iommu_type1_info *info, struct iommu_info *out)
{
	const struct vfio_info_cap_header *header;
	uint32_t offset;

	out->page_sizes = info->flags & VFIO_IOMMU_INFO_PGSIZES ?
			  info->iova_pgsizes & PAGE_SIZES_REAL : 0;
	offset = info->flags & VFIO_IOMMU_INFO_CAPS ? info->cap_offset : 0;
	while (offset && offset + sizeof(*header) <= info->argsz) {
		header = (const void *)((const char *)info + offset);
		if (header->id == VFIO_IOMMU_TYPE1_INFO_CAP_IOVA_RANGE)
			ranges_copy(out, (const void *)header);
		offset = header->next;
	}
}

int iommu_info_read(const struct vfio_container *container, struct iommu_info *out)
{
	struct vfio_iommu_type1_info head = { .argsz = sizeof(head) }, *info;
	int ret;

	memset(out, 0, sizeof(*out));
	out->ranges[0].last = (UINT64_C(1) << 39) - 1;
	out->ranges_count = 1;
	if (ioctl(container->fd, VFIO_IOMMU_GET_INFO, &head))
		return -errno;
	info = calloc(1, head.argsz);
	if (!info)
		return -ENOMEM;
	info->argsz = head.argsz;
	ret = ioctl(container->fd, VFIO_IOMMU_GET_INFO, info) ? -errno : 0;
	if (!ret)
		info_parse(info, out);
	free(info);
	return ret;
}

static int choose_from(const struct iommu_info *info, uint64_t bytes, uint64_t floor,
		       uint64_t *iova)
{
	uint64_t first;
	size_t i;

	for (i = 0; i < info->ranges_count; i++) {
		first = info->ranges[i].first > floor ? info->ranges[i].first : floor;
		first = size_align_up(first, SZ_1G);
		if (first >= floor && first <= info->ranges[i].last &&
		    bytes - 1 <= info->ranges[i].last - first) {
			*iova = first;
			return 0;
		}
	}
	return -ENOSPC;
}

int iova_choose(const struct iommu_info *info, uint64_t bytes, uint64_t *iova)
{
	if (!choose_from(info, bytes, SZ_4G, iova))
		return 0;
	return choose_from(info, bytes, 0, iova);
}
