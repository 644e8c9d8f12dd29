// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/model/findings.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/number.h"
#include "analysis/model/differences.h"
#include "lib/size.h"

static void __attribute__((format(printf, 3, 4))) finding_add(struct findings *findings,
							      bool grave, const char *format, ...)
{
	struct finding *grown;
	va_list args;
	char *text;
	int length;

	va_start(args, format);
	length = vasprintf(&text, format, args);
	va_end(args);
	grown = reallocarray(findings->list, findings->count + 1, sizeof(*grown));
	if (grown)
		findings->list = grown;
	if (length < 0 || !grown) {
		findings->failed = true;
		if (length >= 0)
			free(text);
		return;
	}
	grown[findings->count++] = (struct finding){ grave, text };
}

static void add_mode(struct findings *findings, const struct set *set)
{
	if (!strcmp(set->records[0].env.mode, "tcg"))
		finding_add(findings, true, "times of an emulation: they show that it runs, and "
			    "prove no cost");
	if (!set->exact && set->records_count == set->kernels_count)
		finding_add(findings, true, "one boot of each kernel: the intervals do not show by "
			    "how much boots differ");
}

static void add_difference(const char *path, const json_t *a_value, const json_t *b_value,
			   void *data)
{
	char *text = differences_text(a_value, b_value);

	finding_add(data, true, "%s differs between the records: %s", path, text ? text : "?");
	free(text);
}

static void add_records(struct findings *findings, const struct set *set)
{
	const struct record *record;
	char size[SIZE_TEXT_BYTES];
	struct record_skip skip;
	char error[64];
	json_t *item;
	size_t i;

	for (record = set->records; record < set->records + set->records_count; record++) {
		if (record != set->records)
			differences_each(set->records, record, add_difference, findings);
		if (strstr(record->env.tool_revision, "-dirty"))
			finding_add(findings, true, "%s was measured by a source with uncommitted "
				    "changes (%s)", record->env.kernel_name,
				    record->env.tool_revision);
		json_array_foreach(record->env.skipped, i, item)
			if (!fields_read(item, record_skip_fields.fields, record_skip_fields.count,
					 false, &skip, error, sizeof(error)))
				finding_add(findings, false, "%s was not measured from %s on (%s): "
					    "%s", skip.case_name,
					    size_format(skip.from_bytes, size),
					    record->env.kernel_name, skip.reason);
	}
}

/* A control is what no series is to change: how the old lookup maps. */
static int stock_collect(struct findings *findings, const struct set *set)
{
	const struct set_series *series;

	findings->stock = calloc(set->series_count, sizeof(*findings->stock));
	if (!findings->stock)
		return -ENOMEM;
	for (series = set->series; series < set->series + set->series_count; series++)
		if (series->stock && series->stock != series && series->stock->summary.median > 0 &&
		    series->stock->kernel != series->kernel &&
		    !strcmp(series->key->op, "map") && !strcmp(series->key->variant, set->baseline))
			findings->stock[findings->stock_count++] = series;
	return 0;
}

const struct set_series *findings_stock_worst(const struct findings *findings, bool threaded,
					      size_t *count)
{
	const struct set_series *series, *worst = NULL;
	size_t i;

	*count = 0;
	for (i = 0; i < findings->stock_count; i++) {
		series = findings->stock[i];
		if (set_is_threaded(series) != threaded)
			continue;
		++*count;
		if (!worst || fabs(set_change_pct(series, series->stock)) >
			      fabs(set_change_pct(worst, worst->stock)))
			worst = series;
	}
	return worst;
}

/* Of the cases of threads apart: who comes first is part of their cost. */
static void add_stock(struct findings *findings, const struct set *set)
{
	char change[FORMAT_TEXT_BYTES], size[SIZE_TEXT_BYTES];
	const struct set_series *worst;
	size_t threaded, count;
	double change_pct;

	if (!findings->stock_count)
		finding_add(findings, true, "no control: the records do not hold both a stock kernel "
			    "and %s of a patched one", set->baseline);
	for (threaded = 0; threaded < 2; threaded++) {
		worst = findings_stock_worst(findings, threaded, &count);
		if (!worst)
			continue;
		change_pct = set_change_pct(worst, worst->stock);
		finding_add(findings, !threaded && fabs(change_pct) > FINDINGS_DEVIATION_PCT,
			    "%s of the patched kernel deviates from stock by at most %s in %zu "
			    "cells%s (%s %s %s)%s", set->baseline, format_change(change_pct, change),
			    count, threaded ? " of several threads" : "", worst->key->case_name,
			    worst->key->op, size_format(worst->key->size_bytes, size),
			    threaded ? "" : "; up to 2 % is another layout of the code");
	}
}

