// SPDX-License-Identifier: GPL-2.0-or-later
/* The estimate of a dry run: right to a factor of three where the reference run was measured. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "cases/registry.h"
#include "harness/estimate.h"
#include "lib/size.h"

static const struct variant_set variants = {
	.names = { "follow_pfn", "leaf", "vma_to_pfn", "vma_to_pfn_page",
		   "vma_to_pfn_checked_page", "base_pfn", "base_pfn_page" },
	.count = 7,
};

static void plan_make(struct plan *plan, const char *patterns, unsigned int iterations)
{
	const struct plan_request request = { .cases = patterns, .iterations = iterations };
	const struct bench_case *cases[PLAN_CASES_MAX];
	size_t count = cases_list(cases, PLAN_CASES_MAX);
	struct error error;

	assert_int_equal(plan_init(plan, &request, cases, count, &variants, SZ_4K, &error), 0);
}

/* As results/reference has it: 4 GiB by follow_pfn 1,048,847,366 and 166,772,424 instructions. */
static void operations_cost_what_was_measured(void **state)
{
	static const struct case_op map = { .name = "map" }, unmap = { .name = "unmap" };
	double map_insn = estimate_op_insn(&map, "follow_pfn", SZ_4G, SZ_4K);
	double unmap_insn = estimate_op_insn(&unmap, "follow_pfn", SZ_4G, SZ_4K);

	(void)state;
	assert_true(map_insn > 0.8 * 1048847366 && map_insn < 1.2 * 1048847366);
	assert_true(unmap_insn > 0.8 * 166772424 && unmap_insn < 1.2 * 166772424);
	assert_true(estimate_op_insn(&map, "vma_to_pfn", SZ_4G, SZ_4K) < 10000);
	assert_true(estimate_op_insn(&map, "vma_to_pfn_page", SZ_4G, SZ_4K) == map_insn);
	/* what nobody knows may be slow */
	assert_true(estimate_op_insn(&map, "new", SZ_4G, SZ_4K) == map_insn);
}

/* The cases bar/aligned and bar/4K-off of the reference run took 110 s, most of all of it. */
static void counted_run_takes_what_it_took(void **state)
{
	struct plan plan;
	double seconds;

	(void)state;
	plan_make(&plan, "bar/aligned/*,bar/4K-off/*", 2);
	seconds = estimate_plan_s(&plan, &variants, CLOCK_MODE_ICOUNT, SZ_4K);
	assert_true(seconds > 110 / 3.0 && seconds < 110 * 3.0);
}

/* Small operations take their minimum and no more than its limit, however many variants. */
static void timed_run_takes_its_minimum(void **state)
{
	struct plan plan;
	double least_s, seconds;

	(void)state;
	plan_make(&plan, "threads/1", 20);
	plan.cases[0].sizes = SZ_4K;
	plan.protocol = (struct protocol){
		.shuffled = true, .warmup = 1, .min_time_ns = 1000000,
		.repeats_max = PROTOCOL_REPEATS_MAX,
	};
	/* two operations of 1 ms each */
	least_s = 21 * 7 * 2 * 0.001;
	seconds = estimate_plan_s(&plan, &variants, CLOCK_MODE_METAL, SZ_4K);
	assert_true(seconds > least_s && seconds < least_s * PROTOCOL_WALL_FACTOR);
	plan.iterations *= 10;
	assert_true(estimate_plan_s(&plan, &variants, CLOCK_MODE_METAL, SZ_4K) > 8 * seconds);
}

/* 256 GiB in one go at an aligned address took 20 s, page tables included, and not half an hour. */
static void quick_lookups_are_quick(void **state)
{
	struct variant_set set = variants;
	struct plan plan;
	double seconds, off_s;
	size_t i;

	(void)state;
	plan_make(&plan, "bar/aligned/warm", 2);
	plan.cases[0].sizes = 64 * SZ_4G;
	plan.variants_count = 1;
	for (i = 0; i < set.count; i++)
		if (!strcmp(set.names[i], "vma_to_pfn"))
			plan.variants[0] = i;
	seconds = estimate_plan_s(&plan, &set, CLOCK_MODE_ICOUNT, SZ_4K);
	assert_true(seconds > 20 / 3.0 && seconds < 20 * 3.0);
	plan_make(&plan, "bar/4K-off/warm", 2);
	plan.cases[0].sizes = 64 * SZ_4G;
	off_s = estimate_plan_s(&plan, &set, CLOCK_MODE_ICOUNT, SZ_4K);
	assert_true(off_s > 10 * seconds);
}

/* Cases that do not have the floor take no time for it. */
static void floor_costs_its_cases_only(void **state)
{
	struct variant_set set = variants;
	struct plan plan;
	double seconds;

	(void)state;
	plan_make(&plan, "touch/4K", 2);
	seconds = estimate_plan_s(&plan, &set, CLOCK_MODE_ICOUNT, SZ_4K);
	assert_int_equal(variant_set_add(&set, LOOKUP_FLOOR), 0);
	plan.variants[plan.variants_count++] = set.count - 1;
	plan.lacks[plan.variants_count - 1] = backend_find(LOOKUP_FLOOR)->lacks;
	assert_true(estimate_plan_s(&plan, &set, CLOCK_MODE_ICOUNT, SZ_4K) == seconds);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(quick_lookups_are_quick),
		cmocka_unit_test(floor_costs_its_cases_only),
		cmocka_unit_test(operations_cost_what_was_measured),
		cmocka_unit_test(counted_run_takes_what_it_took),
		cmocka_unit_test(timed_run_takes_its_minimum),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
