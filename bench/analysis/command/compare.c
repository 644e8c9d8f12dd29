// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/command/commands.h"
#include "analysis/command/sides.h"
#include "analysis/view/comparison.h"
#include "lib/options.h"

/**
 * struct request - what the user asked for
 * @sides: FILE[,FILE...] of each side
 * @pairs: owned, their strings are the arguments, cut at the =; room for every argument there is
 * @options: how to compare
 * @format: form of the output, enum compare_format
 * @all: every row
 * @seed: of the intervals
 */
struct request {
	struct option_arguments sides;
	struct compare_pair *pairs;
	struct compare_options options;
	int format;
	bool all;
	int seed;
};

static int threshold_parse(const char *value, void *data, struct error *error)
{
	return command_pct_parse("threshold", value,
				 &((struct request *)data)->options.threshold_pct, error);
}

static int pair_parse(const char *value, void *data, struct error *error)
{
	struct request *request = data;
	int err = command_pair_parse(value, &request->pairs[request->options.pairs_count], error);

	request->options.pairs_count += !err;
	return err;
}

static const struct option_row compare_rows[] = {
	OPTION_CHOICE_ROW("f,format", COMPARE_FORMATS, request, format,
			  "Form of the output [text]"),
	OPTION_ROW("a,all", NULL, OPTION_FLAG, request, all,
		   "Show every row, not only those that changed"),
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
	return 0;
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
	int err;

	if (request->sides.count < 2)
		return error_set(error, OUTCOME_USE, EINVAL,
				 "compare: needs at least two sides, A and B");
	sides = command_sides_read(request->sides.list, request->sides.count, error);
	if (!sides)
		return -EINVAL;
	err = compare_sides(request, sides, error);
	command_sides_free(sides, request->sides.count);
	return err;
}

int command_compare(int argc, char **argv, struct error *error)
{
	struct request request = {
		.sides.list = calloc(argc, sizeof(char *)),
		.pairs = calloc(argc, sizeof(struct compare_pair)),
		.options.threshold_pct = -1,
		.seed = BOOTSTRAP_SEED,
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
