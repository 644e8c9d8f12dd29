// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/view/letter.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/view/letter_parts.h"
#include "analysis/document/mail.h"

#define VARIANT_WALK "follow_pfn"
#define VARIANT_OP "vma_to_pfn"

static bool same_kernel(const struct record *a, const struct record *b)
{
	return !strcmp(a->env.kernel_name, b->env.kernel_name) &&
	       !strcmp(a->env.kernel_release, b->env.kernel_release);
}

bool letter_is_of_two(const struct letter *letter)
{
	return !same_kernel(letter->before.records, letter->after.records);
}

/* One letter speaks of one kind of measurement. */
static int records_check(const struct letter_request *request, struct error *error)
{
	const struct record *first = &request->records[0], *last;
	size_t i;

	last = &request->records[request->count - 1];
	for (i = 1; i < request->count; i++) {
		const struct record *record = &request->records[i];

		if (strcmp(record->env.mode, first->env.mode) ||
		    strcmp(record->env.iommu_model, first->env.iommu_model))
			return error_set(error, OUTCOME_USE, EINVAL,
					 "'%s' is of mode %s and IOMMU %s, '%s' of %s and %s: must "
					 "be the same in one letter", first->path, first->env.mode,
					 first->env.iommu_model, record->path, record->env.mode,
					 record->env.iommu_model);
		if (!same_kernel(record, first) && !same_kernel(record, last))
			return error_set(error, OUTCOME_USE, EINVAL,
					 "'%s': a third kernel; one letter compares two",
					 record->path);
	}
	return 0;
}

/* Makes the set of the records of @of's kernel, gathered in @gathered. */
static int side_init(struct set *set, const struct letter_request *request,
		     const struct record *of, struct record *gathered, struct error *error)
{
	size_t i, count = 0;

	for (i = 0; i < request->count; i++)
		if (same_kernel(&request->records[i], of))
			gathered[count++] = request->records[i];
	return set_init(set, gathered, count, error);
}

static const char *variant_choose(const struct set *set, const char *asked, const char *first,
				  const char *second)
{
	if (asked)
		return asked;
	if (set_subject_find(set, 0, first) >= 0)
		return first;
	return set_subject_find(set, 0, second) >= 0 ? second : NULL;
}

static bool is_measured(const struct set *set, const char *variant)
{
	return set_subject_find(set, 0, variant) >= 0;
}

static int variant_check(const struct set *set, const char *option, const char *variant,
			 struct error *error)
{
	if (!variant || is_measured(set, variant))
		return 0;
	return error_set(error, OUTCOME_USE, EINVAL, "%s '%s': not a variant in '%s'", option,
			 variant, set->records[0].path);
}

/* Compares two variants; a side that lacks its own leaves the comparison without rows. */
static int pair_compare(struct comparison *comparison, const struct letter *letter,
			const char *before, const char *after, struct error *error)
{
	const struct compare_pair pair = { before, after };
	const struct compare_options options = {
		.pairs = &pair, .pairs_count = 1, .threshold_pct = -1, .seed = letter->seed,
	};

	memset(comparison, 0, sizeof(*comparison));
	if (!before || !after || !is_measured(&letter->before, before) ||
	    !is_measured(&letter->after, after))
		return 0;
	if (!letter_is_of_two(letter) && !strcmp(before, after))
		return 0;
	return comparison_init(comparison, &letter->before, &letter->after, &options, error);
}

static int letter_compare(struct letter *letter, const struct letter_request *request,
			  struct error *error)
{
	const char *before = variant_choose(&letter->before, request->before, SET_STOCK,
					    VARIANT_WALK);
	const char *after = variant_choose(&letter->after, request->after, VARIANT_OP, SET_STOCK);
	int err = variant_check(&letter->before, "baseline", request->before, error);

	if (!err)
		err = variant_check(&letter->after, "variant", request->after, error);
	if (!err && !set_is_exact(&letter->before) &&
	    (set_bootstrap(&letter->before, request->seed) ||
	     set_bootstrap(&letter->after, request->seed)))
		err = error_set(error, OUTCOME_BROKEN, ENOMEM, "out of memory");
	if (!err)
		err = pair_compare(&letter->change, letter, before, after, error);
	if (err)
		return err;
	err = pair_compare(&letter->control, letter, SET_STOCK, VARIANT_WALK, error);
	if (err)
		comparison_cleanup(&letter->change);
	return err;
}

static int sides_init(struct letter *letter, const struct letter_request *request,
		      struct record *gathered, struct error *error)
{
	const struct record *first = &request->records[0];
	const struct record *last = &request->records[request->count - 1];
	int err;

	err = side_init(&letter->before, request, first, gathered, error);
	if (err)
		return err;
	err = side_init(&letter->after, request, last, gathered + request->count, error);
	if (err)
		set_cleanup(&letter->before);
	return err;
}

int letter_init(struct letter *letter, const struct letter_request *request, struct error *error)
{
	int err = records_check(request, error);

	memset(letter, 0, sizeof(*letter));
	if (err)
		return err;
	letter->seed = request->seed;
	letter->gathered = calloc(2 * request->count, sizeof(*letter->gathered));
	if (!letter->gathered)
		return error_set(error, OUTCOME_BROKEN, ENOMEM, "out of memory");
	err = sides_init(letter, request, letter->gathered, error);
	if (!err) {
		err = letter_compare(letter, request, error);
		if (!err)
			return 0;
		set_cleanup(&letter->after);
		set_cleanup(&letter->before);
	}
	free(letter->gathered);
	return err;
}

void letter_cleanup(struct letter *letter)
{
	comparison_cleanup(&letter->control);
	comparison_cleanup(&letter->change);
	set_cleanup(&letter->after);
	set_cleanup(&letter->before);
	free(letter->gathered);
}

static int parts_print(const struct letter *letter, FILE *out)
{
	int err;

	letter_head_print(&letter->after.records[0], out);
	letter_conditions_print(letter, out);
	err = letter_lookups_print(letter, out);
	if (!err)
		err = letter_pages_print(letter, out);
	if (!err)
		err = letter_cases_print(letter, out);
	if (!err)
		letter_worse_print(letter, out);
	if (!err)
		err = letter_memory_print(letter, out);
	if (!err)
		letter_control_print(letter, out);
	return err;
}

int letter_print(const struct letter *letter, FILE *out)
{
	char *text = NULL;
	size_t length = 0;
	FILE *stream = open_memstream(&text, &length);
	int err;

	if (!stream)
		return -ENOMEM;
	err = parts_print(letter, stream);
	if (!err && fflush(stream))
		err = -ENOMEM;
	if (!err)
		err = letter_text_print(text, length, out);
	fclose(stream);
	free(text);
	return err;
}
