// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/model/sides.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>


static bool same_kernel(const struct record *a, const struct record *b)
{
	return !strcmp(a->env.kernel_name, b->env.kernel_name) &&
	       !strcmp(a->env.kernel_release, b->env.kernel_release);
}

bool sides_are_two(const struct sides *sides)
{
	return !same_kernel(sides->before.records, sides->after.records);
}

/* One letter speaks of one kind of measurement. */
static int records_check(const struct sides_request *request, struct error *error)
{
	const struct record *first = &request->records[0], *record;
	const struct record *last = &request->records[request->count - 1];
	const char *path;

	for (record = first; record <= last; record++) {
		path = record_machine_difference(first, record);
		if (path)
			return error_set(error, OUTCOME_USE, EINVAL,
					 "'%s' and '%s' differ in %s: one letter is of one machine",
					 first->path, record->path, path);
		if (!same_kernel(record, first) && !same_kernel(record, last))
			return error_set(error, OUTCOME_USE, EINVAL,
					 "'%s': a third kernel; one letter compares two",
					 record->path);
	}
	return 0;
}

/* Makes the set of the records of @of's kernel, gathered in @gathered. */
static int side_init(struct set *set, const struct sides_request *request,
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
static int pair_compare(struct comparison *comparison, const struct sides *sides,
			const char *before, const char *after, struct error *error)
{
	const struct compare_pair pair = { before, after };
	const struct compare_options options = {
		.pairs = &pair, .pairs_count = 1, .threshold_pct = -1, .seed = sides->seed,
	};

	memset(comparison, 0, sizeof(*comparison));
	if (!before || !after || !is_measured(&sides->before, before) ||
	    !is_measured(&sides->after, after))
		return 0;
	if (!sides_are_two(sides) && !strcmp(before, after))
		return 0;
	return comparison_init(comparison, &sides->before, &sides->after, &options, error);
}

static int sides_compare(struct sides *sides, const struct sides_request *request,
			  struct error *error)
{
	const struct lookup *walk = lookup_of_release(request->records[0].env.kernel_release);
	const char *own = walk ? walk->name : LOOKUP_STOCK;
	const char *before = variant_choose(&sides->before, request->before, LOOKUP_STOCK, own);
	const char *after = variant_choose(&sides->after, request->after, LOOKUP_SERIES,
					   LOOKUP_STOCK);
	int err = variant_check(&sides->before, "baseline", request->before, error);

	if (!err)
		err = variant_check(&sides->after, "variant", request->after, error);
	if (!err && !sides->before.exact &&
	    (set_bootstrap(&sides->before, request->seed) ||
	     set_bootstrap(&sides->after, request->seed)))
		err = error_set(error, OUTCOME_BROKEN, ENOMEM, "out of memory");
	if (!err)
		err = pair_compare(&sides->change, sides, before, after, error);
	if (err)
		return err;
	err = pair_compare(&sides->control, sides, LOOKUP_STOCK, own, error);
	if (err)
		comparison_cleanup(&sides->change);
	return err;
}

static int sets_init(struct sides *sides, const struct sides_request *request,
		      struct record *gathered, struct error *error)
{
	const struct record *first = &request->records[0];
	const struct record *last = &request->records[request->count - 1];
	int err;

	err = side_init(&sides->before, request, first, gathered, error);
	if (err)
		return err;
	err = side_init(&sides->after, request, last, gathered + request->count, error);
	if (err)
		set_cleanup(&sides->before);
	return err;
}

int sides_init(struct sides *sides, const struct sides_request *request, struct error *error)
{
	int err = records_check(request, error);

	memset(sides, 0, sizeof(*sides));
	if (err)
		return err;
	sides->seed = request->seed;
	sides->gathered = calloc(2 * request->count, sizeof(*sides->gathered));
	if (!sides->gathered)
		return error_set(error, OUTCOME_BROKEN, ENOMEM, "out of memory");
	err = sets_init(sides, request, sides->gathered, error);
	if (!err) {
		err = sides_compare(sides, request, error);
		if (!err)
			return 0;
		set_cleanup(&sides->after);
		set_cleanup(&sides->before);
	}
	free(sides->gathered);
	return err;
}

void sides_cleanup(struct sides *sides)
{
	comparison_cleanup(&sides->control);
	comparison_cleanup(&sides->change);
	set_cleanup(&sides->after);
	set_cleanup(&sides->before);
	free(sides->gathered);
}
