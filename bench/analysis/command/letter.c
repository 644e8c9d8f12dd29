// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/command/commands.h"
#include "record/list.h"
#include "analysis/view/letter.h"
#include "lib/glob.h"
#include "lib/options.h"

#define KEY_FORMAT	'f'
#define KEY_CASE	'c'
#define KEY_BASELINE	'b'
#define KEY_VARIANT	'v'
#define KEY_SEED	's'

/* What the user asked for. @files has room for every argument there is. */
struct request {
	bool changelog;
	const char *patterns;
	const char *before;
	const char *after;
	long seed;
	char **files;
	size_t files_count;
};

static const struct argp_option letter_table[] = {
	{ "format", KEY_FORMAT, "text|changelog", 0,
	  "text: the results section of a cover letter. changelog: a small table for one patch, "
	  "of the record before it and the one after it [text]", 0 },
	{ "case", KEY_CASE, "GLOB[,GLOB...]", 0, "Cases of the changelog table [all]", 0 },
	{ "baseline", KEY_BASELINE, "VARIANT", 0,
	  "The lookup before, in the first kernel [stock, else follow_pfn]", 0 },
	{ "variant", KEY_VARIANT, "VARIANT", 0,
	  "The lookup after, in the last kernel [vma_to_pfn, else stock]", 0 },
	{ "seed", KEY_SEED, "N", 0, "Of the random numbers behind the intervals [1]", 0 },
	{ 0 },
};

static int format_take(const char *value, bool *changelog, struct error *error)
{
	*changelog = !strcmp(value, "changelog");
	if (*changelog || !strcmp(value, "text"))
		return 0;
	return error_set(error, OUTCOME_USE, EINVAL, "format '%s': must be text or changelog",
			 value);
}

static int letter_take(int key, const char *value, void *data, struct error *error)
{
	struct request *request = data;

	switch (key) {
	case ARGP_KEY_ARG:
		request->files[request->files_count++] = (char *)value;
		return 0;
	case KEY_FORMAT:
		return format_take(value, &request->changelog, error);
	case KEY_CASE:
		request->patterns = value;
		return 0;
	case KEY_BASELINE:
		request->before = value;
		return 0;
	case KEY_VARIANT:
		request->after = value;
		return 0;
	case KEY_SEED:
		return options_number("seed", value, 0, INT_MAX, &request->seed, error);
	default:
		return error_set(error, OUTCOME_BROKEN, EINVAL, "option key %d is not handled",
				 key);
	}
}

static const struct options letter_options = {
	.name = "barmap cover-letter",
	.summary = "What was measured, as plain text for a mail that brings patches. Give the "
		   "records of the kernel before and of the kernel after. The line that says what "
		   "was emulated cannot be left out, nor what became worse.",
	.table = letter_table,
	.arguments = "RECORD...",
	.take = letter_take,
};

static int section_print(const struct request *request, const struct record_list *list,
			 struct error *error)
{
	const struct letter_request sides = {
		.records = list->records,
		.count = list->count,
		.before = request->before,
		.after = request->after,
		.seed = request->seed,
	};
	struct letter letter;
	int err;

	err = letter_init(&letter, &sides, error);
	if (err)
		return err;
	err = letter_print(&letter, stdout);
	if (!err && fflush(stdout))
		err = -errno;
	letter_cleanup(&letter);
	return err ? error_set(error, OUTCOME_FAILED, -err, "standard output: %s", strerror(-err))
		   : 0;
}

static int changelog_print(const struct request *request, const struct record_list *list,
			   struct error *error)
{
	int err;

	err = letter_changelog_print(&list->records[0], &list->records[1], request->patterns,
				     request->seed, stdout, error);
	if (!err && fflush(stdout))
		err = error_set(error, OUTCOME_FAILED, errno, "standard output: %s",
				strerror(errno));
	return err;
}

static int request_check(const struct request *request, struct error *error)
{
	if (request->changelog && request->files_count != 2)
		return error_set(error, OUTCOME_USE, EINVAL,
				 "cover-letter: format changelog needs two records, BEFORE and "
				 "AFTER");
	if (request->changelog && (request->before || request->after))
		return error_set(error, OUTCOME_USE, EINVAL,
				 "cover-letter: baseline and variant are not taken by format "
				 "changelog, which compares namesakes");
	if (!request->files_count)
		return error_set(error, OUTCOME_USE, EINVAL,
				 "cover-letter: needs at least one record file");
	if (request->patterns && !request->changelog)
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
		err = record_list_read(&list, request->files, request->files_count, error);
	if (err)
		return err;
	if (request->changelog)
		err = changelog_print(request, &list, error);
	else
		err = section_print(request, &list, error);
	record_list_cleanup(&list);
	return err;
}

int command_letter(int argc, char **argv, struct error *error)
{
	struct request request = {
		.files = calloc(argc, sizeof(char *)),
		.seed = BOOTSTRAP_SEED,
	};
	int err;

	if (!request.files)
		return error_set(error, OUTCOME_BROKEN, ENOMEM, "out of memory");
	err = options_parse(&letter_options, argc, argv, &request, error);
	if (!err)
		err = letter_files(&request, error);
	free(request.files);
	return err;
}
