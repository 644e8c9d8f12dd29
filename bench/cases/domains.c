// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A second device in the container. If it gets a domain of its own, type1 maps there what is mapped
 * already, the replay, and from then on everything twice. Devices behind the same IOMMU share a
 * domain; only a kernel with the parameter separate_domains can be told not to let them.
 */
#include <errno.h>
#include <stdlib.h>

#include "cases/fleet.h"
#include "cases/registry.h"
#include "lib/size.h"

struct domains {
	struct mapping mapping;		/* first: its steps take it for the state */
	struct parameter *separate;
	struct vfio_device second;	/* only its group is open */
	bool mapped, joined;
};

static int domains_separate(const struct case_context *context)
{
	bool two = context->bench_case->axes.domains > 1;
	struct parameter *separate = context->target->separate_domains;

	if (two && !separate->present)
		return case_skip(context, "the kernel has no parameter separate_domains");
	return separate->present ? parameter_set(separate, two) : 0;
}

static int domains_open(struct domains *domains, const struct case_context *context)
{
	int ret;

	domains->separate = context->target->separate_domains;
	ret = fleet_device_open(context, 0, NULL, &domains->second);
	if (ret)
		return ret;
	ret = domains_separate(context);
	if (!ret)
		ret = mapping_bar_init(&domains->mapping, context);
	if (!ret)
		return 0;
	parameter_restore(domains->separate);
	vfio_group_close(&domains->second);
	return ret;
}

static int domains_setup(const struct case_context *context, void **data)
{
	struct domains *domains;
	int ret;

	domains = calloc(1, sizeof(*domains));
	if (!domains)
		return -ENOMEM;
	ret = domains_open(domains, context);
	if (ret)
		free(domains);
	else
		*data = domains;
	return ret;
}

static int domains_map(void *data)
{
	struct domains *domains = data;
	int ret;

	ret = mapping_map(&domains->mapping);
	domains->mapped = !ret;
	return ret;
}

static int domains_unmap(void *data)
{
	struct domains *domains = data;
	int ret;

	ret = mapping_unmap(&domains->mapping);
	domains->mapped = ret;
	return ret;
}

static int domains_join(void *data)
{
	struct domains *domains = data;
	int ret;

	ret = vfio_group_join(&domains->second, &domains->mapping.target->session->container);
	domains->joined = !ret;
	return ret;
}

/* Back to one device, with nothing mapped. */
static int domains_reset(struct domains *domains)
{
	int ret = 0;

	if (domains->mapped)
		ret = domains_unmap(domains);
	if (domains->joined && !ret) {
		ret = vfio_group_leave(&domains->second);
		domains->joined = ret;
	}
	return ret;
}

static int domains_prepare(void *data)
{
	int ret;

	ret = domains_reset(data);
	return ret ? ret : domains_map(data);
}

static void domains_cleanup(void *data)
{
	struct domains *domains = data;

	domains_reset(domains);
	parameter_restore(domains->separate);
	vfio_group_close(&domains->second);
	mapping_cleanup(data);
}

static const struct case_op join_ops[] = {
	{ .name = "join", .ready = mapping_fill_free_lists, .run = domains_join },
	{ .name = "unmap", .run = domains_unmap },
	{ .name = "map", .ready = mapping_fill_free_lists, .run = domains_map },
};

static const struct case_op replay_ops[] = {
	{ .name = "replay", .ready = mapping_fill_free_lists, .run = domains_join },
	{ .name = "unmap", .run = domains_unmap },
	{ .name = "map", .ready = mapping_fill_free_lists, .run = domains_map },
};

#define DOMAINS_CASE(suffix, number, text, op_table)			\
	{								\
		.name = "domains/" suffix,				\
		.summary = text,					\
		.sized = true,						\
		.needs = BACKEND_DEVICES | BACKEND_GROUPS,		\
		.axes = {						\
			.tables = CASE_TABLES_WARM,			\
			.iova_align_bytes = SZ_1G,			\
			.domains = (number),				\
		},							\
		.setup = domains_setup,					\
		.prepare = domains_prepare,				\
		.ops = (op_table),					\
		.ops_count = sizeof(op_table) / sizeof((op_table)[0]),	\
		.cleanup = domains_cleanup,				\
	}

static const struct bench_case domains_cases[] = {
	DOMAINS_CASE("one", 1, "a second device joins the domain the BAR is mapped in", join_ops),
	DOMAINS_CASE("two", 2, "a second device brings a second domain: replay, unmap, map",
		     replay_ops),
};

const struct case_family case_family_domains = {
	domains_cases, sizeof(domains_cases) / sizeof(domains_cases[0]),
};
