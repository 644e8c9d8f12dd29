// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <string.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cases/registry.h"
#include "lib/glob.h"
#include "harness/plan.h"
#include "lib/iova.h"
#include "lib/pci.h"
#include "lib/size.h"

static const struct case_op ops[] = { { .name = "map" }, { .name = "unmap" } };
static const struct bench_case null_case = { .name = "null", .ops = ops, .ops_count = 1 };
static const struct bench_case warm_case = {
	.name = "bar/aligned/warm", .sized = true, .needs = BACKEND_PROCESS, .ops = ops,
	.ops_count = 2,
};
static const struct bench_case cold_case = {
	.name = "bar/aligned/cold", .sized = true, .ops = ops, .ops_count = 2,
};
static const struct bench_case *const cases[] = { &null_case, &warm_case, &cold_case };
static const struct variant_set variants = {
	.names = { "follow_pfn", "vma_to_pfn", "vma_to_pfn_page" }, .count = 3,
};

static const struct bench_case floored_case = {
	.name = "bar/floored", .sized = true, .ops = ops, .ops_count = 2,
};

static int plan_make(struct plan *plan, const struct plan_request *request, struct error *error)
{
	return plan_init(plan, request, cases, 3, &variants, SZ_4K, error);
}

static int plan_make_floored(struct plan *plan, const struct plan_request *request,
			     struct error *error)
{
	static const struct bench_case *const some[] = { &null_case, &warm_case, &floored_case };
	struct variant_set set = variants;

	assert_int_equal(variant_set_add(&set, LOOKUP_FLOOR), 0);
	return plan_init(plan, request, some, 3, &set, SZ_4K, error);
}

static void expect_sizes(const char *text, uint64_t expected)
{
	struct error error;
	uint64_t sizes;

	assert_int_equal(plan_sizes_parse(text, SZ_4K, &sizes, &error), 0);
	assert_int_equal(sizes, expected);
}

static void size_lists_and_ranges(void **state)
{
	(void)state;
	expect_sizes("4K", SZ_4K);
	expect_sizes("1G,4K,2M,4K", SZ_4K | SZ_2M | SZ_1G);
	expect_sizes("4K:64K", SZ_4K | 4 * SZ_4K | SZ_64K);
	expect_sizes("4K:64M:x16", SZ_4K | SZ_64K | SZ_1M | 16 * SZ_1M | 64 * SZ_1M);
	expect_sizes("4K:4K", SZ_4K);
	expect_sizes("4K:16K:x2,1G", SZ_4K | 2 * SZ_4K | 4 * SZ_4K | SZ_1G);
	expect_sizes("4611686018427387904:9223372036854775808:x4",
		     UINT64_C(1) << 62 | UINT64_C(1) << 63);
}

static void bad_sizes_are_refused(void **state)
{
	static const char *const texts[] = {
		"", "3K", "2K", "12K", "4K,", ",4K", "4K:", ":4K", "64K:4K", "4K:64K:4",
		"4K:64K:x3", "4K:64K:x1", "4K:64K:x0", "4K:64K:x2:x2", "0", "4Q", "-4K", "0:4K",
	};
	struct error error;
	uint64_t sizes;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		assert_int_equal(plan_sizes_parse(texts[i], SZ_4K, &sizes, &error), -EINVAL);
		assert_int_equal(error.outcome, OUTCOME_USE);
		assert_true(!strncmp(error.text, "size", 4));
	}
}

static void everything_is_the_default(void **state)
{
	const struct plan_request request = { 0 };
	struct error error;
	struct plan plan;

	(void)state;
	assert_int_equal(plan_make(&plan, &request, &error), 0);
	assert_string_equal(plan.profile, "default");
	assert_int_equal(plan.cases_count, 3);
	assert_int_equal(plan.variants_count, 3);
	assert_int_equal(plan.iterations, 0);
	assert_int_equal(plan_largest_size(&plan), 4 * SZ_4G);
	assert_int_equal(plan_cells_count(&plan), 1 + 12 + 11);
	plan.iterations = 2;
	assert_int_equal(plan_samples_count(&plan), 2 * (1 + 2 * 11 * 3 * 2 + 2 * 2));
}

