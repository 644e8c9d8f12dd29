// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/command/commands.h"
#include "analysis/plot/index.h"
#include "analysis/plot/terminal.h"
#include "analysis/view/page.h"
#include "analysis/view/report.h"
#include "lib/options.h"
#include "lib/outfile.h"
#include "record/list.h"

/* What the user asked for. @plot is "" for all plots. */
struct request {
	const char *output;
	const char *html;
	const char *plots;
	const char *plot;
	const char *baseline;
	int format;
	bool all;
	int seed;
	struct option_arguments files;
};

/* Leaves what follows the colon, or an empty text. */
static int plot_parse(const char *value, void *data, struct error *error)
{
	static const char terminal[] = "dumb";
	struct request *request = data;

	if (!strncmp(value, terminal, strlen(terminal))) {
		request->plot = value + strlen(terminal);
		if (!*request->plot)
			return 0;
		if (*request->plot++ == ':' && *request->plot)
			return 0;
	}
	return error_set(error, OUTCOME_USE, EINVAL, "plot '%s': must be dumb or dumb:NAME", value);
}

static const struct option_row report_rows[] = {
	OPTION_ROW("o,output", "DIR", OPTION_TEXT, request, output,
		   "Also write the full tables (table.txt, table.md) and the plot data into DIR"),
	OPTION_ROW("html", "FILE", OPTION_TEXT, request, html, "Also write one page with everything, "
		   "plots included, that needs nothing else; -: to standard output, alone"),
	OPTION_ROW("plots", "DIR", OPTION_TEXT, request, plots,
		   "For that page take the plots that were drawn in DIR before"),
	OPTION_PARSE_ROW("plot", "dumb[:NAME]", plot_parse, "Instead of tables show plots in the "
			 "terminal: those that match the pattern NAME"),
	OPTION_CHOICE_ROW("f,format", TABLE_FORMATS, request, format,
			  "Form of the tables [text]"),
	OPTION_ROW("b,baseline", "VARIANT", OPTION_TEXT, request, baseline,
		   "What speed-ups are relative to [the lookup of the stock kernel]"),
	OPTION_ROW("a,all", NULL, OPTION_FLAG, request, all,
		   "Show every size, not only those up to 4K, 2M, 1G, and the largest"),
	OPTION_NUMBER_ROW("s,seed", "N", request, seed, 0, INT_MAX,
			  "Of the random numbers behind the intervals [1]"),
	OPTION_END,
};

static const struct options report_options = {
	.name = "barmap report",
	.summary = "Tables and plot data from record files. Give the stock kernel's record and the "
		   "patched one's together to see both.",
	.rows = report_rows,
	.arguments = "FILE...",
	.arguments_offset = offsetof(struct request, files),
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
	return err ? err : plotdata_write(report->set, directory, error);
}

static int baseline_check(const struct set *set, const char *baseline, struct error *error)
{
	size_t i;

	for (i = 0; i < set->subjects_count; i++)
		if (!strcmp(set->subjects[i].variant, baseline))
			return 0;
	return error_set(error, OUTCOME_USE, EINVAL,
			 "baseline '%s': must be a variant in the records", baseline);
}

static int report_outputs(const struct report *report, const struct request *request,
			  struct error *error)
{
	bool page_alone = request->html && !strcmp(request->html, "-");
	int err = 0;

	if (request->output)
		err = write_files(report, request->output, error);
	if (!err && request->html)
		err = page_write(report, page_alone ? "/dev/stdout" : request->html, request->plots,
				 error);
	if (err || page_alone)
		return err;
	if (request->plot)
		return plot_terminal_print(report->set, *request->plot ? request->plot : NULL,
					   error);
	err = report_print(report);
	return err ? error_set(error, OUTCOME_FAILED, -err, "standard output: %s", strerror(-err))
		   : 0;
}

static int report_set(struct set *set, const struct request *request, struct error *error)
{
	struct findings findings;
	const struct report report = {
		.set = set,
		.findings = &findings,
		.format = request->format,
		.all = request->all,
		.seed = request->seed,
		.out = stdout,
	};
	int err;

	if (request->baseline) {
		err = baseline_check(set, request->baseline, error);
		if (err)
			return err;
		set_relate(set, request->baseline);
	}
	if ((!set->exact && set_bootstrap(set, request->seed)) || findings_init(&findings, set))
		return error_set(error, OUTCOME_BROKEN, ENOMEM, "out of memory");
	err = report_outputs(&report, request, error);
	findings_cleanup(&findings);
	return err;
}

static int report_files(const struct request *request, struct error *error)
{
	struct record_list list;
	struct set set;
	int err;

	if (!request->files.count)
		return error_set(error, OUTCOME_USE, EINVAL,
				 "report: needs at least one record file");
	if (request->plots && !request->html)
		return error_set(error, OUTCOME_USE, EINVAL, "plots '%s': goes with --html only",
				 request->plots);
	err = record_list_read(&list, request->files.list, request->files.count, error);
	if (err)
		return err;
	err = set_init(&set, list.records, list.count, error);
	if (!err) {
		err = report_set(&set, request, error);
		set_cleanup(&set);
	}
	record_list_cleanup(&list);
	return err;
}

int command_report(int argc, char **argv, struct error *error)
{
	struct request request = {
		.files.list = calloc(argc, sizeof(char *)), .seed = BOOTSTRAP_SEED,
	};
	int err;

	if (!request.files.list)
		return error_set(error, OUTCOME_BROKEN, ENOMEM, "out of memory");
	err = options_parse(&report_options, argc, argv, &request, error);
	if (!err)
		err = report_files(&request, error);
	free(request.files.list);
	return err;
}
