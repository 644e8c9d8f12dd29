// SPDX-License-Identifier: GPL-2.0-or-later
/* DMA-map a BAR's first bytes through the process' own mapping of them, and unmap them again. */
#include <errno.h>
#include <stdlib.h>
#include <sys/ioctl.h>

#include "cases/registry.h"
#include "lib/size.h"
#include "lib/window.h"

#define BAR_REFILL_TURNS	8	/* with one, 1 mapping in 100 still paid */

struct bar_state {
	const struct case_target *target;
	bool cold;
	uint64_t size_bytes;
	uint64_t iova;
	uint64_t unmapped_bytes;
	struct window window;
	struct window spare;		/* a page of the BAR ... */
	uint64_t spare_iova;		/* ... and where bar_refill() maps it */

	/* The first ioctl's argument; those of later chunks follow from it. */
	struct vfio_iommu_type1_dma_map map;
	struct vfio_iommu_type1_dma_unmap unmap;
};

static int bar_mmap(struct bar_state *state)
{
	return window_map(&state->window, 0, state->target->device->fd,
			  state->target->bar.fd_offset_bytes, state->size_bytes);
}

static int bar_map(void *data)
{
	struct bar_state *state = data;
	struct vfio_iommu_type1_dma_map map = state->map;
	uint64_t done;

	for (done = 0; done < state->size_bytes; done += map.size) {
		if (ioctl(state->target->container->fd, VFIO_IOMMU_MAP_DMA, &map))
			return -errno;
		map.vaddr += map.size;
		map.iova += map.size;
	}
	return 0;
}

static int bar_unmap(void *data)
{
	struct bar_state *state = data;
	struct vfio_iommu_type1_dma_unmap unmap = state->unmap;
	uint64_t done;

	state->unmapped_bytes = 0;
	for (done = 0; done < state->size_bytes; done += state->unmap.size) {
		if (ioctl(state->target->container->fd, VFIO_IOMMU_UNMAP_DMA, &unmap))
			return -errno;
		/* the kernel says here how much it unmapped */
		state->unmapped_bytes += unmap.size;
		unmap.size = state->unmap.size;
		unmap.iova += unmap.size;
	}
	return 0;
}

static int bar_unmap_check(void *data)
{
	struct bar_state *state = data;

	return state->unmapped_bytes == state->size_bytes ? 0 : -EIO;
}

static void state_init(struct bar_state *state, const struct case_context *context)
{
	const struct case_axes *axes = &context->bench_case->axes;
	uint64_t chunk = context->size_bytes;

	if (axes->chunk_bytes && axes->chunk_bytes < chunk)
		chunk = axes->chunk_bytes;
	state->target = context->target;
	state->cold = axes->tables == CASE_TABLES_COLD;
	state->size_bytes = context->size_bytes;
	state->iova = context->target->iova;
	/* 1G above a multiple of 1G says nothing about smaller page sizes: it is one again */
	if (axes->iova_align_bytes < SZ_1G)
		state->iova += axes->iova_align_bytes;
	state->spare_iova = context->target->iova + context->target->iova_bytes - SZ_4K;
	state->map = (struct vfio_iommu_type1_dma_map) {
		.argsz = sizeof(state->map),
		.flags = VFIO_DMA_MAP_FLAG_READ | VFIO_DMA_MAP_FLAG_WRITE,
		.vaddr = (uintptr_t)state->window.base,
		.iova = state->iova,
		.size = chunk,
	};
	state->unmap = (struct vfio_iommu_type1_dma_unmap) {
		.argsz = sizeof(state->unmap),
		.iova = state->iova,
		.size = chunk,
	};
}

/* The walk faults every page in on its way. */
static int bar_populate(struct bar_state *state)
{
	int ret;

	ret = bar_mmap(state);
	if (!ret)
		ret = bar_map(state);
	if (!ret)
		ret = bar_unmap(state);
	return ret ? ret : bar_unmap_check(state);
}