static void large_sizes_are_for_few_variants(void **state)
{
	struct plan_request request = { .cases = "bar/aligned/*" };
	size_t turns[VARIANTS_MAX];
	struct error error;
	struct plan plan;

	(void)state;
	assert_int_equal(plan_make(&plan, &request, &error), 0);
	assert_int_equal(plan_variants(&plan, &warm_case, SZ_4G, turns), 3);
	assert_int_equal(plan_variants(&plan, &warm_case, 4 * SZ_4G, turns), 2);
	assert_int_equal(turns[1], 1);
	/* a variant that is not for them leaves none of them */
	request.variants = "vma_to_pfn_page";
	assert_int_equal(plan_make(&plan, &request, &error), 0);
	assert_int_equal(plan_largest_size(&plan), SZ_4G);
	/* sizes that the user names are for all */
	request = (struct plan_request){ .sizes = "16G" };
	assert_int_equal(plan_make(&plan, &request, &error), 0);
	assert_int_equal(plan_variants(&plan, &warm_case, 4 * SZ_4G, turns), 3);
}

static void all_profiles_are_good(void **state)
{
	struct plan_request request = { 0 };
	struct error error;
	struct plan plan;
	size_t i;

	(void)state;
	for (i = 0; i < plan_profiles_count; i++) {
		request.profile = plan_profiles[i].name;
		assert_int_equal(plan_make(&plan, &request, &error), 0);
		assert_int_equal(plan_sizes(&plan) & -plan_sizes(&plan), SZ_4K);
	}
}

static void sizes_come_in_ascending_order(void **state)
{
	const struct plan_request request = { .sizes = "1G,4K,9223372036854775808" };
	uint64_t size = UINT64_MAX;
	struct error error;
	struct plan plan;

	(void)state;
	assert_int_equal(plan_make(&plan, &request, &error), 0);
	assert_string_equal(plan.profile, "custom");
	assert_ptr_equal(plan.cases[1].bench_case, &warm_case);
	assert_true(plan_next_size(&plan.cases[1], &size));
	assert_int_equal(size, SZ_4K);
	assert_true(plan_next_size(&plan.cases[1], &size));
	assert_int_equal(size, SZ_1G);
	assert_true(plan_next_size(&plan.cases[1], &size));
	assert_int_equal(size, UINT64_C(1) << 63);
	assert_false(plan_next_size(&plan.cases[1], &size));
}

static void unsized_case_runs_once(void **state)
{
	const struct plan_request request = { 0 };
	uint64_t size = UINT64_MAX;
	struct error error;
	struct plan plan;

	(void)state;
	assert_int_equal(plan_make(&plan, &request, &error), 0);
	assert_ptr_equal(plan.cases[0].bench_case, &null_case);
	assert_true(plan_next_size(&plan.cases[0], &size));
	assert_int_equal(size, 0);
	assert_false(plan_next_size(&plan.cases[0], &size));
}

static void globs_choose_cases_and_variants(void **state)
{
	const struct plan_request request = { .cases = "*/cold", .variants = "f*,*_page" };
	struct error error;
	struct plan plan;

	(void)state;
	assert_int_equal(plan_make(&plan, &request, &error), 0);
	assert_int_equal(plan.cases_count, 1);
	assert_ptr_equal(plan.cases[0].bench_case, &cold_case);
	assert_int_equal(plan.variants_count, 2);
	assert_int_equal(plan.variants[0], 0);
	assert_int_equal(plan.variants[1], 2);
}

/* The line says what, the value and what is allowed. */
static void expect_refusal(const struct plan_request *request, const char *what,
			   const char *allowed)
{
	struct error error;
	struct plan plan;

	assert_true(plan_make(&plan, request, &error) < 0);
	assert_int_equal(error.outcome, OUTCOME_USE);
	assert_non_null(strstr(error.text, what));
	assert_non_null(strstr(error.text, allowed));
}

static void unknown_names_are_refused(void **state)
{
	const struct plan_request bad_case = { .cases = "bar/*,nul" };
	const struct plan_request bad_variant = { .variants = "stock" };
	const struct plan_request empty_variant = { .variants = "" };
	const struct plan_request bad_profile = { .profile = "fast" };
	const struct plan_request both = { .profile = "quick", .sizes = "4K" };

	(void)state;
	expect_refusal(&bad_case, "case 'nul'", "null, bar/aligned/warm, bar/aligned/cold");
	expect_refusal(&bad_variant, "variant 'stock'", "follow_pfn, vma_to_pfn, vma_to_pfn_page");
	expect_refusal(&empty_variant, "variant ''", "follow_pfn");
	expect_refusal(&bad_profile, "profile 'fast'", "quick, default, full");
	expect_refusal(&both, "sizes '4K'", "profile 'quick'");
}

