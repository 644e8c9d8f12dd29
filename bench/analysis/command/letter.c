// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/command/commands.h"
#include "analysis/view/letter.h"
#include "lib/glob.h"
#include "lib/options.h"
#include "record/list.h"

/* As the option names them, in that order. */
#define LETTER_FORMATS "text|full|changelog"
enum letter_format { LETTER_TEXT, LETTER_FULL, LETTER_CHANGELOG };

/* What the user asked for. */
struct request {
	int format;
	const char *patterns;
	const char *before;
	const char *after;
	int seed;
	struct option_arguments files;
};

static const struct option_row letter_rows[] = {
	OPTION_CHOICE_ROW("f,format", LETTER_FORMATS, request, format,
			  "text: the results section of a cover letter, in 60 lines. full: with every "
			  "case. changelog: a small table for one patch, of the record before it and "
			  "the one after it [text]"),
	OPTION_ROW("c,case", "GLOB[,GLOB...]", OPTION_TEXT, request, patterns,
		   "Cases of the changelog table [all]"),
	OPTION_ROW("b,baseline", "VARIANT", OPTION_TEXT, request, before,
		   "The lookup before, in the first kernel [stock, else its own]"),
	OPTION_ROW("v,variant", "VARIANT", OPTION_TEXT, request, after,
		   "The lookup after, in the last kernel [vma_to_pfn, else stock]"),
	OPTION_NUMBER_ROW("s,seed", "N", request, seed, 0, INT_MAX,
			  "Of the random numbers behind the intervals [1]"),
	OPTION_END,
};

static const struct options letter_options = {
	.name = "barmap cover-letter",
	.summary = "What was measured, as plain text for a mail that brings patches. Give the "
		   "records of the kernel before and of the kernel after. The line that says what "
		   "was emulated cannot be left out, nor what became worse.",
	.rows = letter_rows,
	.arguments = "RECORD...",
	.arguments_offset = offsetof(struct request, files),
};

static int section_print(const struct request *request, const struct record_list *list,
			 struct error *error)
{
	const struct sides_request sides_request = {
		.records = list->records,
		.count = list->count,
		.before = request->before,
		.after = request->after,
		.seed = request->seed,
	};
	struct sides sides;
	int err;

	err = sides_init(&sides, &sides_request, error);
	if (err)
		return err;
	err = letter_print(&sides, request->format == LETTER_FULL, stdout);
	sides_cleanup(&sides);
	return err ? error_set(error, OUTCOME_FAILED, -err, "standard output: %s", strerror(-err))
		   : 0;
}

static int request_check(const struct request *request, struct error *error)
{
	if (request->format == LETTER_CHANGELOG && request->files.count != 2)
		return error_set(error, OUTCOME_USE, EINVAL,
				 "cover-letter: format changelog needs two records, BEFORE and "
				 "AFTER");
	if (request->format == LETTER_CHANGELOG && (request->before || request->after))
		return error_set(error, OUTCOME_USE, EINVAL,
				 "cover-letter: baseline and variant are not taken by format "
				 "changelog, which compares namesakes");
	if (!request->files.count)
		return error_set(error, OUTCOME_USE, EINVAL,
				 "cover-letter: needs at least one record file");
	if (request->patterns && request->format != LETTER_CHANGELOG)
		return error_set(error, OUTCOME_USE, EINVAL,
				 "case '%s': only for format changelog; the letter shows all cases",
				 request->patterns);
	if (request->patterns && strlen(request->patterns) >= GLOB_PATTERN_BYTES)
		return error_set(error, OUTCOME_USE, EINVAL,
				 "case '%s': must be shorter than %d characters",
				 request->patterns, GLOB_PATTERN_BYTES);
	return 0;
}

static int letter_files(const struct request *request, struct error *error)
{
	struct record_list list;
	int err;

	err = request_check(request, error);
	if (!err)
		err = record_list_read(&list, request->files.list, request->files.count, error);
	if (err)
		return err;
	if (request->format == LETTER_CHANGELOG)
		err = letter_changelog_print(&list.records[0], &list.records[1], request->patterns,
					     request->seed, stdout, error);
	else
		err = section_print(request, &list, error);
	record_list_cleanup(&list);
	return err;
}

int command_letter(int argc, char **argv, struct error *error)
{
	struct request request = {
		.files.list = calloc(argc, sizeof(char *)), .seed = BOOTSTRAP_SEED,
	};
	int err;

	if (!request.files.list)
		return error_set(error, OUTCOME_BROKEN, ENOMEM, "out of memory");
	err = options_parse(&letter_options, argc, argv, &request, error);
	if (!err)
		err = letter_files(&request, error);
	free(request.files.list);
	return err;
}
