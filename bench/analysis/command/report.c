// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/command/commands.h"
#include "record/list.h"
#include "lib/outfile.h"
#include "analysis/plot/terminal.h"
#include "analysis/plot/index.h"
#include "analysis/view/report.h"
#include "analysis/view/page.h"
#include "lib/options.h"

#define KEY_OUTPUT	'o'
#define KEY_FORMAT	'f'
#define KEY_BASELINE	'b'
#define KEY_ALL		'a'
#define KEY_SEED	's'
#define KEY_HTML	(OPTIONS_KEY_FIRST)
#define KEY_PLOTS	(OPTIONS_KEY_FIRST + 1)
#define KEY_PLOT	(OPTIONS_KEY_FIRST + 2)

/* What the user asked for. @files has room for every argument there is. */
struct request {
	const char *output;
	const char *html;
	const char *plots;
	const char *plot;
	const char *baseline;
	enum table_format format;
	bool all;
	long seed;
	char **files;
	size_t files_count;
};

static const struct argp_option report_table[] = {
	{ "output", KEY_OUTPUT, "DIR", 0,
	  "Also write the full tables (table.txt, table.md) and the plot data into DIR", 0 },
	{ "html", KEY_HTML, "FILE", 0,
	  "Also write one page with everything, plots included, that needs nothing else", 0 },
	{ "plots", KEY_PLOTS, "DIR", 0,
	  "For that page take the plots that were drawn in DIR before", 0 },
	{ "plot", KEY_PLOT, "dumb[:NAME]", 0,
	  "Instead of tables show plots in the terminal: those that match the pattern NAME", 0 },
	{ "format", KEY_FORMAT, "text|markdown", 0, "Form of the tables [text]", 0 },
	{ "baseline", KEY_BASELINE, "VARIANT", 0,
	  "What speed-ups are relative to [follow_pfn]", 0 },
	{ "all", KEY_ALL, NULL, 0,
	  "Show every size, not only those up to 4K, 2M, 1G, and the largest", 0 },
	{ "seed", KEY_SEED, "N", 0, "Of the random numbers behind the intervals [1]", 0 },
	{ 0 },
};

static int format_take(const char *value, enum table_format *format, struct error *error)
{
	if (!strcmp(value, "text"))
		*format = TABLE_TEXT;
	else if (!strcmp(value, "markdown"))
		*format = TABLE_MARKDOWN;
	else
		return error_set(error, OUTCOME_USE, EINVAL,
				 "format '%s': must be text or markdown", value);
	return 0;
}

/* Leaves in *glob what follows the colon, or an empty text. */
static int plot_take(const char *value, const char **glob, struct error *error)
{
	static const char terminal[] = "dumb";

	if (!strncmp(value, terminal, strlen(terminal))) {
		*glob = value + strlen(terminal);
		if (!**glob)
			return 0;
		if (*(*glob)++ == ':' && **glob)
			return 0;
	}
	return error_set(error, OUTCOME_USE, EINVAL, "plot '%s': must be dumb or dumb:NAME", value);
}

static int report_take(int key, const char *value, void *data, struct error *error)
{
	struct request *request = data;

	switch (key) {
	case ARGP_KEY_ARG:
		request->files[request->files_count++] = (char *)value;
		return 0;
	case KEY_OUTPUT:
		request->output = value;
		return 0;
	case KEY_HTML:
		request->html = value;
		return 0;
	case KEY_PLOTS:
		request->plots = value;
		return 0;
	case KEY_PLOT:
		return plot_take(value, &request->plot, error);
	case KEY_FORMAT:
		return format_take(value, &request->format, error);
	case KEY_BASELINE:
		request->baseline = value;
		return 0;
	case KEY_ALL:
		request->all = true;
		return 0;
	case KEY_SEED:
		return options_number("seed", value, 0, INT_MAX, &request->seed, error);
	default:
		return error_set(error, OUTCOME_BROKEN, EINVAL, "option key %d is not handled",
				 key);
	}
}

static const struct options report_options = {
	.name = "barmap report",
	.summary = "Tables and plot data from record files. Give the untouched kernel's record and "
		   "the patched one's together to see both.",
	.table = report_table,
	.arguments = "FILE...",
	.take = report_take,
};

static int write_table(struct report report, enum table_format format, const char *directory,
		       const char *name, struct error *error)
{
	struct outfile file;
	int err;

	err = outfile_open(&file, true, error, "%s/%s", directory, name);
	if (err)
		return err;
	report.out = file.stream;
	report.format = format;
	report.all = true;
	err = report_print(&report);
	if (!err)
		return outfile_commit(&file, error);
	outfile_abandon(&file);
	return error_set(error, OUTCOME_BROKEN, -err, "%s: %s", name, strerror(-err));
}

static int write_files(const struct report *report, const char *directory, struct error *error)
{
	int err;

	err = outfile_directory(directory, error);
	if (!err)
		err = write_table(*report, TABLE_TEXT, directory, "table.txt", error);
	if (!err)
		err = write_table(*report, TABLE_MARKDOWN, directory, "table.md", error);
	return err ? err : plotdata_write(report, directory, error);
}

static int baseline_check(const struct set *set, const char *baseline, struct error *error)
{
	size_t i;

	for (i = 0; i < set->kernels_count; i++)
		if (set_subject_find(set, i, baseline) >= 0)
			return 0;
	return error_set(error, OUTCOME_USE, EINVAL,
			 "baseline '%s': must be a variant in the records", baseline);
}

static int report_set(const struct set *set, const struct request *request, struct error *error)
{
	struct report report = {
		.set = set,
		.format = request->format,
		.baseline = request->baseline ? request->baseline : "follow_pfn",
		.all = request->all,
		.seed = request->seed,
		.out = stdout,
	};
	int err = 0;

	if (request->baseline)
		err = baseline_check(set, request->baseline, error);
	if (!err && request->output)
		err = write_files(&report, request->output, error);
	if (!err && request->html)
		err = report_html_write(&report, request->html, request->plots, error);
	if (err)
		return err;
	if (request->plot)
		return plot_terminal_print(&report, *request->plot ? request->plot : NULL, error);
	err = report_print(&report);
	if (!err && fflush(stdout))
		err = -errno;
	return err ? error_set(error, OUTCOME_FAILED, -err, "standard output: %s", strerror(-err))
		   : 0;
}

static int report_files(const struct request *request, struct error *error)
{
	struct record_list list;
	struct set set;
	int err;

	if (!request->files_count)
		return error_set(error, OUTCOME_USE, EINVAL,
				 "report: needs at least one record file");
	if (request->plots && !request->html)
		return error_set(error, OUTCOME_USE, EINVAL, "plots '%s': goes with --html only",
				 request->plots);
	err = record_list_read(&list, request->files, request->files_count, error);
	if (err)
		return err;
	err = set_init(&set, list.records, list.count, error);
	if (!err) {
		if (!set_is_exact(&set) && set_bootstrap(&set, request->seed))
			err = error_set(error, OUTCOME_BROKEN, ENOMEM, "out of memory");
		else
			err = report_set(&set, request, error);
		set_cleanup(&set);
	}
	record_list_cleanup(&list);
	return err;
}

int command_report(int argc, char **argv, struct error *error)
{
	struct request request = {
		.files = calloc(argc, sizeof(char *)),
		.seed = BOOTSTRAP_SEED,
	};
	int err;

	if (!request.files)
		return error_set(error, OUTCOME_BROKEN, ENOMEM, "out of memory");
	err = options_parse(&report_options, argc, argv, &request, error);
	if (!err)
		err = report_files(&request, error);
	free(request.files);
	return err;
}