static void profile_ends_at_the_bar(void **state)
{
	const struct plan_request request = { .profile = "default" };
	struct error error;
	struct plan plan;
	bool clipped;

	(void)state;
	assert_int_equal(plan_make(&plan, &request, &error), 0);
	assert_int_equal(plan_fit(&plan, 4 * SZ_4G, &clipped, &error), 0);
	assert_false(clipped);
	assert_int_equal(plan_fit(&plan, 40 * SZ_1M, &clipped, &error), 0);
	assert_true(clipped);
	assert_int_equal(plan_largest_size(&plan), 32 * SZ_1M);
	assert_int_equal(plan_cells_count(&plan), 1 + 2 * 8);
	assert_int_equal(plan_fit(&plan, SZ_4K, &clipped, &error), 0);
	assert_int_equal(plan_sizes(&plan), SZ_4K);
}

static void named_size_above_the_bar_is_refused(void **state)
{
	const struct plan_request request = { .sizes = "4K,1G" };
	struct error error;
	struct plan plan;
	bool clipped;

	(void)state;
	assert_int_equal(plan_make(&plan, &request, &error), 0);
	assert_int_equal(plan_fit(&plan, SZ_2M, &clipped, &error), -EINVAL);
	assert_non_null(strstr(error.text, "size '1G': at most 2M"));
}

static void glob_without_patterns_takes_all(void **state)
{
	static const char *const names[] = { "a", "b/c" };
	bool chosen[2] = { false, false };
	struct error error;

	(void)state;
	assert_int_equal(glob_choose("name", NULL, names, 2, chosen, &error), 0);
	assert_true(chosen[0] && chosen[1]);
	assert_int_equal(glob_choose("name", "b*", names, 2, chosen, &error), 0);
	assert_true(!chosen[0] && chosen[1]);
}

static void case_names_are_unique(void **state)
{
	const struct bench_case *all[PLAN_CASES_MAX];
	size_t count = cases_list(all, PLAN_CASES_MAX), i, j;

	(void)state;
	assert_in_range(count, 1, PLAN_CASES_MAX);
	for (i = 0; i < count; i++) {
		assert_true(all[i]->ops_count > 0);
		for (j = 0; j < i; j++)
			assert_string_not_equal(all[i]->name, all[j]->name);
	}
}

/* A case with bounds, and one that no profile has. */
static const struct bench_case large_case = {
	.name = "bar/2M-off/large", .sized = true, .least_bytes = SZ_2M, .most_bytes = SZ_1G,
	.ops = ops, .ops_count = 2,
};
static const struct bench_case rare_case = {
	.name = "rare", .sized = true, .ops = ops, .ops_count = 2,
};
static const struct bench_case *const bound_cases[] = { &warm_case, &large_case, &rare_case };

static int bound_plan_make(struct plan *plan, const struct plan_request *request,
			   struct error *error)
{
	return plan_init(plan, request, bound_cases, 3, &variants, SZ_4K, error);
}

static void bounds_of_a_case_hold(void **state)
{
	const struct plan_request request = { .sizes = "4K:4G:x4", .cases = "bar/*" };
	struct error error;
	struct plan plan;

	(void)state;
	assert_int_equal(bound_plan_make(&plan, &request, &error), 0);
	assert_int_equal(plan.cases_count, 2);
	assert_int_equal(plan.cases[0].sizes & -plan.cases[0].sizes, SZ_4K);
	assert_int_equal(plan.cases[1].sizes & -plan.cases[1].sizes, 2 * SZ_2M);
	assert_int_equal(size_floor_power_of_two(plan.cases[1].sizes), SZ_1G);
	assert_int_equal(plan_largest_size(&plan), SZ_4G);
	assert_int_equal(plan_cells_count(&plan), 11 + 5);
}

