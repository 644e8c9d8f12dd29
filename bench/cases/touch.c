// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What mapping leaves for later: a walk of the page tables populates them on its way, a driver's op
 * does not, and then the first access by the CPU takes the faults. Measured together with the
 * memory that page tables take, before and after.
 *
 * The reads themselves are in the cost: on hardware each is a round trip to the device.
 */
#include <errno.h>
#include <stdlib.h>

#include "cases/mapping.h"
#include "cases/registry.h"
#include "lib/procfile.h"
#include "lib/size.h"

struct touch {
	struct mapping mapping;		/* first: its steps take it for the state */
	uint64_t stride_bytes;
	uint64_t vmpte_bytes;		/* before anything was mapped or touched */
};

static int vmpte_read(uint64_t *bytes)
{
	return procfile_field("/proc/self/status", "VmPTE", bytes);
}

static int touch_setup(const struct case_context *context, void **data)
{
	const struct case_axes *axes = &context->bench_case->axes;
	struct touch *touch;
	int ret;

	touch = calloc(1, sizeof(*touch));
	if (!touch)
		return -ENOMEM;
	ret = mapping_init(&touch->mapping, context);
	if (ret) {
		free(touch);
		return ret;
	}
	/* no leaf is left out, and of large ones a read every 2M shows that there are no more */
	touch->stride_bytes = axes->va_offset_bytes == SZ_4K ? SZ_4K : SZ_2M;
	*data = touch;
	return 0;
}

static int touch_prepare(void *data)
{
	struct touch *touch = data;
	int ret;

	ret = mapping_bar_prepare(data);
	return ret ? ret : vmpte_read(&touch->vmpte_bytes);
}

static int touch_run(void *data)
{
	const struct touch *touch = data;
	const volatile char *base = touch->mapping.window.base;
	uint64_t at;

	for (at = 0; at < touch->mapping.size_bytes; at += touch->stride_bytes)
		(void)*(const volatile uint32_t *)(base + at);
	return 0;
}

static int touch_vmpte(void *data, uint64_t *bytes)
{
	const struct touch *touch = data;
	int ret;

	ret = vmpte_read(bytes);
	*bytes -= touch->vmpte_bytes;
	return ret;
}

static const struct case_op touch_ops[] = {
	{ .name = "map", .ready = mapping_fill_free_lists, .run = mapping_map },
	{ .name = "vmpte-map", .read = touch_vmpte },
	{ .name = "touch", .run = touch_run },
	{ .name = "vmpte-touch", .read = touch_vmpte },
	{ .name = "unmap", .run = mapping_unmap },
};

/* So many reads at least that the harness weighs nothing against them. */
#define TOUCH_CASE(suffix, text, offset, least)				\
	{								\
		.name = "touch/" suffix,				\
		.summary = text,					\
		.sized = true,						\
		.needs = BACKEND_PROCESS,				\
		.least_bytes = (least),					\
		.axes = {						\
			.va_offset_bytes = (offset),			\
			.tables = CASE_TABLES_COLD,			\
			.iova_align_bytes = SZ_1G,			\
		},							\
		.setup = touch_setup,					\
		.prepare = touch_prepare,				\
		.ops = touch_ops,					\
		.ops_count = sizeof(touch_ops) / sizeof(touch_ops[0]),	\
		.cleanup = mapping_cleanup,				\
	}

static const struct bench_case touch_cases[] = {
	TOUCH_CASE("1G", "as bar/aligned/cold, then read every 2M", 0, SZ_1G),
	TOUCH_CASE("2M", "2M above a multiple of 1G, then read every 2M", SZ_2M, SZ_1G),
	TOUCH_CASE("4K", "as bar/4K-off/cold, then read every 4K", SZ_4K, SZ_1M),
};

const struct case_family case_family_touch = {
	touch_cases, sizeof(touch_cases) / sizeof(touch_cases[0]),
};
