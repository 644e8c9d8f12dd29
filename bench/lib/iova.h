/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BARMAP_LIB_IOVA_H
#define BARMAP_LIB_IOVA_H

#include <stddef.h>
#include <stdint.h>

#include "lib/vfio.h"

#define IOVA_RANGES_MAX	32

/* Addresses a device may use, both ends included, ascending and disjoint. */
struct iova_range {
	uint64_t first, last;
};

struct iommu_info {
	uint64_t page_sizes;			/* one bit per size in bytes it can map, to 2^52 */
	struct iova_range ranges[IOVA_RANGES_MAX];
	size_t ranges_count;
};

/*
 * What type1 says about the container's IOMMU. A kernel that names no ranges gives one of 39 bits,
 * the least any IOMMU of interest has. Returns 0 or -errno.
 */
int iommu_info_read(const struct vfio_container *container, struct iommu_info *info);

/*
 * Choose where @bytes go: the lowest multiple of 1 GiB, from 4 GiB on, at which they lie within one
 * range; below 4 GiB only if there is no room above. The same ranges give the same answer.
 * Returns 0, or -ENOSPC.
 */
int iova_choose(const struct iommu_info *info, uint64_t bytes, uint64_t *iova);

#endif