static void case_without_a_size_is_left_out(void **state)
{
	const struct plan_request request = { .sizes = "4K,64K" };
	const struct plan_request alone = { .sizes = "4K,64K", .cases = "bar/2M-off/large" };
	struct error error;
	struct plan plan;

	(void)state;
	assert_int_equal(bound_plan_make(&plan, &request, &error), 0);
	assert_int_equal(plan.cases_count, 2);
	assert_ptr_equal(plan.cases[1].bench_case, &rare_case);
	assert_int_equal(plan.left_out_count, 1);
	assert_ptr_equal(plan.left_out[0], &large_case);
	assert_int_equal(bound_plan_make(&plan, &alone, &error), -EINVAL);
	assert_int_equal(error.outcome, OUTCOME_USE);
	assert_string_equal(error.text, "sizes '4K,64K': case bar/2M-off/large takes 2M to 1G");
}

static void profile_does_not_have_every_case(void **state)
{
	const struct plan_request request = { .profile = "quick" };
	const struct plan_request alone = { .profile = "quick", .cases = "rare" };
	struct error error;
	struct plan plan;

	(void)state;
	assert_int_equal(bound_plan_make(&plan, &request, &error), 0);
	assert_int_equal(plan.cases_count, 2);
	assert_int_equal(plan.left_out_count, 1);
	assert_ptr_equal(plan.left_out[0], &rare_case);
	assert_int_equal(bound_plan_make(&plan, &alone, &error), -EINVAL);
	assert_int_equal(error.outcome, OUTCOME_USE);
	assert_non_null(strstr(error.text, "profile 'quick': does not have case rare"));
}

static void case_too_large_for_the_bar_is_left_out(void **state)
{
	const struct plan_request request = { 0 };
	struct error error;
	struct plan plan;
	bool clipped;

	(void)state;
	assert_int_equal(bound_plan_make(&plan, &request, &error), 0);
	assert_int_equal(plan.left_out_count, 1);
	assert_int_equal(plan_fit(&plan, SZ_1M, &clipped, &error), 0);
	assert_true(clipped);
	assert_int_equal(plan.cases_count, 1);
	assert_int_equal(plan.left_out_count, 2);
	assert_ptr_equal(plan.left_out[1], &large_case);
}

/* The table of profiles, against the cases that there are. */
static void profiles_fit_the_cases(void **state)
{
	const struct bench_case *all[PLAN_CASES_MAX];
	size_t count = cases_list(all, PLAN_CASES_MAX), profile, part, i, parts;
	const struct plan_part *row;

	(void)state;
	for (profile = 0; profile < plan_profiles_count; profile++) {
		for (i = 0; i < count; i++) {
			parts = 0;
			for (part = 0; part < PLAN_PARTS_MAX; part++) {
				row = &plan_profiles[profile].parts[part];
				parts += row->cases && glob_matches(row->cases, all[i]->name);
			}
			assert_in_range(parts, 0, 1);
			/* the last profile is the one that has them all */
			if (profile == plan_profiles_count - 1)
				assert_int_equal(parts, 1);
		}
	}
}

static void case_bounds_are_powers_of_two(void **state)
{
	const struct bench_case *all[PLAN_CASES_MAX];
	size_t count = cases_list(all, PLAN_CASES_MAX), i;

	(void)state;
	for (i = 0; i < count; i++) {
		assert_true(!all[i]->least_bytes || size_is_power_of_two(all[i]->least_bytes));
		assert_true(!all[i]->most_bytes || size_is_power_of_two(all[i]->most_bytes));
		assert_true(!all[i]->most_bytes || all[i]->least_bytes <= all[i]->most_bytes);
	}
}

static void lists_of_globs_match(void **state)
{
	(void)state;
	assert_true(glob_matches("null,bar/*", "bar/aligned/warm"));
	assert_true(glob_matches("null,bar/*", "null"));
	assert_false(glob_matches("null,bar/*", "nullx"));
	assert_false(glob_matches("null,bar/*", "iova/4K"));
	assert_false(glob_matches("", "null"));
}

