// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Memory that is not a VFIO device's. How its pfns are looked up is none of the variants' business:
 * between them, and between kernels with and without them, nothing may change.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cases/mapping.h"
#include "cases/registry.h"
#include "lib/procfile.h"
#include "lib/size.h"

#define MEMINFO			"/proc/meminfo"
#define RAM_SPARE_BYTES		(64 * SZ_1M)	/* that the machine itself goes on with */

/* Each time a page is pinned it counts as used, until after the third it is as used as can be. */
#define SETTLE_TURNS		4

/* Fills the window. Returns 0, CASE_SKIPPED after case_skip(), or -errno. */
typedef int (*control_fill)(const struct case_context *context, struct mapping *mapping);

/* Asking for more would not fail but end the program, or another one. */
static int ram_check(const struct case_context *context)
{
	char size[SIZE_TEXT_BYTES];
	uint64_t free_bytes;
	int ret;

	ret = procfile_field(MEMINFO, "MemAvailable", &free_bytes);
	if (ret)
		return ret;
	if (free_bytes < context->size_bytes + RAM_SPARE_BYTES)
		return case_skip(context, "only %" PRIu64 "M of memory are free for %s",
				 free_bytes / SZ_1M, size_format(context->size_bytes, size));
	return 0;
}

static int ram_fill(const struct case_context *context, struct mapping *mapping)
{
	int ret;

	ret = ram_check(context);
	return ret ? ret : va_range_map_ram(&mapping->window);
}

static int scattered_fill(const struct case_context *context, struct mapping *mapping)
{
	int ret;

	ret = ram_check(context);
	return ret ? ret : va_range_map_scattered(&mapping->window);
}

static int thp_fill(const struct case_context *context, struct mapping *mapping)
{
	int ret;

	ret = ram_check(context);
	if (!ret)
		ret = va_range_map_thp(&mapping->window);
	if (ret == -EINVAL || ret == -ENOMEM)
		return case_skip(context, "the kernel gave no transparent huge pages: see "
				 "/sys/kernel/mm/transparent_hugepage/enabled");
	return ret;
}

static int hugetlb_fill(const struct case_context *context, struct mapping *mapping)
{
	int ret;

	ret = va_range_map_hugetlb(&mapping->window, SZ_2M);
	if (ret == -ENOMEM)
		return case_skip(context, "needs %" PRIu64 " free huge pages of 2M; reserve them "
				 "in /proc/sys/vm/nr_hugepages", context->size_bytes / SZ_2M);
	if (ret)
		return case_skip(context, "this kernel has no huge pages of 2M: %s",
				 strerror(-ret));
	return 0;
}

static int sysfs_fill(const struct case_context *context, struct mapping *mapping)
{
	const struct case_target *target = context->target;
	char least[SIZE_TEXT_BYTES], bytes[SIZE_TEXT_BYTES];

	if (target->pfnmap_bytes < context->size_bytes)
		return case_skip(context, "the BAR of --pfnmap has %s, not %s",
				 size_format(target->pfnmap_bytes, bytes),
				 size_format(context->size_bytes, least));
	return va_range_map(&mapping->window, 0, target->pfnmap_fd, 0, context->size_bytes);
}

static int control_populate(const struct case_context *context, struct mapping *mapping,
			    control_fill fill)
{
	unsigned int turn;
	int ret;

	ret = fill(context, mapping);
	for (turn = 0; turn < SETTLE_TURNS && !ret; turn++)
		ret = mapping_try(mapping);
	if (ret == -ENOMEM)
		return case_skip(context, "so much memory may not be pinned; see ulimit -l");
	return ret;
}

static int control_setup(const struct case_context *context, void **data, control_fill fill)
{
	struct mapping *mapping;
	int ret;

	mapping = calloc(1, sizeof(*mapping));
	if (!mapping)
		return -ENOMEM;
	ret = mapping_init(mapping, context);
	if (ret)
		goto free_mapping;
	ret = control_populate(context, mapping, fill);
	if (ret)
		goto release_mapping;
	*data = mapping;
	return 0;

release_mapping:
	mapping_release(mapping);
free_mapping:
	free(mapping);
	return ret;
}

static int ram_setup(const struct case_context *context, void **data)
{
	return control_setup(context, data, ram_fill);
}

static int scattered_setup(const struct case_context *context, void **data)
{
	return control_setup(context, data, scattered_fill);
}

static int thp_setup(const struct case_context *context, void **data)
{
	return control_setup(context, data, thp_fill);
}

static int hugetlb_setup(const struct case_context *context, void **data)
{
	return control_setup(context, data, hugetlb_fill);
}

static int sysfs_setup(const struct case_context *context, void **data)
{
	if (context->target->pfnmap_fd < 0)
		return case_skip(context, "no --pfnmap FILE was given");
	return control_setup(context, data, sysfs_fill);
}

#define CONTROL_CASE(suffix, text, least, pins, setup_function)		\
	{								\
		.name = "control/" suffix,				\
		.summary = text,					\
		.sized = true,						\
		.needs = BACKEND_PROCESS,				\
		.least_bytes = (least),					\
		.pins_memory = (pins),					\
		.axes = {						\
			.tables = CASE_TABLES_WARM,			\
			.iova_align_bytes = SZ_1G,			\
		},							\
		.setup = (setup_function),				\
		.ops = mapping_ops,					\
		.ops_count = MAPPING_OPS,				\
		.cleanup = mapping_cleanup,				\
	}

static const struct bench_case control_cases[] = {
	CONTROL_CASE("ram", "not a BAR: memory in 4K pages", 0, true, ram_setup),
	CONTROL_CASE("scattered", "not a BAR: memory in 4K pages, none beside the next", 0, true,
		     scattered_setup),
	CONTROL_CASE("thp", "not a BAR: memory in transparent huge pages", SZ_2M, true,
		     thp_setup),
	CONTROL_CASE("hugetlb", "not a BAR: memory in 2M pages", SZ_2M, true, hugetlb_setup),
	CONTROL_CASE("sysfs", "not VFIO's BAR: that of --pfnmap FILE, in 4K pages", 0, false,
		     sysfs_setup),
};

const struct case_family case_family_control = {
	control_cases, sizeof(control_cases) / sizeof(control_cases[0]),
};
