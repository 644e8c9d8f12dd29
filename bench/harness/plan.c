// SPDX-License-Identifier: GPL-2.0-or-later
#include "harness/plan.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/glob.h"
#include "lib/options.h"
#include "lib/size.h"

#define RANGE_STEP_DEFAULT	4

const struct plan_profile plan_profiles[] = {
	{
		.name = "quick", .summary = "a minute: does everything work",
		.parts = {
			{ "null,bar/aligned/*,bar/4K-off/*", "4K:64M:x16" },
			{ "bar/2M-off/*,iova/4K,chunk/2M,chunk/64K,touch/4K,control/*", "16M" },
			{ "domains/*,churn/each,churn/once,churn/keep,dmabuf/*,devices/*,threads/*,"
			  "containers/*,contention/*", "4M" },
		},
	},
	{
		.name = "default", .summary = "the figures to compare kernels by",
		.parts = {
			{ "bar/aligned/warm,bar/4K-off/warm", "4K:4G:x4,16G" },
			{ "null,bar/aligned/cold,bar/4K-off/cold", "4K:4G:x4" },
			{ "bar/2M-off/*,iova/2M,chunk/2M,touch/1G,touch/2M", "1G" },
			{ "chunk/1G", "2G" },
			{ "iova/4K,chunk/64K,touch/4K,control/*", "64M" },
			{ "domains/*,churn/each,churn/once,churn/keep,dmabuf/*", "4K:64M:x16" },
			{ "devices/*,threads/*,containers/*,contention/*", "16M" },
		},
		.few_above = "4G",
	},
	{
		.name = "full", .summary = "up to the largest BARs there are; takes long",
		.parts = {
			{ "null,bar/*", "4K:256G:x4" },
			{ "iova/2M,chunk/1G,chunk/2M", "4M:64G:x4" },
			{ "iova/4K,chunk/64K,touch/*", "256K:4G:x4" },
			{ "control/*", "4K:1G:x4" },
			{ "domains/*,churn/*,dmabuf/*,devices/*,threads/*,containers/*,contention/*",
			  "4K:4G:x16" },
		},
		.few_above = "16G",
	},
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

/* NULL: there is none of that name. */
static const struct plan_profile *profile_named(const char *name)
{
	size_t i;

	for (i = 0; i < plan_profiles_count; i++)
		if (!strcmp(plan_profiles[i].name, name))
			return &plan_profiles[i];
	return NULL;
}

static int profile_find(const char *name, const struct plan_profile **profile,
			struct error *error)
{
	const char *names[8] = { NULL };
	char list[128];
	size_t i;

	*profile = profile_named(name);
	if (*profile)
		return 0;
	for (i = 0; i < plan_profiles_count; i++)
		names[i] = plan_profiles[i].name;
	return error_set(error, OUTCOME_USE, EINVAL, "profile '%s': must be one of %s", name,
			 glob_join(names, plan_profiles_count, list, sizeof(list)));
}

/* The sizes of @sizes at which @bench_case makes sense. */
static uint64_t sizes_bound(const struct bench_case *bench_case, uint64_t sizes)
{
	if (bench_case->least_bytes)
		sizes &= -size_floor_power_of_two(bench_case->least_bytes);
	if (bench_case->most_bytes)
		sizes &= 2 * size_floor_power_of_two(bench_case->most_bytes) - 1;
	return sizes;
}

/* Give @sizes to the wanted cases that @chosen says. */
static void assign_sizes(struct plan *plan, const bool *chosen, uint64_t sizes)
{
	size_t i;

	for (i = 0; i < plan->cases_count; i++)
		if (chosen[i])
			plan->cases[i].sizes = sizes_bound(plan->cases[i].bench_case, sizes);
}

/* Take out the cases that have nothing to run: sized ones without a size, or not @chosen. */
static void leave_out(struct plan *plan, const bool *chosen)
{
	size_t kept = 0, i;

	for (i = 0; i < plan->cases_count; i++) {
		if (chosen[i] && (plan->cases[i].sizes || !plan->cases[i].bench_case->sized))
			plan->cases[kept++] = plan->cases[i];
		else
			plan->left_out[plan->left_out_count++] = plan->cases[i].bench_case;
	}
	plan->cases_count = kept;
}

static int profile_sizes(struct plan *plan, const struct plan_profile *profile,
			 uint64_t page_bytes, struct error *error)
{
	bool chosen[PLAN_CASES_MAX], any[PLAN_CASES_MAX] = { false };
	const struct plan_part *part;
	uint64_t sizes;
	size_t i;
	int ret;

	for (part = profile->parts; part < profile->parts + PLAN_PARTS_MAX && part->cases; part++) {
		ret = plan_sizes_parse(part->sizes, page_bytes, &sizes, error);
		if (ret)
			return ret;
		for (i = 0; i < plan->cases_count; i++) {
			chosen[i] = glob_matches(part->cases, plan->cases[i].bench_case->name);
			any[i] |= chosen[i];
		}
		assign_sizes(plan, chosen, sizes);
	}
	leave_out(plan, any);
	if (plan->cases_count)
		return 0;
	return error_set(error, OUTCOME_USE, EINVAL,
			 "profile '%s': does not have case %s; name its sizes with --sizes",
			 profile->name, plan->left_out[0]->name);
}

/* "2G and more", "4K to 2G", in @text. */
static const char *bounds_format(const struct bench_case *bench_case, char text[64])
{
	char least[SIZE_TEXT_BYTES], most[SIZE_TEXT_BYTES];

	size_format(bench_case->least_bytes, least);
	if (bench_case->most_bytes)
		snprintf(text, 64, "%s to %s", least, size_format(bench_case->most_bytes, most));
	else
		snprintf(text, 64, "%s and more", least);
	return text;
}

static int custom_sizes(struct plan *plan, const char *text, uint64_t page_bytes,
			struct error *error)
{
	bool chosen[PLAN_CASES_MAX];
	char bounds[64];
	uint64_t sizes;
	int ret;

	plan->profile = PLAN_PROFILE_CUSTOM;
	ret = plan_sizes_parse(text, page_bytes, &sizes, error);
	if (ret)
		return ret;
	memset(chosen, true, sizeof(chosen));
	assign_sizes(plan, chosen, sizes);
	leave_out(plan, chosen);
	if (plan->cases_count)
		return 0;
	return error_set(error, OUTCOME_USE, EINVAL, "sizes '%s': case %s takes %s", text,
			 plan->left_out[0]->name, bounds_format(plan->left_out[0], bounds));
}

/* For the cases that are chosen already. */
static int choose_sizes(struct plan *plan, const struct plan_request *request,
			uint64_t page_bytes, struct error *error)
{
	const struct plan_profile *profile;
	int ret;

	if (request->sizes && request->profile)
		return error_set(error, OUTCOME_USE, EINVAL,
				 "sizes '%s': not together with profile '%s', choose one",
				 request->sizes, request->profile);
	if (request->sizes)
		return custom_sizes(plan, request->sizes, page_bytes, error);
	ret = profile_find(request->profile ? request->profile : "default", &profile, error);
	if (ret)
		return ret;
	plan->profile = profile->name;
	if (profile->few_above)
		ret = plan_sizes_parse(profile->few_above, page_bytes, &plan->few_above_bytes, error);
	return ret ? ret : profile_sizes(plan, profile, page_bytes, error);
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
			plan->cases[plan->cases_count++].bench_case = cases[i];
	return 0;
}

static void choose_variant(struct plan *plan, size_t index, const char *name)
{
	const struct plan_profile *profile = profile_named(plan->profile);

	plan->few[plan->variants_count] = profile && profile->few_above &&
					  lookup_find(name)->few;
	plan->lacks[plan->variants_count] = backend_find(name)->lacks;
	plan->variants[plan->variants_count++] = index;
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
			choose_variant(plan, i, set->names[i]);
	return 0;
}

/* The sizes at which @bench_case has any of the variants. */
static uint64_t sizes_with_variants(const struct plan *plan, const struct plan_case *plan_case)
{
	size_t variants[VARIANTS_MAX];
	uint64_t sizes = 0, size_bytes = UINT64_MAX;

	while (plan_next_size(plan_case, &size_bytes))
		if (plan_variants(plan, plan_case->bench_case, size_bytes, variants))
			sizes |= size_bytes;
	return sizes;
}

static const struct backend *variant_opener(const struct variant_set *set, size_t variant)
{
	const struct backend *backend = backend_find(set->names[variant]);

	return backend->within ? backend->within : backend;
}

bool plan_has_backend(const struct plan *plan, const struct variant_set *set,
		      const struct backend *backend)
{
	size_t i;

	for (i = 0; i < plan->variants_count; i++)
		if (backend_find(set->names[plan->variants[i]]) == backend)
			return true;
	return false;
}

bool plan_part_init(struct plan *part, const struct plan *plan, const struct variant_set *set,
		    const struct backend *backend)
{
	bool first = variant_opener(set, plan->variants[0]) == backend, keep[PLAN_CASES_MAX];
	size_t i;

	*part = *plan;
	part->variants_count = 0;
	for (i = 0; i < plan->variants_count; i++)
		if (variant_opener(set, plan->variants[i]) == backend) {
			part->few[part->variants_count] = plan->few[i];
			part->lacks[part->variants_count] = plan->lacks[i];
			part->variants[part->variants_count++] = plan->variants[i];
		}
	for (i = 0; i < part->cases_count; i++) {
		keep[i] = first || part->cases[i].bench_case->sized;
		part->cases[i].sizes = sizes_with_variants(part, &part->cases[i]);
	}
	leave_out(part, keep);
	return part->cases_count;
}

/*
 * Leave out sizes that no variant is left for, and the cases that have no other: with the floor
 * alone, or with none of those that large sizes are for.
 */
static int match_variants(struct plan *plan, const struct variant_set *set, struct error *error)
{
	bool keep[PLAN_CASES_MAX];
	size_t i;

	for (i = 0; i < plan->cases_count; i++)
		plan->cases[i].sizes = sizes_with_variants(plan, &plan->cases[i]);
	memset(keep, true, sizeof(keep));
	leave_out(plan, keep);
	if (plan->cases_count)
		return 0;
	if (plan->variants_count == 1 && plan->left_out[0]->needs & plan->lacks[0])
		return error_set(error, OUTCOME_USE, EINVAL,
				 "variant '%s': case %s does not have it; see barmap list",
				 set->names[plan->variants[0]], plan->left_out[0]->name);
	return error_set(error, OUTCOME_USE, EINVAL,
			 "profile '%s': case %s has no size for these variants; name sizes with "
			 "--sizes", plan->profile, plan->left_out[0]->name);
}

int plan_init(struct plan *plan, const struct plan_request *request,
	      const struct bench_case *const *cases, size_t count, const struct variant_set *set,
	      uint64_t page_bytes, struct error *error)
{
	int ret;

	memset(plan, 0, sizeof(*plan));
	plan->iterations = request->iterations;
	ret = choose_cases(plan, request, cases, count, error);
	if (ret)
		return ret;
	ret = choose_sizes(plan, request, page_bytes, error);
	if (ret)
		return ret;
	ret = choose_variants(plan, request, set, error);
	return ret ? ret : match_variants(plan, set, error);
}

static void case_fit(struct plan_case *plan_case, uint64_t fitting)
{
	if (size_floor_power_of_two(plan_case->sizes) > fitting)
		plan_case->sizes = sizes_bound(plan_case->bench_case,
					       (plan_case->sizes & (fitting - 1)) | fitting);
}

int plan_fit(struct plan *plan, uint64_t bar_bytes, bool *clipped, struct error *error)
{
	uint64_t fitting = size_floor_power_of_two(bar_bytes);
	char largest[SIZE_TEXT_BYTES], bar[SIZE_TEXT_BYTES];
	bool keep[PLAN_CASES_MAX];
	size_t i;

	*clipped = plan_largest_size(plan) > fitting;
	if (!*clipped)
		return 0;
	if (!strcmp(plan->profile, PLAN_PROFILE_CUSTOM))
		return error_set(error, OUTCOME_USE, EINVAL,
				 "size '%s': at most %s, which is what can be mapped of the BAR",
				 size_format(plan_largest_size(plan), largest),
				 size_format(bar_bytes, bar));
	for (i = 0; i < plan->cases_count; i++)
		case_fit(&plan->cases[i], fitting);
	memset(keep, true, sizeof(keep));
	leave_out(plan, keep);
	return 0;
}

int plan_shard_parse(const char *text, struct plan_shard *shard, struct error *error)
{
	char *copy = strdup(text), *slash = copy ? strchr(copy, '/') : NULL;
	long number, count;
	int ret = -EINVAL;

	if (slash) {
		*slash = '\0';
		ret = options_number("shard", slash + 1, 1, PLAN_CASES_MAX, &count, error);
		if (!ret)
			ret = options_number("shard", copy, 1, count, &number, error);
	}
	free(copy);
	if (ret)
		return error_set(error, OUTCOME_USE, EINVAL,
				 "shard '%s': must be I/N, with N from 1 to %d and I from 1 to N", text,
				 PLAN_CASES_MAX);
	*shard = (struct plan_shard){ (unsigned int)number, (unsigned int)count };
	return 0;
}

int plan_shard(struct plan *plan, const struct plan_shard *shard, struct error *error)
{
	size_t kept = 0, i;

	if (!shard->count || plan->shard.count)
		return 0;
	plan->shard = *shard;
	for (i = shard->number - 1; i < plan->cases_count; i += shard->count)
		plan->cases[kept++] = plan->cases[i];
	if (!kept)
		return error_set(error, OUTCOME_USE, EINVAL,
				 "shard '%u/%u': there are only %zu cases to share", shard->number,
				 shard->count, plan->cases_count);
	plan->cases_count = kept;
	return 0;
}

uint64_t plan_sizes(const struct plan *plan)
{
	uint64_t sizes = 0;
	size_t i;

	for (i = 0; i < plan->cases_count; i++)
		sizes |= plan->cases[i].sizes;
	return sizes;
}

uint64_t plan_largest_size(const struct plan *plan)
{
	return size_floor_power_of_two(plan_sizes(plan));
}

unsigned int plan_mappings(const struct plan *plan)
{
	unsigned int most = 1;
	size_t i;

	for (i = 0; i < plan->cases_count; i++)
		if (plan->cases[i].bench_case->mappings > most)
			most = plan->cases[i].bench_case->mappings;
	return most;
}

bool plan_next_size(const struct plan_case *plan_case, uint64_t *size_bytes)
{
	bool first = *size_bytes == UINT64_MAX;
	uint64_t above;

	if (!plan_case->bench_case->sized) {
		*size_bytes = 0;
		return first;
	}
	above = first ? plan_case->sizes : plan_case->sizes & ~((*size_bytes << 1) - 1);
	*size_bytes = above & -above;
	return above;
}

static size_t case_sizes_count(const struct plan_case *plan_case)
{
	if (!plan_case->bench_case->sized)
		return 1;
	return (size_t)__builtin_popcountll(plan_case->sizes);
}

size_t plan_variants(const struct plan *plan, const struct bench_case *bench_case,
		     uint64_t size_bytes, size_t variants[VARIANTS_MAX])
{
	bool few = plan->few_above_bytes && size_bytes > plan->few_above_bytes;
	size_t count = 0, i;

	if (!bench_case->sized)
		return 0;
	for (i = 0; i < plan->variants_count; i++)
		if (!(bench_case->needs & plan->lacks[i]) && (!few || plan->few[i]))
			variants[count++] = plan->variants[i];
	return count;
}

size_t plan_cells_count(const struct plan *plan)
{
	size_t cells = 0, i;

	for (i = 0; i < plan->cases_count; i++)
		cells += case_sizes_count(&plan->cases[i]);
	return cells;
}

size_t plan_case_samples_count(const struct plan *plan, const struct plan_case *plan_case)
{
	const struct bench_case *bench_case = plan_case->bench_case;
	size_t variants[VARIANTS_MAX], turns = 0;
	uint64_t size_bytes = UINT64_MAX;

	while (plan_next_size(plan_case, &size_bytes))
		turns += bench_case->sized ?
			 plan_variants(plan, bench_case, size_bytes, variants) : 1;
	return turns * bench_case->ops_count * plan->iterations;
}

size_t plan_samples_count(const struct plan *plan)
{
	size_t samples = 0, i;

	for (i = 0; i < plan->cases_count; i++)
		samples += plan_case_samples_count(plan, &plan->cases[i]);
	return samples;
}
