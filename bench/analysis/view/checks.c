// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/view/checks.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/document/number.h"
#include "lib/size.h"

/* Of the cells whose samples differ, the short report names this many. */
#define DIFFERING_SHOWN 5

/**
 * struct stock_check - the untouched kernel against the old path of a patched one
 * @stock: subject of the untouched kernel
 * @old_path: subject of the patched kernel
 * @table: where the rows go; NULL: nowhere
 * @found: the deviation so far
 */
struct stock_check {
	size_t stock;
	size_t old_path;
	struct table *table;
	struct report_deviation found;
};

static bool size_is_largest(const struct set_case *case_, uint64_t size_bytes)
{
	return size_bytes == case_->sizes_bytes[case_->sizes_count - 1];
}

static void stock_row(const struct report *report, struct stock_check *check,
		      const struct set_case *case_, const char *op, uint64_t size_bytes)
{
	const struct set_series *stock, *old_path;
	char text[FORMAT_TEXT_BYTES], size[SIZE_TEXT_BYTES];
	double change_pct;

	stock = set_find(report->set, check->stock, case_->name, op, size_bytes);
	old_path = set_find(report->set, check->old_path, case_->name, op, size_bytes);
	if (!stock || !old_path || !(stock->summary.median > 0))
		return;
	change_pct = stats_change_pct(old_path->summary.median, stock->summary.median);
	check->found.cells++;
	if (!check->found.worst || fabs(change_pct) > fabs(check->found.worst_pct)) {
		check->found.worst_pct = change_pct;
		check->found.worst = old_path;
	}

	if (!check->table)
		return;
	if (!report->all && !size_is_largest(case_, size_bytes))
		return;
	table_cell(check->table, "%s %s", case_->name, op);
	table_cell(check->table, "%s", size_format(size_bytes, size));
	table_cell(check->table, "%s", format_cost(stock->summary.median, text));
	table_cell(check->table, "%s", format_cost(old_path->summary.median, text));
	table_cell(check->table, "%s", format_change(change_pct, text));
}

static void stock_rows(const struct report *report, struct stock_check *check)
{
	const struct set_case *case_;
	size_t i, op, size;

	for (i = 0; i < report->set->cases_count; i++) {
		case_ = &report->set->cases[i];
		for (op = 0; op < case_->ops_count; op++)
			for (size = 0; size < case_->sizes_count; size++)
				stock_row(report, check, case_, case_->ops[op],
					  case_->sizes_bytes[size]);
	}
}

static int stock_pair_print(const struct report *report, size_t stock, size_t old_path)
{
	const struct set_subject *subjects = report->set->subjects;
	char change[FORMAT_TEXT_BYTES], size[SIZE_TEXT_BYTES];
	struct table table;
	struct stock_check check = { .stock = stock, .old_path = old_path, .table = &table };
	int err;

	table_init(&table, 5);
	table_label(&table, "%s against %s", subjects[old_path].label, subjects[stock].label);
	table_cell(&table, "case, operation (%s)", report->set->unit);
	table_cell(&table, "size");
	table_cell(&table, "%s", subjects[stock].label);
	table_cell(&table, "%s", subjects[old_path].label);
	table_cell(&table, "deviation");
	stock_rows(report, &check);

	report_title(report, "Control: %s of the patched kernel against %s",
		     subjects[old_path].label, subjects[stock].label);
	err = table_print(&table, report->format, report->out);
	table_cleanup(&table);
	if (!err && check.found.worst)
		report_say(report, "\nLargest deviation of %zu cells: %s (%s %s %s).\n",
			check.found.cells, format_change(check.found.worst_pct, change),
			check.found.worst->key->case_name, check.found.worst->key->op,
			size_format(check.found.worst->key->size_bytes, size));
	return err;
}

/* Calls @visit for each pair of an untouched kernel and an old path. Returns how many, or -errno. */
static int stock_pairs(const struct report *report,
		       int (*visit)(const struct report *report, size_t stock, size_t old_path,
				    void *data),
		       void *data)
{
	const struct set *set = report->set;
	int err, pairs = 0;
	size_t i, j;

	for (i = 0; i < set->subjects_count; i++) {
		if (strcmp(set->subjects[i].variant, SET_STOCK))
			continue;
		for (j = 0; j < set->subjects_count; j++) {
			if (strcmp(set->subjects[j].variant, report->baseline) || i == j)
				continue;
			err = visit(report, i, j, data);
			if (err)
				return err;
			pairs++;
		}
	}
	return pairs;
}

static int stock_visit_print(const struct report *report, size_t stock, size_t old_path, void *data)
{
	(void)data;
	return stock_pair_print(report, stock, old_path);
}

static int stock_visit_find(const struct report *report, size_t stock, size_t old_path, void *data)
{
	struct report_deviation *deviation = data;
	struct stock_check check = { .stock = stock, .old_path = old_path, .found = *deviation };

	stock_rows(report, &check);
	*deviation = check.found;
	return 0;
}

void report_stock_deviation(const struct report *report, struct report_deviation *deviation)
{
	memset(deviation, 0, sizeof(*deviation));
	stock_pairs(report, stock_visit_find, deviation);
}

int report_stock_print(const struct report *report)
{
	int pairs = stock_pairs(report, stock_visit_print, NULL);

	if (pairs < 0)
		return pairs;
	if (!pairs)
		report_say(report, "\nNo control: the records do not hold both an untouched "
			   "kernel (variant stock)\nand %s of a patched one.\n",
			   report->baseline);
	return 0;
}

static double spread_pct(const struct stats_summary *summary)
{
	return summary->median > 0 ? 100 * (summary->max - summary->min) / summary->median : 0;
}

