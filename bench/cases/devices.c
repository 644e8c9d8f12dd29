// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The BARs of several devices in one container, as when a virtual machine has several: one ioctl
 * for each, and the cost is that of all.
 */
#include <errno.h>
#include <stdlib.h>

#include "cases/fleet.h"
#include "cases/registry.h"
#include "lib/size.h"

static int devices_setup(const struct case_context *context, void **data)
{
	struct fleet *fleet;
	int ret;

	fleet = malloc(sizeof(*fleet));
	if (!fleet)
		return -ENOMEM;
	ret = fleet_open(fleet, context);
	if (ret)
		free(fleet);
	else
		*data = fleet;
	return ret;
}

static int devices_fill_free_lists(void *data)
{
	struct fleet *fleet = data;

	return mapping_fill_free_lists(&fleet->members[0].mapping);
}

static int devices_each(struct fleet *fleet, int (*step)(void *mapping))
{
	int ret = 0;
	size_t i;

	for (i = 0; i < fleet->count && !ret; i++)
		ret = step(&fleet->members[i].mapping);
	return ret;
}

static int devices_map(void *data)
{
	return devices_each(data, mapping_map);
}

static int devices_unmap(void *data)
{
	return devices_each(data, mapping_unmap);
}

static void devices_cleanup(void *data)
{
	fleet_close(data);
	free(data);
}

static const struct case_op devices_ops[] = {
	{ .name = "map", .ready = devices_fill_free_lists, .run = devices_map },
	{ .name = "unmap", .run = devices_unmap },
};

#define DEVICES_CASE(number, text)					\
	{								\
		.name = "devices/" #number,				\
		.summary = text,					\
		.sized = true,						\
		.needs = BACKEND_DEVICES,				\
		.axes = {						\
			.tables = CASE_TABLES_WARM,			\
			.iova_align_bytes = SZ_1G,			\
			.devices = (number),				\
		},							\
		.mappings = (number),					\
		.setup = devices_setup,					\
		.ops = devices_ops,					\
		.ops_count = sizeof(devices_ops) / sizeof(devices_ops[0]), \
		.cleanup = devices_cleanup,				\
	}

static const struct bench_case devices_cases[] = {
	DEVICES_CASE(1, "the BAR of a device, to compare with"),
	DEVICES_CASE(2, "the BARs of 2 devices in one container"),
	DEVICES_CASE(4, "the BARs of 4 devices in one container"),
	DEVICES_CASE(8, "the BARs of 8 devices in one container"),
};

const struct case_family case_family_devices = {
	devices_cases, sizeof(devices_cases) / sizeof(devices_cases[0]),
};