static void iova_is_the_lowest_that_fits(void **state)
{
	struct iommu_info info = {
		.ranges = {
			{ 0, 0xfedfffff },
			{ 0xfef00000, SZ_4G + SZ_2M },
			{ SZ_4G + SZ_4K + 2 * SZ_1G, 64 * SZ_1G - 1 },
		},
		.ranges_count = 3,
	};
	uint64_t iova;

	(void)state;
	assert_int_equal(iova_choose(&info, SZ_2M, &iova), 0);
	assert_int_equal(iova, SZ_4G);
	assert_int_equal(iova_choose(&info, SZ_1G, &iova), 0);
	assert_int_equal(iova, 7 * SZ_1G);
	assert_int_equal(iova_choose(&info, 57 * SZ_1G, &iova), 0);
	assert_int_equal(iova, 7 * SZ_1G);
	assert_int_equal(iova_choose(&info, 57 * SZ_1G + 1, &iova), -ENOSPC);
	info.ranges_count = 1;
	assert_int_equal(iova_choose(&info, SZ_1G, &iova), 0);
	assert_int_equal(iova, 0);
}

static void pci_addresses_are_completed(void **state)
{
	char address[PCI_ADDRESS_BYTES];

	(void)state;
	assert_int_equal(pci_address_parse("00:05.0", address), 0);
	assert_string_equal(address, "0000:00:05.0");
	assert_int_equal(pci_address_parse("0000:65:1F.7", address), 0);
	assert_string_equal(address, "0000:65:1f.7");
	assert_int_equal(pci_address_parse("10000:01:00.0", address), 0);
	assert_string_equal(address, "10000:01:00.0");
}

static void bad_pci_addresses_are_refused(void **state)
{
	static const char *const texts[] = {
		"", "5", "00:05", "00:05.8", "00:20.0", "0000:00:05.0x", "0000:00:05.00", "gg:05.0",
		"0000:00:05.", "../0000:00:05.0", "0000:00:05.0/", " 00:05.0", "100:05.0",
		"1af4:1110",
	};
	char address[PCI_ADDRESS_BYTES];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		assert_int_equal(pci_address_parse(texts[i], address), -EINVAL);
}

static void floor_is_for_cases_that_have_it(void **state)
{
	struct plan_request request = { .sizes = "4K,2M", .iterations = 3 };
	size_t turns[VARIANTS_MAX];
	struct error error;
	struct plan plan;

	(void)state;
	assert_int_equal(plan_make_floored(&plan, &request, &error), 0);
	assert_int_equal(plan_variants(&plan, &null_case, 0, turns), 0);
	assert_int_equal(plan_variants(&plan, &warm_case, SZ_4K, turns), 3);
	assert_int_equal(plan_variants(&plan, &floored_case, SZ_4K, turns), 4);
	assert_int_equal(plan_samples_count(&plan), 3 * (1 + 2 * 2 * 3 + 2 * 2 * 4));
	request.variants = "vma*";
	assert_int_equal(plan_make_floored(&plan, &request, &error), 0);
	assert_int_equal(plan_variants(&plan, &floored_case, SZ_4K, turns), 2);
}

/* Each part has the variants of its backend, and what has no variant is of the first. */
static void parts_are_by_backend(void **state)
{
	struct plan_request request = { .sizes = "4K,2M", .iterations = 3 };
	static const struct bench_case *const some[] = { &null_case, &warm_case, &floored_case };
	struct variant_set set = variants;
	struct plan plan, part;
	struct error error;

	(void)state;
	assert_int_equal(variant_set_add(&set, LOOKUP_DMABUF), 0);
	assert_int_equal(variant_set_add(&set, LOOKUP_FLOOR), 0);
	assert_int_equal(plan_init(&plan, &request, some, 3, &set, SZ_4K, &error), 0);
	assert_true(plan_part_init(&part, &plan, &set, backends[0]));
	assert_int_equal(part.cases_count, 3);
	assert_int_equal(part.variants_count, 4);
	assert_int_equal(part.variants[3], 4);
	assert_true(plan_part_init(&part, &plan, &set, backend_find(LOOKUP_DMABUF)));
	assert_int_equal(part.cases_count, 1);
	assert_ptr_equal(part.cases[0].bench_case, &floored_case);
	assert_int_equal(part.variants_count, 1);
	assert_int_equal(part.variants[0], 3);
	assert_int_equal(part.lacks[0], backend_find(LOOKUP_DMABUF)->lacks);
	request.variants = "vma*,floor";
	assert_int_equal(plan_init(&plan, &request, some, 3, &set, SZ_4K, &error), 0);
	assert_false(plan_part_init(&part, &plan, &set, backend_find(LOOKUP_DMABUF)));
}

