// SPDX-License-Identifier: GPL-2.0-or-later
#include "cases/mapping.h"

#include <errno.h>
#include <stdlib.h>

#include "lib/size.h"

#define REFILL_TURNS	8	/* with one, 1 mapping in 100 still paid */

int mapping_mmap_bar(struct mapping *mapping)
{
	return va_range_map(&mapping->window, 0, mapping->target->device->fd,
			  mapping->target->bar.fd_offset_bytes, mapping->size_bytes);
}

int mapping_map(void *data)
{
	const struct mapping *mapping = data;
	const struct backend_session *session = mapping->session;
	uint64_t done;
	int ret = 0;

	for (done = 0; done < mapping->size_bytes && !ret; done += mapping->chunk_bytes)
		ret = session->backend->map(session, mapping->iova + done, mapping->at + done,
					    mapping->chunk_bytes);
	return ret;
}

int mapping_unmap(void *data)
{
	const struct mapping *mapping = data;
	const struct backend_session *session = mapping->session;
	uint64_t done;
	int ret = 0;

	for (done = 0; done < mapping->size_bytes && !ret; done += mapping->chunk_bytes)
		ret = session->backend->unmap(session, mapping->iova + done, mapping->chunk_bytes);
	return ret;
}

int mapping_fill_free_lists(void *data)
{
	const struct mapping *mapping = data;
	const struct backend_session *session = mapping->base;
	uint64_t at = backend_at(session, mapping->spare.base, 0);
	unsigned int turn;
	int ret = 0;

	for (turn = 0; turn < REFILL_TURNS && !ret; turn++) {
		ret = session->backend->map(session, mapping->spare_iova, at, SZ_4K);
		if (!ret)
			ret = session->backend->unmap(session, mapping->spare_iova, SZ_4K);
	}
	return ret;
}

const struct case_op mapping_ops[MAPPING_OPS] = {
	{ .name = "map", .ready = mapping_fill_free_lists, .run = mapping_map },
	{ .name = "unmap", .run = mapping_unmap },
};

int mapping_try(struct mapping *mapping)
{
	int ret;

	ret = mapping_map(mapping);
	return ret ? ret : mapping_unmap(mapping);
}

static void mapping_set_session(struct mapping *mapping, const struct backend_session *session)
{
	mapping->session = session;
	mapping->at = backend_at(session, mapping->window.base, 0);
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
	mapping->size_bytes = context->size_bytes;
	mapping->spare_iova = context->target->iova + context->target->iova_bytes - SZ_4K;
	mapping->iova = iova;
	mapping->chunk_bytes = chunk;
	mapping_set_session(mapping, mapping->base);
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

/* Of those that work within the target's session the BAR is open already. */
static int mapping_open(struct mapping *mapping, const struct case_target *target)
{
	struct error error;

	mapping->base = target->session;
	if (!target->session->backend->bar_open)
		return 0;
	mapping->own = *target->session;
	mapping->base = &mapping->own;
	return target->session->backend->bar_open(&mapping->own, target->device, &target->bar,
						  &error);
}

static void mapping_close(struct mapping *mapping)
{
	if (mapping->base == &mapping->own)
		mapping->own.backend->bar_close(&mapping->own);
}

static int mapping_reserve(struct mapping *mapping, const struct case_context *context)
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

int mapping_init(struct mapping *mapping, const struct case_context *context)
{
	int ret;

	ret = mapping_open(mapping, context->target);
	if (ret)
		return ret;
	ret = mapping_reserve(mapping, context);
	if (ret)
		mapping_close(mapping);
	return ret;
}

void mapping_release(struct mapping *mapping)
{
	mapping_close(mapping);
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

int mapping_bar_prepare(void *data)
{
	struct mapping *mapping = data;
	const char *variant = mapping->variants->names[mapping->variants->current];
	int ret;

	mapping_set_session(mapping, backend_session_of(mapping->base, backend_find(variant)));
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
