// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What a virtual machine monitor does while its guest finds out how large the BARs of a device are.
 * The firmware sizes them and enables decode: the BARs are mapped. The guest's kernel sizes them
 * again, with decode off meanwhile: they are unmapped, and mapped again after. Linux 6.12 turns
 * decode off and on for each BAR; since it sizes them in a batch, once for all.
 *
 * The steps are those of QEMU: what the guest writes goes to VFIO first, then the mappings follow.
 * When decode goes off the kernel takes the BARs out of the process' page tables, so that these are
 * empty each time the BARs are mapped.
 */
#include <errno.h>
#include <stdlib.h>

#include "cases/config.h"
#include "cases/fleet.h"
#include "cases/registry.h"
#include "lib/size.h"

struct churn_region {
	struct case_target target;	/* the mapping's own */
	struct mapping mapping;
};

struct churn {
	struct config config;
	struct churn_region regions[PCI_BARS];	/* first that of the BAR that is measured */
	size_t regions_count;
	bool mapped;
};

static int churn_each(struct churn *churn, int (*step)(void *mapping))
{
	int ret = 0;
	size_t i;

	for (i = 0; i < churn->regions_count && !ret; i++)
		ret = step(&churn->regions[i].mapping);
	return ret;
}

static int churn_disable(void *data)
{
	struct churn *churn = data;
	int ret;

	ret = config_decode(&churn->config, false);
	if (!ret)
		ret = churn_each(churn, mapping_unmap);
	churn->mapped = ret;
	return ret;
}

static int churn_size(void *data)
{
	const struct churn *churn = data;
	size_t at = 0;
	int ret = 0;

	while (at < CONFIG_REGISTERS && !ret)
		ret = config_size(&churn->config, at, &at);
	return ret;
}

static int churn_enable(void *data)
{
	struct churn *churn = data;
	int ret;

	ret = config_decode(&churn->config, true);
	if (!ret)
		ret = churn_each(churn, mapping_map);
	churn->mapped = !ret;
	return ret;
}

static int size_and_enable(struct churn *churn)
{
	int ret;

	ret = churn_size(churn);
	return ret ? ret : churn_enable(churn);
}

static int once_boot(void *data)
{
	int ret;

	ret = size_and_enable(data);
	if (!ret)
		ret = churn_disable(data);
	return ret ? ret : size_and_enable(data);
}

static int each_boot(void *data)
{
	struct churn *churn = data;
	size_t at = 0;
	int ret;

	ret = size_and_enable(churn);
	while (at < CONFIG_REGISTERS && !ret) {
		ret = churn_disable(churn);
		if (!ret)
			ret = config_size(&churn->config, at, &at);
		if (!ret)
			ret = churn_enable(churn);
	}
	return ret;
}

static int churn_off(void *data)
{
	const struct churn *churn = data;

	return config_decode(&churn->config, false);
}

/* Until DMA reaches the BARs again: decode, and what is left to the user. */
static int churn_back(void *data)
{
	struct churn *churn = data;
	int ret = config_decode(&churn->config, true);

	if (ret || !churn->regions[0].mapping.session->backend->revoked)
		return ret;
	ret = churn_each(churn, mapping_unmap);
	churn->mapped = ret;
	return ret ? ret : churn_enable(churn);
}

/* @bar as far as the size goes: the one that is measured has it, and no other has more. */
static int region_add(struct churn *churn, const struct case_context *context,
		      const struct bar *bar)
{
	struct churn_region *region = &churn->regions[churn->regions_count];
	struct case_context own = *context;
	int ret;

	ret = fleet_place(context, (unsigned int)churn->regions_count, &region->target);
	if (ret)
		return ret;
	region->target.bar = *bar;
	own.target = &region->target;
	if (bar->mmap_bytes < own.size_bytes)
		own.size_bytes = bar->mmap_bytes;
	ret = mapping_bar_init(&region->mapping, &own);
	if (!ret)
		churn->regions_count++;
	return ret;
}

