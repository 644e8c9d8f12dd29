// SPDX-License-Identifier: GPL-2.0-or-later
#include "harness/plan.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "harness/glob.h"
#include "lib/size.h"

#define RANGE_STEP_DEFAULT	4

const struct plan_profile plan_profiles[] = {
	{ "quick", "4K:64M:x16", "a minute: does everything work" },
	{ "default", "4K:4G:x4", "the figures to compare kernels by" },
	{ "full", "4K:256G:x4", "up to the largest BARs there are; takes long" },
};
const size_t plan_profiles_count = sizeof(plan_profiles) / sizeof(plan_profiles[0]);

static int one_size_parse(const char *text, uint64_t page_bytes, uint64_t *bytes,
			  struct error *error)
{
	char page[SIZE_TEXT_BYTES];

	if (!size_parse(text, bytes) && size_is_power_of_two(*bytes) && *bytes >= page_bytes)
		return 0;
	return error_set(error, OUTCOME_USE, EINVAL,
			 "size '%s': must be a power-of-two multiple of the page size, such as %s "
			 "or 2M", text, size_format(page_bytes, page));
}

static int step_parse(const char *text, uint64_t *step, struct error *error)
{
	*step = RANGE_STEP_DEFAULT;
	if (!text)
		return 0;
	if (text[0] == 'x' && !size_parse(text + 1, step) && size_is_power_of_two(*step) &&
	    *step > 1)
		return 0;
	return error_set(error, OUTCOME_USE, EINVAL,
			 "size step '%s': must be x2, x4, x8 or another power of two", text);
}

static uint64_t range_sizes(uint64_t first, uint64_t last, uint64_t step)
{
	uint64_t sizes = last, size;

	/* Dividing the bound, not multiplying the size, so that nothing overflows. */
	for (size = first; size < last; size *= step) {
		sizes |= size;
		if (size > last / step)
			break;
	}
	return sizes;
}

/* "SIZE" or "FIRST:LAST[:xSTEP]"; cuts @item up. */
static int item_parse(char *item, uint64_t page_bytes, uint64_t *sizes, struct error *error)
{
	char *rest = item, *first_text = strsep(&rest, ":"), *last_text = strsep(&rest, ":");
	uint64_t first, last, step;
	int ret;

	ret = one_size_parse(first_text, page_bytes, &first, error);
	if (ret)
		return ret;
	if (!last_text) {
		*sizes |= first;
		return 0;
	}
	ret = one_size_parse(last_text, page_bytes, &last, error);
	if (ret)
		return ret;
	if (last < first)
		return error_set(error, OUTCOME_USE, EINVAL,
				 "size range '%s:%s': must go from the smaller to the larger",
				 first_text, last_text);
	ret = step_parse(rest, &step, error);
	if (ret)
		return ret;
	*sizes |= range_sizes(first, last, step);
	return 0;
}

int plan_sizes_parse(const char *text, uint64_t page_bytes, uint64_t *sizes, struct error *error)
{
	char *copy, *rest, *item;
	int ret = 0;

	*sizes = 0;
	copy = rest = strdup(text);
	if (!copy)
		return error_set(error, OUTCOME_BROKEN, ENOMEM, "sizes '%s': %s", text,
				 strerror(ENOMEM));
	while (!ret && (item = strsep(&rest, ",")))
		ret = item_parse(item, page_bytes, sizes, error);
	free(copy);
	return ret;
}

static int profile_find(const char *name, const struct plan_profile **profile,
			struct error *error)
{
	const char *names[8] = { NULL };
	char list[128];
	size_t i;

	for (i = 0; i < plan_profiles_count; i++) {
		*profile = &plan_profiles[i];
		if (!strcmp(plan_profiles[i].name, name))
			return 0;
		names[i] = plan_profiles[i].name;
	}
	return error_set(error, OUTCOME_USE, EINVAL, "profile '%s': must be one of %s", name,
			 glob_join(names, plan_profiles_count, list, sizeof(list)));
}

static int choose_sizes(struct plan *plan, const struct plan_request *request,
			uint64_t page_bytes, struct error *error)
{
	const struct plan_profile *profile;
	int ret;

	if (request->sizes && request->profile)
		return error_set(error, OUTCOME_USE, EINVAL,
				 "sizes '%s': not together with profile '%s', choose one",
				 request->sizes, request->profile);
	if (request->sizes) {
		plan->profile = PLAN_PROFILE_CUSTOM;
		return plan_sizes_parse(request->sizes, page_bytes, &plan->sizes, error);
	}
	ret = profile_find(request->profile ? request->profile : "default", &profile, error);
	if (ret)
		return ret;
	plan->profile = profile->name;
	return plan_sizes_parse(profile->sizes, page_bytes, &plan->sizes, error);
}