static int bar_spare_map(struct bar_state *state)
{
	int ret;

	ret = window_reserve(&state->spare, SZ_4K, SZ_4K, 0);
	if (ret)
		return ret;
	ret = window_map(&state->spare, 0, state->target->device->fd,
			 state->target->bar.fd_offset_bytes, SZ_4K);
	if (ret)
		window_release(&state->spare);
	return ret;
}

static int bar_setup(const struct case_context *context, void **data)
{
	struct bar_state *state;
	int ret;

	state = calloc(1, sizeof(*state));
	if (!state)
		return -ENOMEM;
	ret = window_reserve(&state->window, context->size_bytes, SZ_1G,
			     context->bench_case->axes.va_offset_bytes);
	if (ret)
		goto free_state;
	state_init(state, context);
	ret = bar_spare_map(state);
	if (ret)
		goto release_window;
	if (!state->cold)
		ret = bar_populate(state);
	if (ret)
		goto release_spare;
	*data = state;
	return 0;

release_spare:
	window_release(&state->spare);
release_window:
	window_release(&state->window);
free_state:
	free(state);
	return ret;
}

/*
 * Map and unmap a page elsewhere, a few times. Selecting a variant, and much else, takes from the
 * kernel's lists of free memory what a mapping needs as well, and now and then the mapping would be
 * the one to refill or to shorten them, at twice its own cost or more.
 */
static int bar_refill(void *data)
{
	const struct bar_state *state = data;
	unsigned int turn;
	int ret = 0;

	for (turn = 0; turn < BAR_REFILL_TURNS && !ret; turn++) {
		ret = vfio_dma_map(state->target->container, state->spare_iova, state->spare.base,
				   state->spare.bytes);
		if (!ret)
			ret = vfio_dma_unmap(state->target->container, state->spare_iova,
					     state->spare.bytes);
	}
	return ret;
}

static int bar_prepare(void *data)
{
	struct bar_state *state = data;
	int ret;

	if (!state->cold)
		return 0;
	ret = window_clear(&state->window);
	return ret ? ret : bar_mmap(state);
}

static void bar_cleanup(void *data)
{
	struct bar_state *state = data;

	window_release(&state->spare);
	window_release(&state->window);
	free(state);
}

static const struct case_op bar_ops[] = {
	{ .name = "map", .ready = bar_refill, .run = bar_map },
	{ .name = "unmap", .run = bar_unmap, .check = bar_unmap_check },
};

#define BAR_CASE(suffix, text, offset, table_state, iova_align, chunk)	\
	{								\
		.name = "bar/" suffix,					\
		.summary = text,					\
		.sized = true,						\
		.axes = {						\
			.va_offset_bytes = (offset),			\
			.tables = (table_state),			\
			.iova_align_bytes = (iova_align),		\
			.chunk_bytes = (chunk),				\
		},							\
		.setup = bar_setup,					\
		.prepare = bar_prepare,					\
		.ops = bar_ops,						\
		.ops_count = sizeof(bar_ops) / sizeof(bar_ops[0]),	\
		.cleanup = bar_cleanup,					\
	}

static const struct bench_case bar_cases[] = {
	BAR_CASE("aligned/warm", "address a multiple of 1G, page tables populated",
		 0, CASE_TABLES_WARM, SZ_1G, 0),
	BAR_CASE("aligned/cold", "address a multiple of 1G, page tables empty",
		 0, CASE_TABLES_COLD, SZ_1G, 0),
	BAR_CASE("4K-off/warm", "address 4K above a multiple of 1G, page tables populated",
		 SZ_4K, CASE_TABLES_WARM, SZ_1G, 0),
	BAR_CASE("4K-off/cold", "address 4K above a multiple of 1G, page tables empty",
		 SZ_4K, CASE_TABLES_COLD, SZ_1G, 0),
};

const struct case_family case_family_bar = {
	bar_cases, sizeof(bar_cases) / sizeof(bar_cases[0]),
};