static int regions_open(struct churn *churn, const struct case_context *context)
{
	const struct case_target *target = context->target;
	struct bar bar;
	int number, ret;

	ret = region_add(churn, context, &target->bar);
	for (number = 0; number < PCI_BARS && !ret; number++)
		if (number != target->bar.number && !bar_read(target->device, number, &bar) &&
		    bar.mmap_bytes)
			ret = region_add(churn, context, &bar);
	return ret;
}

static void churn_close(struct churn *churn)
{
	size_t i;

	for (i = 0; i < churn->regions_count; i++)
		mapping_release(&churn->regions[i].mapping);
	free(churn);
}

static int churn_setup(const struct case_context *context, void **data)
{
	struct churn *churn;
	int ret;

	churn = calloc(1, sizeof(*churn));
	if (!churn)
		return -ENOMEM;
	ret = config_open(&churn->config, context->target->device);
	if (!ret)
		ret = regions_open(churn, context);
	if (ret)
		churn_close(churn);
	else
		*data = churn;
	return ret;
}

/* As at power on: nothing decoded, nothing mapped. Decode is on until then. */
static int churn_prepare(void *data)
{
	struct churn *churn = data;
	int ret;

	ret = mapping_fill_free_lists(&churn->regions[0].mapping);
	if (ret)
		return ret;
	return churn->mapped ? churn_disable(churn) : config_decode(&churn->config, false);
}

static int keep_prepare(void *data)
{
	struct churn *churn = data;
	int ret;

	ret = mapping_fill_free_lists(&churn->regions[0].mapping);
	if (!ret && churn->mapped)
		ret = churn_disable(churn);
	return ret ? ret : churn_enable(churn);
}

static void churn_cleanup(void *data)
{
	struct churn *churn = data;

	if (churn->mapped)
		churn_disable(churn);
	config_restore(&churn->config);
	churn_close(churn);
}

#define CHURN_OPS(boot) {						\
		{ .name = "boot", .run = (boot) },			\
		{ .name = "disable", .run = churn_disable },		\
		{ .name = "size", .run = churn_size },			\
		{ .name = "enable", .run = churn_enable },		\
	}

static const struct case_op each_ops[] = CHURN_OPS(each_boot);
static const struct case_op once_ops[] = CHURN_OPS(once_boot);
static const struct case_op keep_ops[] = {
	{ .name = "off", .run = churn_off },
	{ .name = "back", .run = churn_back },
};

#define CHURN_CASE(suffix, text, offset, op_table, prepare_function)	\
	{								\
		.name = "churn/" suffix,				\
		.summary = text,					\
		.sized = true,						\
		.needs = BACKEND_DEVICES | ((offset) ? BACKEND_ADDRESS : 0), \
		.axes = {						\
			.va_offset_bytes = (offset),			\
			.tables = CASE_TABLES_COLD,			\
			.iova_align_bytes = SZ_1G,			\
		},							\
		.toggles_decode = true,					\
		.mappings = PCI_BARS,					\
		.setup = churn_setup,					\
		.prepare = (prepare_function),				\
		.ops = (op_table),					\
		.ops_count = sizeof(op_table) / sizeof((op_table)[0]),	\
		.cleanup = churn_cleanup,				\
	}

/* Where the monitor has the BAR: for a page table of huge leaves, of smaller ones, and of pages. */
#define CHURN_BOOT_CASES(suffix, text, op_table)			\
	CHURN_CASE(suffix, text, 0, op_table, churn_prepare),		\
	CHURN_CASE(suffix "/2M-off", text ", address 2M above a multiple of 1G", SZ_2M, op_table, \
		   churn_prepare),					\
	CHURN_CASE(suffix "/4K-off", text ", address 4K above a multiple of 1G", SZ_4K, op_table, \
		   churn_prepare)

static const struct bench_case churn_cases[] = {
	CHURN_BOOT_CASES("each", "a guest boots that turns decode off to size each BAR", each_ops),
	CHURN_BOOT_CASES("once", "a guest boots that turns decode off to size all BARs", once_ops),
	CHURN_CASE("keep", "decode goes off and on, and the BARs are to stay mapped", 0, keep_ops,
		   keep_prepare),
};

const struct case_family case_family_churn = {
	churn_cases, sizeof(churn_cases) / sizeof(churn_cases[0]),
};