static int spread_compare(const void *a, const void *b)
{
	double x = set_spread_pct(*(const struct set_series *const *)a);
	double y = set_spread_pct(*(const struct set_series *const *)b);

	return x > y ? -1 : x < y;
}

static int add_repeats(struct findings *findings, const struct set *set)
{
	const struct set_series *series;
	double widest_pct;

	findings->differing = calloc(set->series_count, sizeof(*findings->differing));
	if (!findings->differing)
		return -ENOMEM;
	for (series = set->series; series < set->series + set->series_count; series++)
		if (series->summary.min != series->summary.max)
			findings->differing[findings->differing_count++] = series;
	qsort(findings->differing, findings->differing_count, sizeof(*findings->differing),
	      spread_compare);
	if (!findings->differing_count) {
		finding_add(findings, false, "in all %zu cells every sample equals the first",
			    set->series_count);
		return 0;
	}
	widest_pct = set_spread_pct(findings->differing[0]);
	finding_add(findings, widest_pct > FINDINGS_SPREAD_PCT, "%zu of %zu cells, marked ~, have "
		    "samples that differ, by up to %.4f %%; timer ticks explain up to %.0f %%",
		    findings->differing_count, set->series_count, widest_pct, FINDINGS_SPREAD_PCT);
	return 0;
}

static int add_noise(struct findings *findings, const struct set *set)
{
	char worst[FORMAT_TEXT_BYTES];
	size_t i, outliers = 0;

	for (i = 0; i < set->series_count; i++)
		outliers += set->series[i].summary.outliers;
	finding_add(findings, false, "%zu of %zu samples (%.2f %%) are outliers, beyond the median "
		    "of their cell by more than %g x 1.4826 MAD; none is dropped", outliers,
		    set->samples, 100.0 * outliers / set->samples, STATS_OUTLIER_SIGMAS);
	if (drift_find(set, &findings->drifts, &findings->drifts_tested, &findings->drifts_found))
		return -ENOMEM;
	if (!findings->drifts_tested)
		finding_add(findings, false, "whether costs drift is not known: no cell has %d "
			    "samples or more", DRIFT_SAMPLES_MIN);
	else if (!findings->drifts_found)
		finding_add(findings, false, "none of %zu cells drifts (Spearman's rank correlation "
			    "of cost and place in the run, Holm, 5 %%)", findings->drifts_tested);
	else
		finding_add(findings, true, "%zu of %zu cells drift, by up to %s from the first "
			    "third of their samples to the last", findings->drifts_found,
			    findings->drifts_tested,
			    format_change(findings->drifts[0].change_pct, worst));
	return 0;
}

static void add_harness(struct findings *findings, const struct set *set)
{
	char null[FORMAT_TEXT_BYTES], text[FORMAT_TEXT_BYTES], size[SIZE_TEXT_BYTES];
	const struct set_kernel *kernel;
	double share_pct;
	size_t i;

	for (i = 0; i < set->kernels_count; i++) {
		kernel = &set->kernels[i];
		if (!kernel->null || !kernel->smallest || !(kernel->smallest->summary.median > 0)) {
			finding_add(findings, true, "%s: what the empty harness costs is not known: "
				    "the record has no %s samples", kernel->name,
				    kernel->null ? "other" : "null");
			continue;
		}
		share_pct = 100 * kernel->null->summary.median / kernel->smallest->summary.median;
		finding_add(findings, share_pct >= FINDINGS_HARNESS_PCT, "%s: the empty harness costs "
			    "%s %s, %.2f %% of the smallest step (%s %s, %s %s %s %s): %s %.0f %%; "
			    "not subtracted", kernel->name,
			    format_cost(kernel->null->summary.median, null), set->unit, share_pct,
			    format_cost(kernel->smallest->summary.median, text), set->unit,
			    kernel->smallest->key->case_name, kernel->smallest->key->op,
			    kernel->smallest->key->variant,
			    size_format(kernel->smallest->key->size_bytes, size),
			    share_pct < FINDINGS_HARNESS_PCT ? "below" : "NOT BELOW",
			    FINDINGS_HARNESS_PCT);
	}
}

int findings_init(struct findings *findings, const struct set *set)
{
	int err;

	memset(findings, 0, sizeof(*findings));
	add_mode(findings, set);
	add_records(findings, set);
	err = stock_collect(findings, set);
	if (!err) {
		add_stock(findings, set);
		err = set->exact ? add_repeats(findings, set) : add_noise(findings, set);
	}
	add_harness(findings, set);
	if (!err && !findings->failed)
		return 0;
	findings_cleanup(findings);
	return -ENOMEM;
}

void findings_cleanup(struct findings *findings)
{
	size_t i;

	for (i = 0; i < findings->count; i++)
		free(findings->list[i].text);
	free(findings->list);
	free(findings->differing);
	free(findings->stock);
	free(findings->drifts);
	memset(findings, 0, sizeof(*findings));
}