static const char *series_label(const struct set *set, const struct set_series *series)
{
	long subject = set_subject_find(set, series->kernel, series->key->variant);

	return subject < 0 ? series->key->variant : set->subjects[subject].label;
}

static void repeats_row(const struct report *report, struct table *table,
			const struct set_series *series)
{
	const struct stats_summary *summary = &series->summary;
	char text[FORMAT_TEXT_BYTES], size[SIZE_TEXT_BYTES];

	table_cell(table, "%s %s", series->key->case_name, series->key->op);
	table_cell(table, "%s", size_format(series->key->size_bytes, size));
	table_cell(table, "%s", series_label(report->set, series));
	table_cell(table, "%s", format_cost(summary->min, text));
	table_cell(table, "%s", format_cost(summary->max - summary->min, text));
	table_cell(table, "%.4f %%", spread_pct(summary));
}

static int spread_compare(const void *a, const void *b)
{
	const struct set_series *x = *(const struct set_series *const *)a;
	const struct set_series *y = *(const struct set_series *const *)b;
	double x_pct = spread_pct(&x->summary), y_pct = spread_pct(&y->summary);

	return x_pct > y_pct ? -1 : x_pct < y_pct;
}

/* Fills @differing with the series whose samples differ, widest first. Returns how many. */
static size_t differing_collect(const struct set *set, const struct set_series **differing)
{
	size_t i, count = 0;

	for (i = 0; i < set->series_count; i++)
		if (set->series[i].summary.min != set->series[i].summary.max)
			differing[count++] = &set->series[i];
	qsort(differing, count, sizeof(differing[0]), spread_compare);
	return count;
}

static int differing_print(const struct report *report, const struct set_series **differing,
			   size_t count)
{
	struct table table;
	size_t i;
	int err;

	table_init(&table, 6);
	table_label(&table, "Samples that differ");
	table_cell(&table, "case, operation (%s)", report->set->unit);
	table_cell(&table, "size");
	table_cell(&table, "variant");
	table_cell(&table, "min");
	table_cell(&table, "max - min");
	table_cell(&table, "spread");
	for (i = 0; i < count; i++)
		repeats_row(report, &table, differing[i]);
	putc('\n', report->out);
	err = table_print(&table, report->format, report->out);
	table_cleanup(&table);
	return err;
}

size_t report_repeats_differing(const struct report *report, double *widest_pct)
{
	const struct set_series *series;
	size_t i, count = 0;

	*widest_pct = 0;
	for (i = 0; i < report->set->series_count; i++) {
		series = &report->set->series[i];
		if (series->summary.min == series->summary.max)
			continue;
		count++;
		if (spread_pct(&series->summary) > *widest_pct)
			*widest_pct = spread_pct(&series->summary);
	}
	return count;
}

int report_repeats_print(const struct report *report)
{
	const struct set_series **differing;
	size_t count, shown;
	int err = 0;

	if (!set_is_exact(report->set))
		return 0;
	differing = calloc(report->set->series_count, sizeof(*differing));
	if (!differing)
		return -ENOMEM;
	count = differing_collect(report->set, differing);
	shown = report->all || count < DIFFERING_SHOWN ? count : DIFFERING_SHOWN;

	report_title(report, "Control: repeated samples");
	if (count)
		report_say(report, "%zu of %zu cells, marked ~, have samples that differ; "
			"the median is shown. Widest:\n", count, report->set->series_count);
	else
		report_say(report, "In all %zu cells every sample equals the first.\n",
			report->set->series_count);
	if (count)
		err = differing_print(report, differing, shown);
	free(differing);
	return err;
}

/* The series with the smallest median on that kernel, of those that map something, or NULL. */
static const struct set_series *smallest_series(const struct set *set, size_t kernel)
{
	const struct set_series *series, *found = NULL;
	size_t i;

	for (i = 0; i < set->series_count; i++) {
		series = &set->series[i];
		if (series->kernel != kernel || !series->key->size_bytes)
			continue;
		if (!found || series->summary.median < found->summary.median)
			found = series;
	}
	return found;
}

double report_harness_share_pct(const struct report *report, size_t kernel)
{
	const struct set_series *null = set_find_null(report->set, kernel);
	const struct set_series *smallest = smallest_series(report->set, kernel);

	if (!null || !smallest || !(smallest->summary.median > 0))
		return NAN;
	return 100 * null->summary.median / smallest->summary.median;
}

static void harness_line(const struct report *report, size_t kernel)
{
	const struct set_series *null = set_find_null(report->set, kernel);
	const struct set_series *smallest = smallest_series(report->set, kernel);
	char null_text[FORMAT_TEXT_BYTES], text[FORMAT_TEXT_BYTES], size[SIZE_TEXT_BYTES];
	const char *name = report->set->kernels[kernel].name;
	double share_pct = report_harness_share_pct(report, kernel);

	if (isnan(share_pct)) {
		report_say(report, "%s: not known: the record has no %s samples\n", name,
			null ? "other" : "null");
		return;
	}
	report_say(report, "%s: %s %s, %.2f %% of the smallest operation (%s %s)\n"
		   "  %s %s %s %s: %s %.0f %%; not subtracted\n", name,
		   format_cost(null->summary.median, null_text), report->set->unit, share_pct,
		   format_cost(smallest->summary.median, text), report->set->unit,
		smallest->key->case_name, smallest->key->op, smallest->key->variant,
		size_format(smallest->key->size_bytes, size),
		share_pct < REPORT_HARNESS_LIMIT_PCT ? "below" : "NOT BELOW",
		REPORT_HARNESS_LIMIT_PCT);
}

int report_harness_print(const struct report *report)
{
	size_t i;

	report_title(report, "Control: cost of the empty harness");
	for (i = 0; i < report->set->kernels_count; i++)
		harness_line(report, i);
	return ferror(report->out) ? -EIO : 0;
}
