// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/command/commands.h"
#include "record/list.h"
#include "analysis/view/comparison.h"
#include "lib/number.h"
#include "lib/size.h"
#include "lib/options.h"

/**
 * struct side - the boots of one kernel
 * @list: their records
 * @set: the same, ordered
 */
struct side {
	struct record_list list;
	struct set set;
};

/**
 * struct request - what the user asked for
 * @sides: FILE[,FILE...] of each side
 * @pairs: owned, their strings are the arguments, cut at the =; room for every argument there is
 * @options: how to compare
 * @format: form of the output, enum compare_format
 * @all: every row
 * @fail_pct: exit 1 when something is slower by more; negative: never
 * @seed: of the intervals
 */
struct request {
	struct option_arguments sides;
	struct compare_pair *pairs;
	struct compare_options options;
	int format;
	bool all;
	double fail_pct;
	int seed;
};

/* In the order of enum compare_format. */
static const char *const formats[] = { "text", "markdown", "csv", "json", NULL };

static int pct_parse(const char *what, const char *value, double *pct, struct error *error)
{
	char *end;

	*pct = strtod(value, &end);
	if (end == value || *end || !isfinite(*pct) || *pct < 0)
		return error_set(error, OUTCOME_USE, EINVAL,
				 "%s '%s': must be a percentage of 0 or more", what, value);
	return 0;
}

static int fail_parse(const char *value, void *data, struct error *error)
{
	return pct_parse("fail-if-slower", value, &((struct request *)data)->fail_pct, error);
}

static int threshold_parse(const char *value, void *data, struct error *error)
{
	return pct_parse("threshold", value, &((struct request *)data)->options.threshold_pct,
			 error);
}

static int pair_parse(const char *value, void *data, struct error *error)
{
	struct request *request = data;
	struct compare_pair *pair = &request->pairs[request->options.pairs_count];
	char *equals = strchr(value, '=');

	if (!equals || equals == value || !equals[1])
		return error_set(error, OUTCOME_USE, EINVAL,
				 "pair '%s': must be VARIANT=VARIANT", value);
	*equals = '\0';
	pair->a = value;
	pair->b = equals + 1;
	request->options.pairs_count++;
	return 0;
}

static const struct option_row compare_rows[] = {
	OPTION_CHOICE_ROW("f,format", "text|markdown|csv|json", request, format, formats,
			  "Form of the output [text]"),
	OPTION_ROW("a,all", NULL, OPTION_FLAG, request, all,
		   "Show every row, not only those that changed"),
	OPTION_PARSE_ROW("x,fail-if-slower", "PCT", fail_parse, "Exit 1 if any row is slower by more "
			 "than PCT percent, 77 if the samples cannot tell"),
	OPTION_PARSE_ROW("t,threshold", "PCT", threshold_parse, "Changes up to PCT percent are none "
			 "[icount: 0.2; else the A/A floor, if higher]"),
	OPTION_PARSE_ROW("p,pair", "VARIANT=VARIANT", pair_parse, "Compare the first variant of A with "
			 "the second of B; may be given again [each with its namesake]"),
	OPTION_NUMBER_ROW("s,seed", "N", request, seed, 0, INT_MAX,
			  "Of the random numbers behind the intervals [1]"),
	OPTION_END,
};

static const struct options compare_options = {
	.name = "barmap compare",
	.summary = "What changed from kernel A to kernel B. A side is the record of one boot, or "
		   "those of several boots of the same kernel, joined by commas (a comma of a name "
		   "is \\,). More than two sides: each is compared with A.",
	.rows = compare_rows,
	.arguments = "A B [C...]",
	.arguments_offset = offsetof(struct request, sides),
};

/* Cuts the next of the names joined by commas off *@rest, in place; "\\," is a comma of the name. */
static char *name_next(char **rest)
{
	char *name = *rest, *from = name, *to = name;

	if (!name)
		return NULL;
	while (*from && *from != ',') {
		from += *from == '\\' && from[1];
		*to++ = *from++;
	}
	*rest = *from ? from + 1 : NULL;
	*to = '\0';
	return name;
}

/* Reads FILE[,FILE...]; cuts @names at the commas. */
static int side_init(struct side *side, char *names, struct error *error)
{
	char **paths = calloc(strlen(names) + 1, sizeof(*paths));
	size_t count = 0;
	char *name;
	int err;

	if (!paths)
		return error_set(error, OUTCOME_BROKEN, ENOMEM, "out of memory");
	while ((name = name_next(&names)))
		paths[count++] = name;
	err = record_list_read(&side->list, paths, count, error);
	free(paths);
	if (err)
		return err;
	err = set_init(&side->set, side->list.records, side->list.count, error);
	if (err)
		record_list_cleanup(&side->list);
	return err;
}

