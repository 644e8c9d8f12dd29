// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/view/page_parts.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/view/conditions.h"
#include "analysis/model/drift.h"
#include "analysis/document/number.h"
#include "analysis/document/html.h"
#include "analysis/view/checks.h"
#include "lib/size.h"

/* A deviation of the old path beyond this is more than another layout of the code. */
#define DEVIATION_LIMIT_PCT 2.0

/* A spread of samples beyond this is more than timer ticks, where they are counted. */
#define SPREAD_LIMIT_PCT 1.0

/* Not by colour alone. */
static void item(FILE *out, bool grave, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static void item(FILE *out, bool grave, const char *format, ...)
{
	va_list args;

	fputs(grave ? "<li class=\"warning\"><strong>Warning:</strong> "
		    : "<li><strong>Note:</strong> ", out);
	va_start(args, format);
	html_vprint(out, format, args);
	va_end(args);
	fputs("</li>\n", out);
}

static void difference_item(const char *path, const json_t *a_value, const json_t *b_value,
			    void *data)
{
	char *a = a_value ? json_dumps(a_value, JSON_ENCODE_ANY | JSON_COMPACT) : NULL;
	char *b = b_value ? json_dumps(b_value, JSON_ENCODE_ANY | JSON_COMPACT) : NULL;

	item(data, true, "the records were made under different conditions: %s is %.120s and "
	     "%.120s.", path, a ? a : "not there", b ? b : "not there");
	free(a);
	free(b);
}

static void mode_items(const struct report *report)
{
	const struct record *record = &report->set->records[0];

	if (!strcmp(record->env.mode, "tcg"))
		item(report->out, true, "times of an emulation: they show that it runs, and prove "
		     "no cost.");
	if (strcmp(record->env.mode, "icount") && report->set->records_count ==
	    report->set->kernels_count)
		item(report->out, true, "one boot of each kernel: the intervals do not show by how "
		     "much boots differ.");
}

static void tool_items(const struct report *report)
{
	const char *revision;
	size_t i;

	for (i = 0; i < report->set->records_count; i++) {
		revision = json_string_value(record_env_value(&report->set->records[i],
							      "tool.revision"));
		if (revision && strstr(revision, "-dirty"))
			item(report->out, true, "%s was measured by a source with uncommitted changes "
			     "(%s).", report->set->records[i].env.kernel_name, revision);
	}
}

static void stock_item(const struct report *report)
{
	struct report_deviation deviation;
	char change[FORMAT_TEXT_BYTES], size[SIZE_TEXT_BYTES];

	report_stock_deviation(report, &deviation);
	if (!deviation.cells) {
		item(report->out, true, "no control: the records do not hold both an untouched "
		     "kernel and %s of a patched one.", report->baseline);
		return;
	}
	item(report->out, fabs(deviation.worst_pct) > DEVIATION_LIMIT_PCT,
	     "%s of the patched kernel deviates from the untouched kernel by at most %s in %zu "
	     "cells (%s %s %s); up to %.0f %% is another layout of the code.", report->baseline,
	     format_change(deviation.worst_pct, change), deviation.cells,
	     deviation.worst->key->case_name, deviation.worst->key->op,
	     size_format(deviation.worst->key->size_bytes, size), DEVIATION_LIMIT_PCT);
}

static void repeats_item(const struct report *report)
{
	double widest_pct;
	size_t count;

	if (!set_is_exact(report->set))
		return;
	count = report_repeats_differing(report, &widest_pct);
	if (count)
		item(report->out, widest_pct > SPREAD_LIMIT_PCT,
		     "%zu of %zu cells, marked ~, have samples that differ, by up to %.4f %%; timer "
		     "ticks explain up to %.0f %%.", count, report->set->series_count, widest_pct,
		     SPREAD_LIMIT_PCT);
	else
		item(report->out, false, "in all %zu cells every sample equals the first.",
		     report->set->series_count);
}

static void outliers_item(const struct report *report)
{
	size_t i, outliers = 0;

	if (set_is_exact(report->set))
		return;
	for (i = 0; i < report->set->series_count; i++)
		outliers += report->set->series[i].summary.outliers;
	item(report->out, false, "%zu of %zu samples are outliers; none is dropped.", outliers,
	     report->set->samples);
}

static int drift_item(const struct report *report)
{
	struct drift *drifts;
	size_t tested, found;
	char worst[FORMAT_TEXT_BYTES];

	if (set_is_exact(report->set))
		return 0;
	if (drift_find(report->set, &drifts, &tested, &found))
		return -ENOMEM;
	if (found)
		item(report->out, true, "%zu of %zu cells drift, by up to %s from the first third "
		     "of their samples to the last.", found, tested,
		     format_change(drifts[0].change_pct, worst));
	free(drifts);
	return 0;
}

static void harness_items(const struct report *report)
{
	double share_pct;
	size_t i;

	for (i = 0; i < report->set->kernels_count; i++) {
		share_pct = report_harness_share_pct(report, i);
		if (isnan(share_pct))
			item(report->out, true, "%s: what the empty harness costs is not known.",
			     report->set->kernels[i].name);
		else
			item(report->out, share_pct >= REPORT_HARNESS_LIMIT_PCT,
			     "%s: the empty harness costs %.2f %% of the smallest operation; below "
			     "%.0f %% is asked for.", report->set->kernels[i].name, share_pct,
			     REPORT_HARNESS_LIMIT_PCT);
	}
}

int report_html_warnings(const struct report *report)
{
	const struct set *set = report->set;
	size_t i;
	int err;

	fputs("<ul class=\"warnings\">\n", report->out);
	mode_items(report);
	for (i = 1; i < set->records_count; i++)
		conditions_compare(&set->records[0], &set->records[i], difference_item, report->out);
	tool_items(report);
	stock_item(report);
	repeats_item(report);
	outliers_item(report);
	err = drift_item(report);
	harness_items(report);
	fputs("</ul>\n", report->out);
	return err;
}

void report_html_unit(const struct report *report)
{
	FILE *out = report->out;

	if (!set_is_exact(report->set)) {
		html_element(out, "p", "A cost is the median of the samples, or of the boots' "
			     "medians. Its 95 %% interval is a bootstrap of %d replicates with seed "
			     "%lu. Outliers are counted, not dropped.", BOOTSTRAP_REPLICATES,
			     report->seed);
		return;
	}
	html_element(out, "p", "The emulator counts the instructions that the guest executes. That "
		     "is how much work the kernel does, how it grows with size, and what part of it "
		     "is lookup: two runs of one build agree to the last digit where no timer tick "
		     "falls into the operation. Such cells have one figure; a ~ marks the others.");
	html_element(out, "p", "It is not time. An instruction is not a nanosecond: caches, TLB "
		     "misses, memory and the wait for an IOTLB flush cost nothing here, so a ratio "
		     "of times on hardware may well differ from these ratios. To claim time, run "
		     "barmap on hardware.");
}
