// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/view/report.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>

#include "analysis/view/conditions.h"
#include "analysis/document/html.h"
#include "analysis/view/case_table.h"
#include "analysis/view/checks.h"
#include "analysis/view/memory.h"
#include "analysis/view/noise.h"

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

const struct set_series *report_baseline(const struct report *report, size_t subject,
					 const struct set_series *series)
{
	long baseline = set_baseline(report->set, subject, report->baseline);

	if (baseline < 0)
		return NULL;
	return set_find(report->set, baseline, series->key->case_name, series->key->op,
			series->key->size_bytes);
}

double report_speedup(const struct report *report, const struct set_series *series)
{
	long subject = set_subject_find(report->set, series->kernel, series->key->variant);
	const struct set_series *baseline = report_baseline(report, subject, series);

	if (!baseline || !(series->summary.median > 0))
		return NAN;
	return baseline->summary.median / series->summary.median;
}

static void head_print(const struct report *report)
{
	const struct set *set = report->set;
	size_t i;

	fputs(report->format == TABLE_MARKDOWN ? "## barmap report\n\n" : "barmap report\n\n",
	      report->out);
	conditions_print(set, report->format, report->out);
	for (i = 1; i < set->records_count; i++)
		conditions_print_differences(&set->records[0], &set->records[i], report->format,
					     report->out);
	fprintf(report->out, "\nspeed-up = cost of %s / cost of the row\n", report->baseline);
	if (!set_is_exact(set))
		fprintf(report->out, "%s95 %% of the median: bootstrap, %d replicates, seed %lu; "
			"outliers: beyond the median\nby more than %g x 1.4826 MAD; they are "
			"counted, not dropped\n",
			report->format == TABLE_MARKDOWN ? "\n" : "", BOOTSTRAP_REPLICATES,
			report->seed, STATS_OUTLIER_SIGMAS);
}

int report_print(const struct report *report)
{
	static int (*const checks[])(const struct report *report) = {
		report_memory_print,
		report_stock_print,
		report_repeats_print,
		report_drift_print,
		report_outliers_print,
		report_harness_print,
	};
	size_t i;
	int err;

	head_print(report);
	for (i = 0; i < report->set->cases_count; i++) {
		err = report_case_print(report, &report->set->cases[i]);
		if (err)
			return err;
	}
	for (i = 0; i < sizeof(checks) / sizeof(checks[0]); i++) {
		err = checks[i](report);
		if (err)
			return err;
	}
	return ferror(report->out) ? -EIO : 0;
}
