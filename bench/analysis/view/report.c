// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/view/report.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>

#include "analysis/document/html.h"
#include "analysis/view/conditions.h"
#include "analysis/view/result.h"

static const struct {
	const char *before;
	const char *after;
} title_marks[] = {
	[TABLE_TEXT] = { "\n", "\n\n" },
	[TABLE_MARKDOWN] = { "\n### ", "\n\n" },
	[TABLE_HTML] = { "<h3>", "</h3>\n" },
};

static void report_print_text(const struct report *report, const char *format, va_list args)
	__attribute__((format(printf, 2, 0)));

static void report_print_text(const struct report *report, const char *format, va_list args)
{
	if (report->format == TABLE_HTML)
		html_vprint(report->out, format, args);
	else
		vfprintf(report->out, format, args);
}

void report_title(const struct report *report, const char *format, ...)
{
	va_list args;

	fputs(title_marks[report->format].before, report->out);
	va_start(args, format);
	report_print_text(report, format, args);
	va_end(args);
	fputs(title_marks[report->format].after, report->out);
}

void report_say(const struct report *report, const char *format, ...)
{
	va_list args;

	fputs(report->format == TABLE_HTML ? "<p>" : "", report->out);
	va_start(args, format);
	report_print_text(report, format, args);
	va_end(args);
	fputs(report->format == TABLE_HTML ? "</p>\n" : "", report->out);
}

static void head_print(const struct report *report)
{
	const struct set *set = report->set;
	const struct finding *finding;

	fputs(report->format == TABLE_MARKDOWN ? "## barmap report\n\n" : "barmap report\n\n",
	      report->out);
	conditions_print(set, report->format, report->out);
	fputs(report->format == TABLE_MARKDOWN ? "\n### Findings\n\n" : "\nFindings\n\n", report->out);
	for (finding = report->findings->list;
	     finding < report->findings->list + report->findings->count; finding++)
		conditions_line(report->format, report->out, finding->grave ? "warning" : "note",
				"%s", finding->text);
	fprintf(report->out, "\nspeed-up = cost of %s / cost of the row\n", set->baseline);
	if (!set->exact)
		fprintf(report->out, "%s95 %% of the median: bootstrap, %d replicates, seed %lu\n",
			report->format == TABLE_MARKDOWN ? "\n" : "", BOOTSTRAP_REPLICATES,
			report->seed);
}

int report_result_print(const struct report *report)
{
	struct result result;
	struct table table;
	char *sentence;
	int err;

	result_find(report->set, &result);
	if (!result.aligned)
		return 0;
	sentence = result_sentence(report->set, &result);
	if (report->format != TABLE_HTML)
		report_title(report, "The result");
	if (sentence)
		report_say(report, report->format == TABLE_HTML ? "%s" : "%s\n\n", sentence);
	free(sentence);
	result_heads(report->set, &result, &table);
	result_rows(report->set, &result, true, false, &table);
	err = table_print(&table, report->format, report->out);
	table_cleanup(&table);
	return err;
}

int report_print(const struct report *report)
{
	size_t i;
	int err;

	head_print(report);
	err = report_result_print(report);
	for (i = 0; i < report->set->cases_count && !err; i++)
		err = report_case_print(report, &report->set->cases[i]);
	if (!err)
		err = report_memory_print(report);
	if (!err)
		err = report_controls_print(report);
	return !err && ferror(report->out) ? -EIO : err;
}