static int choose_cases(struct plan *plan, const struct plan_request *request,
			const struct bench_case *const *cases, size_t count, struct error *error)
{
	const char *names[PLAN_CASES_MAX] = { NULL };
	bool chosen[PLAN_CASES_MAX];
	size_t i;
	int ret;

	if (count > PLAN_CASES_MAX)
		return error_set(error, OUTCOME_BROKEN, E2BIG, "cases '%zu': at most %d", count,
				 PLAN_CASES_MAX);
	for (i = 0; i < count; i++)
		names[i] = cases[i]->name;
	ret = glob_choose("case", request->cases, names, count, chosen, error);
	if (ret)
		return ret;
	for (i = 0; i < count; i++)
		if (chosen[i])
			plan->cases[plan->cases_count++] = cases[i];
	return 0;
}

static int choose_variants(struct plan *plan, const struct plan_request *request,
			   const struct variant_set *set, struct error *error)
{
	const char *names[VARIANTS_MAX] = { NULL };
	bool chosen[VARIANTS_MAX];
	size_t i;
	int ret;

	for (i = 0; i < set->count; i++)
		names[i] = set->names[i];
	ret = glob_choose("variant", request->variants, names, set->count, chosen, error);
	if (ret)
		return ret;
	for (i = 0; i < set->count; i++)
		if (chosen[i])
			plan->variants[plan->variants_count++] = i;
	return 0;
}

int plan_init(struct plan *plan, const struct plan_request *request,
	      const struct bench_case *const *cases, size_t count, const struct variant_set *set,
	      uint64_t page_bytes, struct error *error)
{
	int ret;

	memset(plan, 0, sizeof(*plan));
	plan->iterations = request->iterations;
	ret = choose_sizes(plan, request, page_bytes, error);
	if (ret)
		return ret;
	ret = choose_cases(plan, request, cases, count, error);
	if (ret)
		return ret;
	return choose_variants(plan, request, set, error);
}

int plan_fit(struct plan *plan, uint64_t bar_bytes, bool *clipped, struct error *error)
{
	uint64_t fitting = size_floor_power_of_two(bar_bytes);
	char largest[SIZE_TEXT_BYTES], bar[SIZE_TEXT_BYTES];

	*clipped = plan_largest_size(plan) > fitting;
	if (!*clipped)
		return 0;
	if (!strcmp(plan->profile, PLAN_PROFILE_CUSTOM))
		return error_set(error, OUTCOME_USE, EINVAL,
				 "size '%s': at most %s, which is what can be mapped of the BAR",
				 size_format(plan_largest_size(plan), largest),
				 size_format(bar_bytes, bar));
	plan->sizes = (plan->sizes & (fitting - 1)) | fitting;
	return 0;
}

uint64_t plan_largest_size(const struct plan *plan)
{
	return size_floor_power_of_two(plan->sizes);
}

bool plan_next_size(const struct plan *plan, const struct bench_case *bench_case,
		    uint64_t *size_bytes)
{
	bool first = *size_bytes == UINT64_MAX;
	uint64_t above;

	if (!bench_case->sized) {
		*size_bytes = 0;
		return first;
	}
	above = first ? plan->sizes : plan->sizes & ~((*size_bytes << 1) - 1);
	*size_bytes = above & -above;
	return above;
}

static size_t case_sizes_count(const struct plan *plan, const struct bench_case *bench_case)
{
	return bench_case->sized ? (size_t)__builtin_popcountll(plan->sizes) : 1;
}

size_t plan_cells_count(const struct plan *plan)
{
	size_t cells = 0, i;

	for (i = 0; i < plan->cases_count; i++)
		cells += case_sizes_count(plan, plan->cases[i]);
	return cells;
}

size_t plan_samples_count(const struct plan *plan)
{
	size_t samples = 0, i;

	for (i = 0; i < plan->cases_count; i++)
		samples += case_sizes_count(plan, plan->cases[i]) * plan->cases[i]->ops_count *
			   (plan->cases[i]->sized ? plan->variants_count : 1);
	return samples * plan->iterations;
}
