// SPDX-License-Identifier: GPL-2.0-or-later
/* Nothing, measured like everything else: what the harness itself costs. */
#include "cases/registry.h"

static int null_run(void *state)
{
	(void)state;
	return 0;
}

static const struct case_op null_ops[] = {
	{ .name = "null", .run = null_run },
};

static const struct bench_case null_cases[] = {
	{
		.name = "null",
		.summary = "an empty operation: what the harness itself costs",
		.axes.tables = CASE_TABLES_NONE,
		.ops = null_ops,
		.ops_count = 1,
	},
};

const struct case_family case_family_null = { null_cases, 1 };