static void sides_cleanup(struct side *sides, size_t count)
{
	while (count--) {
		set_cleanup(&sides[count].set);
		record_list_cleanup(&sides[count].list);
	}
}

static int slower_error(const struct comparison *comparison, const struct compare_row *worst,
			size_t slower, double fail_pct, struct error *error)
{
	const struct record_cell_key *key = worst->b->key;
	char size[SIZE_TEXT_BYTES], change[FORMAT_TEXT_BYTES];

	return error_set(error, OUTCOME_FAILED, ERANGE,
			 "compare: %zu rows of '%s' are slower by more than %g %%; worst: %s %s %s %s "
			 "%s", slower, comparison->b->records[0].path, fail_pct, key->case_name,
			 key->op, key->variant, size_format(key->size_bytes, size),
			 format_change(worst->change_pct, change));
}

/*
 * Sets @error and fails when a row is slower than is allowed, or when nobody can tell: a gate that
 * cannot fail must not pass.
 */
static int slower_check(const struct request *request, const struct comparison *comparisons,
			size_t count, struct error *error)
{
	const struct comparison *comparison;
	const struct compare_row *worst;
	size_t slower, untold;

	if (request->fail_pct < 0)
		return 0;
	for (comparison = comparisons; comparison < comparisons + count; comparison++) {
		worst = comparison_worst(comparison, request->fail_pct, &slower);
		if (worst)
			return slower_error(comparison, worst, slower, request->fail_pct, error);
	}
	for (comparison = comparisons; comparison < comparisons + count; comparison++) {
		untold = comparison_untold(comparison, request->fail_pct);
		if (untold || comparison->only_a)
			return error_set(error, OUTCOME_CANNOT, ENODATA,
					 "compare: cannot tell whether '%s' is slower by more than %g "
					 "%%: %zu of %zu rows are unclear, %zu are only in A; more "
					 "samples or boots would tell",
					 comparison->b->records[0].path, request->fail_pct, untold,
					 comparison->rows_count, comparison->only_a);
	}
	return 0;
}

static int compare_show(const struct request *request, const struct comparison *comparisons,
			size_t count, struct error *error)
{
	const struct compare_view view = {
		.format = request->format,
		.all = request->all,
		.seed = request->options.seed,
		.out = stdout,
	};
	int err;

	err = compare_print(&view, comparisons, count);
	if (err)
		return error_set(error, OUTCOME_FAILED, -err, "standard output: %s",
				 strerror(-err));
	return slower_check(request, comparisons, count, error);
}

static int compare_sides(const struct request *request, const struct side *sides,
			 struct error *error)
{
	struct comparison *comparisons = calloc(request->sides.count, sizeof(*comparisons));
	size_t count = 0;
	int err = 0;

	if (!comparisons)
		return error_set(error, OUTCOME_BROKEN, ENOMEM, "out of memory");
	while (!err && count < request->sides.count - 1) {
		err = comparison_init(&comparisons[count], &sides[0].set, &sides[count + 1].set,
				      &request->options, error);
		count += !err;
	}
	if (!err)
		err = compare_show(request, comparisons, count, error);
	while (count--)
		comparison_cleanup(&comparisons[count]);
	free(comparisons);
	return err;
}

static int compare_names(const struct request *request, struct error *error)
{
	struct side *sides;
	size_t count = 0;
	int err = 0;

	if (request->sides.count < 2)
		return error_set(error, OUTCOME_USE, EINVAL,
				 "compare: needs at least two sides, A and B");
	sides = calloc(request->sides.count, sizeof(*sides));
	if (!sides)
		return error_set(error, OUTCOME_BROKEN, ENOMEM, "out of memory");
	while (!err && count < request->sides.count) {
		err = side_init(&sides[count], request->sides.list[count], error);
		count += !err;
	}
	if (!err)
		err = compare_sides(request, sides, error);
	sides_cleanup(sides, count);
	free(sides);
	return err;
}

int command_compare(int argc, char **argv, struct error *error)
{
	struct request request = {
		.sides.list = calloc(argc, sizeof(char *)),
		.pairs = calloc(argc, sizeof(struct compare_pair)),
		.options.threshold_pct = -1,
		.seed = BOOTSTRAP_SEED,
		.fail_pct = -1,
	};
	int err;

	request.options.pairs = request.pairs;
	if (!request.sides.list || !request.pairs)
		err = error_set(error, OUTCOME_BROKEN, ENOMEM, "out of memory");
	else
		err = options_parse(&compare_options, argc, argv, &request, error);
	if (!err)
		request.options.seed = request.seed;
	if (!err)
		err = compare_names(&request, error);
	free(request.sides.list);
	free(request.pairs);
	return err;
}
