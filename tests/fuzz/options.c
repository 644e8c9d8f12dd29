// SPDX-License-Identifier: GPL-2.0-or-later
/* Any lines as the words of barmap run: they are refused with one line, or make a plan. */
#include <stdlib.h>
#include <string.h>

#include "cases/registry.h"
#include "command/run_options.h"
#include "fuzz.h"
#include "harness/plan.h"
#include "lib/size.h"

#define WORDS_MAX	64

/* Help is printed, and then the program ends. */
static int is_help(const char *word)
{
	return !strncmp(word, "--h", 3);
}

static void refused(const struct error *error)
{
	if (!error->text[0] || strchr(error->text, '\n'))
		abort();
}

static void plan(const struct run_options *options)
{
	static const struct variant_set set = { .names = { "follow_pfn", "vma_to_pfn" }, .count = 2 };
	const struct bench_case *cases[PLAN_CASES_MAX];
	size_t count = cases_list(cases, PLAN_CASES_MAX);
	struct error error = { .text = "" };
	struct plan plan;
	bool clipped;

	if (plan_init(&plan, &options->plan, cases, count, &set, SZ_4K, &error) ||
	    plan_fit(&plan, 16 * SZ_1G, &clipped, &error) ||
	    plan_shard(&plan, &options->shard, &error)) {
		refused(&error);
		return;
	}
	if (!plan.cases_count || plan_largest_size(&plan) > 16 * SZ_1G)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
	char *text = calloc(bytes + 1, 1), *rest = text, *argv[WORDS_MAX + 2] = { (char *)"run" };
	struct error error = { .text = "" };
	struct run_options options;
	int argc = 1;

	if (!text)
		abort();
	memcpy(text, data, bytes);
	while (argc <= WORDS_MAX && rest) {
		argv[argc] = strsep(&rest, "\n");
		argc += !is_help(argv[argc]);
	}
	argv[argc] = NULL;
	if (run_options_parse(&options, argc, argv, &error))
		refused(&error);
	else
		plan(&options);
	free(text);
	return 0;
}
