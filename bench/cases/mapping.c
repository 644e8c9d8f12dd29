// SPDX-License-Identifier: GPL-2.0-or-later
#include "cases/mapping.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/ioctl.h>

#include "lib/size.h"

#define REFILL_TURNS	8	/* with one, 1 mapping in 100 still paid */

int mapping_mmap_bar(struct mapping *mapping)
{
	return va_range_map(&mapping->window, 0, mapping->target->device->fd,
			  mapping->target->bar.fd_offset_bytes, mapping->size_bytes);
}

int mapping_map(void *data)
{
	struct mapping *mapping = data;
	struct vfio_iommu_type1_dma_map map = mapping->map;
	uint64_t done;

	for (done = 0; done < mapping->size_bytes; done += map.size) {
		if (ioctl(mapping->fd, VFIO_IOMMU_MAP_DMA, &map))
			return -errno;
		map.vaddr += map.size;
		map.iova += map.size;
	}
	return 0;
}

int mapping_unmap(void *data)
{
	struct mapping *mapping = data;
	struct vfio_iommu_type1_dma_unmap unmap = mapping->unmap;
	uint64_t done;

	mapping->unmapped_bytes = 0;
	for (done = 0; done < mapping->size_bytes; done += mapping->unmap.size) {
		if (ioctl(mapping->fd, VFIO_IOMMU_UNMAP_DMA, &unmap))
			return -errno;
		/* the kernel says here how much it unmapped */
		mapping->unmapped_bytes += unmap.size;
		unmap.size = mapping->unmap.size;
		unmap.iova += unmap.size;
	}
	return 0;
}

int mapping_unmap_check(void *data)
{
	const struct mapping *mapping = data;

	return mapping->unmapped_bytes == mapping->size_bytes ? 0 : -EIO;
}

int mapping_fill_free_lists(void *data)
{
	const struct mapping *mapping = data;
	unsigned int turn;
	int ret = 0;

	for (turn = 0; turn < REFILL_TURNS && !ret; turn++) {
		ret = vfio_dma_map(mapping->target->container, mapping->spare_iova,
				   mapping->spare.base, mapping->spare.bytes);
		if (!ret)
			ret = vfio_dma_unmap(mapping->target->container, mapping->spare_iova,
					     mapping->spare.bytes);
	}
	return ret;
}

const struct case_op mapping_ops[MAPPING_OPS] = {
	{ .name = "map", .ready = mapping_fill_free_lists, .run = mapping_map },
	{ .name = "unmap", .run = mapping_unmap, .check = mapping_unmap_check },
};

int mapping_try(struct mapping *mapping)
{
	int ret;

	ret = mapping_map(mapping);
	if (!ret)
		ret = mapping_unmap(mapping);
	return ret ? ret : mapping_unmap_check(mapping);
}

static void mapping_fill(struct mapping *mapping, const struct case_context *context)
{
	const struct case_axes *axes = &context->bench_case->axes;
	uint64_t chunk = context->size_bytes, iova = context->target->iova;

	if (axes->chunk_bytes && axes->chunk_bytes < chunk)
		chunk = axes->chunk_bytes;
	/* 1G above a multiple of 1G says nothing about smaller page sizes: it is one again */
	if (axes->iova_align_bytes < SZ_1G)
		iova += axes->iova_align_bytes;
	mapping->target = context->target;
	mapping->axes = axes;
	mapping->variants = context->variants;
	mapping->fd = context->target->container->fd;
	mapping->size_bytes = context->size_bytes;
	mapping->spare_iova = context->target->iova + context->target->iova_bytes - SZ_4K;
	mapping->map = (struct vfio_iommu_type1_dma_map) {
		.argsz = sizeof(mapping->map),
		.flags = VFIO_DMA_MAP_FLAG_READ | VFIO_DMA_MAP_FLAG_WRITE,
		.vaddr = (uintptr_t)mapping->window.base,
		.iova = iova,
		.size = chunk,
	};
	mapping->unmap = (struct vfio_iommu_type1_dma_unmap) {
		.argsz = sizeof(mapping->unmap),
		.iova = iova,
		.size = chunk,
	};
}

static int mapping_mmap_spare(struct mapping *mapping)
{
	int ret;

	ret = va_range_reserve(&mapping->spare, SZ_4K, SZ_4K, 0);
	if (ret)
		return ret;
	ret = va_range_map(&mapping->spare, 0, mapping->target->device->fd,
			 mapping->target->bar.fd_offset_bytes, SZ_4K);
	if (ret)
		va_range_release(&mapping->spare);
	return ret;
}

int mapping_init(struct mapping *mapping, const struct case_context *context)
{
	int ret;

	ret = va_range_reserve(&mapping->window, context->size_bytes, SZ_1G,
			     context->bench_case->axes.va_offset_bytes);
	if (ret)
		return ret;
	mapping_fill(mapping, context);
	ret = mapping_mmap_spare(mapping);
	if (ret)
		va_range_release(&mapping->window);
	return ret;
}

void mapping_release(struct mapping *mapping)
{
	va_range_release(&mapping->spare);
	va_range_release(&mapping->window);
}

/* The walk of the page tables faults every page in on its way. */
static int bar_populate(struct mapping *mapping)
{
	int ret;

	ret = mapping_mmap_bar(mapping);
	return ret ? ret : mapping_try(mapping);
}

int mapping_bar_init(struct mapping *mapping, const struct case_context *context)
{
	int ret;

	ret = mapping_init(mapping, context);
	if (ret)
		return ret;
	ret = bar_populate(mapping);
	if (ret)
		mapping_release(mapping);
	return ret;
}

int mapping_bar_setup(const struct case_context *context, void **data)
{
	struct mapping *mapping;
	int ret;

	mapping = calloc(1, sizeof(*mapping));
	if (!mapping)
		return -ENOMEM;
	if (context->bench_case->axes.tables == CASE_TABLES_WARM)
		ret = mapping_bar_init(mapping, context);
	else
		ret = mapping_init(mapping, context);
	if (ret)
		free(mapping);
	else
		*data = mapping;
	return ret;
}

/* Whose ioctls map, and what they take for an address. */
static void mapping_set_way(struct mapping *mapping)
{
	bool floor = variant_is_floor(mapping->variants);

	mapping->fd = floor ? mapping->target->floor->fd : mapping->target->container->fd;
	mapping->map.vaddr = floor ? 0 : (uintptr_t)mapping->window.base;
}

int mapping_bar_prepare(void *data)
{
	struct mapping *mapping = data;
	int ret;

	mapping_set_way(mapping);
	if (mapping->axes->tables == CASE_TABLES_WARM)
		return 0;
	if (!mapping->iommu_ready) {
		/* with the variant whose turn it is, as a walk would take very long */
		ret = bar_populate(mapping);
		if (ret)
			return ret;
		mapping->iommu_ready = true;
	}
	ret = va_range_clear(&mapping->window);
	return ret ? ret : mapping_mmap_bar(mapping);
}

void mapping_cleanup(void *data)
{
	mapping_release(data);
	free(data);
}