static void floor_alone_leaves_cases_out(void **state)
{
	struct plan_request request = { .sizes = "4K", .variants = "floor" };
	struct error error;
	struct plan plan;

	(void)state;
	assert_int_equal(plan_make_floored(&plan, &request, &error), 0);
	assert_int_equal(plan.cases_count, 2);
	assert_ptr_equal(plan.cases[1].bench_case, &floored_case);
	assert_int_equal(plan.left_out_count, 1);
	request.cases = "bar/aligned/*";
	assert_int_equal(plan_make_floored(&plan, &request, &error), -EINVAL);
	assert_int_equal(error.outcome, OUTCOME_USE);
	assert_non_null(strstr(error.text, "'floor': case bar/aligned/warm does not have it"));
}

static void shards_share_the_cases(void **state)
{
	const struct plan_request request = { .sizes = "4K" };
	const struct plan_shard first = { 1, 2 }, second = { 2, 2 }, fourth = { 4, 4 };
	struct error error;
	struct plan plan;

	(void)state;
	assert_int_equal(plan_make(&plan, &request, &error), 0);
	assert_int_equal(plan_shard(&plan, &first, &error), 0);
	assert_int_equal(plan.cases_count, 2);
	assert_string_equal(plan.cases[0].bench_case->name, "null");
	assert_string_equal(plan.cases[1].bench_case->name, "bar/aligned/cold");
	assert_int_equal(plan_make(&plan, &request, &error), 0);
	assert_int_equal(plan_shard(&plan, &second, &error), 0);
	assert_int_equal(plan.cases_count, 1);
	assert_string_equal(plan.cases[0].bench_case->name, "bar/aligned/warm");
	assert_int_equal(plan_make(&plan, &request, &error), 0);
	assert_int_equal(plan_shard(&plan, &fourth, &error), -EINVAL);
	assert_string_equal(error.text, "shard '4/4': there are only 3 cases to share");
}

static void shards_are_parsed(void **state)
{
	static const char *const wrong[] = {
		"", "1", "/", "1/", "/3", "0/3", "4/3", "1/0", "1/3/", "1/3x", "-1/3", "1 /3",
		"18446744073709551617/3", "1/18446744073709551617",
	};
	struct plan_shard shard;
	struct error error;
	size_t i;

	(void)state;
	assert_int_equal(plan_shard_parse("3/3", &shard, &error), 0);
	assert_int_equal(shard.number, 3);
	assert_int_equal(shard.count, 3);
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		assert_int_equal(plan_shard_parse(wrong[i], &shard, &error), -EINVAL);
		assert_non_null(strstr(error.text, "must be I/N, with N from 1 to"));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(floor_is_for_cases_that_have_it),
		cmocka_unit_test(parts_are_by_backend),
		cmocka_unit_test(floor_alone_leaves_cases_out),
		cmocka_unit_test(size_lists_and_ranges),
		cmocka_unit_test(bad_sizes_are_refused),
		cmocka_unit_test(everything_is_the_default),
		cmocka_unit_test(large_sizes_are_for_few_variants),
		cmocka_unit_test(all_profiles_are_good),
		cmocka_unit_test(sizes_come_in_ascending_order),
		cmocka_unit_test(unsized_case_runs_once),
		cmocka_unit_test(globs_choose_cases_and_variants),
		cmocka_unit_test(unknown_names_are_refused),
		cmocka_unit_test(profile_ends_at_the_bar),
		cmocka_unit_test(named_size_above_the_bar_is_refused),
		cmocka_unit_test(glob_without_patterns_takes_all),
		cmocka_unit_test(case_names_are_unique),
		cmocka_unit_test(bounds_of_a_case_hold),
		cmocka_unit_test(case_without_a_size_is_left_out),
		cmocka_unit_test(profile_does_not_have_every_case),
		cmocka_unit_test(case_too_large_for_the_bar_is_left_out),
		cmocka_unit_test(profiles_fit_the_cases),
		cmocka_unit_test(case_bounds_are_powers_of_two),
		cmocka_unit_test(lists_of_globs_match),
		cmocka_unit_test(iova_is_the_lowest_that_fits),
		cmocka_unit_test(pci_addresses_are_completed),
		cmocka_unit_test(bad_pci_addresses_are_refused),
		cmocka_unit_test(shards_share_the_cases),
		cmocka_unit_test(shards_are_parsed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
