// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/command/commands.h"
#include "analysis/command/sides.h"
#include "analysis/view/gate.h"
#include "lib/options.h"
#include "lib/outfile.h"

/**
 * struct request - what the user asked for
 * @sides: FILE[,FILE...] of each side
 * @pairs: owned; room for every argument there is
 * @options: what is asked; @limit_pct is negative until it is given
 * @format: form of the output, enum gate_format
 */
struct request {
	struct option_arguments sides;
	struct compare_pair *pairs;
	struct gate_options options;
	int format;
};

static int slower_parse(const char *value, void *data, struct error *error)
{
	return command_pct_parse("slower", value, &((struct request *)data)->options.limit_pct,
				 error);
}

static int pair_parse(const char *value, void *data, struct error *error)
{
	struct request *request = data;
	int err = command_pair_parse(value, &request->pairs[request->options.pairs_count], error);

	request->options.pairs_count += !err;
	return err;
}

static const struct option_row gate_rows[] = {
	OPTION_PARSE_ROW("x,slower", "PCT", slower_parse, "What is too slow: more than PCT percent "
			 "(of counted costs, more than 0.2 at least)"),
	OPTION_ROW("c,case", "GLOB[,GLOB]", OPTION_TEXT, request, options.cases,
		   "Ask of these cases only [all]"),
	OPTION_PARSE_ROW("p,pair", "VARIANT=VARIANT", pair_parse, "Set the first variant of A against "
			 "the second of B; may be given again [each against its namesake]"),
	OPTION_CHOICE_ROW("f,format", GATE_FORMATS, request, format,
			  "Form of the output [text]"),
	OPTION_END,
};

static const struct options gate_options = {
	.name = "barmap gate",
	.summary = "Is kernel B slower than kernel A? A side is the record of one boot, or those of "
		   "several boots of the same kernel, joined by commas (a comma of a name is \\,). "
		   "Exit status: 0 not slower, 1 slower, 125 cannot tell.",
	.rows = gate_rows,
	.arguments = "A B",
	.arguments_offset = offsetof(struct request, sides),
};

static int gate_show(const struct request *request, const struct gate *gate, struct error *error)
{
	static const enum outcome outcomes[GATE_VERDICTS] = {
		[GATE_SLOWER] = OUTCOME_FAILED, [GATE_UNTOLD] = OUTCOME_UNTOLD,
	};
	char text[GATE_TEXT_BYTES];
	int err = gate_print(gate, request->format, stdout);

	if (err)
		return error_set(error, OUTCOME_UNTOLD, -err, "standard output: %s",
				 strerror(-err));
	if (gate->verdict == GATE_NOT_SLOWER)
		return 0;
	return error_set(error, outcomes[gate->verdict], ERANGE, "gate: %s",
			 gate_sentence(gate, text));
}

static int gate_sides(const struct request *request, struct error *error)
{
	struct side *sides = command_sides_read(request->sides.list, 2, error);
	struct gate gate;
	int err;

	/* who built or booted nothing has no sound record: that is no kernel that is slower */
	if (!sides && error->outcome != OUTCOME_BROKEN)
		error->outcome = OUTCOME_UNTOLD;
	if (!sides) {
		gate_print_nothing(error->text, request->format, stdout);
		return -EINVAL;
	}
	err = gate_init(&gate, &sides[0].set, &sides[1].set, &request->options, error);
	if (!err) {
		err = gate_show(request, &gate, error);
		gate_cleanup(&gate);
	} else if (error->outcome == OUTCOME_UNTOLD) {
		gate_print_nothing(error->text, request->format, stdout);
	}
	command_sides_free(sides, 2);
	return err;
}

static int request_check(const struct request *request, struct error *error)
{
	if (request->sides.count != 2)
		return error_set(error, OUTCOME_USE, EINVAL, "gate: %zu sides; must be two, A and B",
				 request->sides.count);
	if (request->options.limit_pct < 0)
		return error_set(error, OUTCOME_USE, EINVAL,
				 "gate: needs --slower PCT, what is too slow");
	return 0;
}

int command_gate(int argc, char **argv, struct error *error)
{
	struct request request = {
		.sides.list = calloc(argc, sizeof(char *)),
		.pairs = calloc(argc, sizeof(struct compare_pair)),
		.options.limit_pct = -1,
	};
	int err;

	/* 1 is an answer, and git bisect run believes it */
	outfile_stdout_fails_as(OUTCOME_UNTOLD);
	request.options.pairs = request.pairs;
	if (!request.sides.list || !request.pairs)
		err = error_set(error, OUTCOME_BROKEN, ENOMEM, "out of memory");
	else
		err = options_parse(&gate_options, argc, argv, &request, error);
	if (!err)
		err = request_check(&request, error);
	if (!err)
		err = gate_sides(&request, error);
	free(request.sides.list);
	free(request.pairs);
	return err;
}
