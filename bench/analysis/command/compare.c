// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/command/commands.h"
#include "record/list.h"
#include "analysis/view/comparison.h"
#include "analysis/document/number.h"
#include "lib/size.h"
#include "lib/options.h"

#define KEY_FORMAT	'f'
#define KEY_FAIL	'x'
#define KEY_THRESHOLD	't'
#define KEY_PAIR	'p'
#define KEY_ALL		'a'
#define KEY_SEED	's'

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
 * @names: FILE[,FILE...] of each side; room for every argument there is
 * @names_count: how many
 * @pairs: owned, their strings are the arguments, cut at the =
 * @options: how to compare
 * @format: form of the output
 * @all: every row
 * @fail_pct: exit 1 when something is slower by more; negative: never
 */
struct request {
	char **names;
	size_t names_count;
	struct compare_pair *pairs;
	struct compare_options options;
	enum compare_format format;
	bool all;
	double fail_pct;
};

static const struct argp_option compare_table[] = {
	{ "format", KEY_FORMAT, "text|markdown|csv|json", 0, "Form of the output [text]", 0 },
	{ "all", KEY_ALL, NULL, 0, "Show every row, not only those that changed", 0 },
	{ "fail-if-slower", KEY_FAIL, "PCT", 0,
	  "Exit 1 if any row is slower by more than PCT percent", 0 },
	{ "threshold", KEY_THRESHOLD, "PCT", 0,
	  "Changes up to PCT percent are none [icount: 0.2; else the A/A floor, if higher]", 0 },
	{ "pair", KEY_PAIR, "VARIANT=VARIANT", 0,
	  "Compare the first variant of A with the second of B; may be given again "
	  "[each with its namesake]", 0 },
	{ "seed", KEY_SEED, "N", 0, "Of the random numbers behind the intervals [1]", 0 },
	{ 0 },
};

static int pct_take(const char *what, const char *value, double *pct, struct error *error)
{
	char *end;

	*pct = strtod(value, &end);
	if (end == value || *end || !isfinite(*pct) || *pct < 0)
		return error_set(error, OUTCOME_USE, EINVAL,
				 "%s '%s': must be a percentage of 0 or more", what, value);
	return 0;
}

static int format_take(const char *value, enum compare_format *format, struct error *error)
{
	static const char *const names[] = {
		[COMPARE_TEXT] = "text",
		[COMPARE_MARKDOWN] = "markdown",
		[COMPARE_CSV] = "csv",
		[COMPARE_JSON] = "json",
	};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcmp(names[i], value))
			continue;
		*format = i;
		return 0;
	}
	return error_set(error, OUTCOME_USE, EINVAL,
			 "format '%s': must be text, markdown, csv or json", value);
}

static int pair_take(struct request *request, char *value, struct error *error)
{
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

static int seed_take(const char *value, unsigned long *seed, struct error *error)
{
	long number;
	int err;

	err = options_number("seed", value, 0, INT_MAX, &number, error);
	*seed = number;
	return err;
}

static int compare_take(int key, const char *value, void *data, struct error *error)
{
	struct request *request = data;

	switch (key) {
	case ARGP_KEY_ARG:
		request->names[request->names_count++] = (char *)value;
		return 0;
	case KEY_FORMAT:
		return format_take(value, &request->format, error);
	case KEY_ALL:
		request->all = true;
		return 0;
	case KEY_FAIL:
		return pct_take("fail-if-slower", value, &request->fail_pct, error);
	case KEY_THRESHOLD:
		return pct_take("threshold", value, &request->options.threshold_pct, error);
	case KEY_PAIR:
		return pair_take(request, (char *)value, error);
	case KEY_SEED:
		return seed_take(value, &request->options.seed, error);
	default:
		return error_set(error, OUTCOME_BROKEN, EINVAL, "option key %d is not handled",
				 key);
	}
}

static const struct options compare_options = {
	.name = "barmap compare",
	.summary = "What changed from kernel A to kernel B. A side is the record of one boot, or "
		   "those of several boots of the same kernel, joined by commas. More than two "
		   "sides: each is compared with A.",
	.table = compare_table,
	.arguments = "A B [C...]",
	.take = compare_take,
};

/* Reads FILE[,FILE...]; cuts @names at the commas. */
static int side_init(struct side *side, char *names, struct error *error)
{
	char **paths = calloc(strlen(names) + 1, sizeof(*paths));
	size_t count = 0;
	char *name;
	int err;

	if (!paths)
		return error_set(error, OUTCOME_BROKEN, ENOMEM, "out of memory");
	while ((name = strsep(&names, ",")))
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

/* Sets @error and fails when a row is slower than is allowed. */
static int slower_check(const struct request *request, const struct comparison *comparisons,
			size_t count, struct error *error)
{
	char size[SIZE_TEXT_BYTES], change[FORMAT_TEXT_BYTES];
	const struct compare_row *worst;
	const struct record_cell_key *key;
	size_t i, slower;

	for (i = 0; request->fail_pct >= 0 && i < count; i++) {
		worst = comparison_worst(&comparisons[i], request->fail_pct, &slower);
		if (!worst)
			continue;
		key = worst->b->key;
		return error_set(error, OUTCOME_FAILED, ERANGE,
				 "compare: %zu rows of '%s' are slower by more than %g %%; worst: "
				 "%s %s %s %s %s", slower, comparisons[i].b->records[0].path,
				 request->fail_pct, key->case_name, key->op, key->variant,
				 size_format(key->size_bytes, size),
				 format_change(worst->change_pct, change));
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
	if (!err && fflush(stdout))
		err = -errno;
	if (err)
		return error_set(error, OUTCOME_FAILED, -err, "standard output: %s",
				 strerror(-err));
	return slower_check(request, comparisons, count, error);
}

static int compare_sides(const struct request *request, const struct side *sides,
			 struct error *error)
{
	struct comparison *comparisons = calloc(request->names_count, sizeof(*comparisons));
	size_t count = 0;
	int err = 0;

	if (!comparisons)
		return error_set(error, OUTCOME_BROKEN, ENOMEM, "out of memory");
	while (!err && count < request->names_count - 1) {
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

	if (request->names_count < 2)
		return error_set(error, OUTCOME_USE, EINVAL,
				 "compare: needs at least two sides, A and B");
	sides = calloc(request->names_count, sizeof(*sides));
	if (!sides)
		return error_set(error, OUTCOME_BROKEN, ENOMEM, "out of memory");
	while (!err && count < request->names_count) {
		err = side_init(&sides[count], request->names[count], error);
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
		.names = calloc(argc, sizeof(char *)),
		.pairs = calloc(argc, sizeof(struct compare_pair)),
		.options = { .threshold_pct = -1, .seed = BOOTSTRAP_SEED },
		.fail_pct = -1,
	};
	int err;

	request.options.pairs = request.pairs;
	if (!request.names || !request.pairs)
		err = error_set(error, OUTCOME_BROKEN, ENOMEM, "out of memory");
	else
		err = options_parse(&compare_options, argc, argv, &request, error);
	if (!err)
		err = compare_names(&request, error);
	free(request.names);
	free(request.pairs);
	return err;
}
