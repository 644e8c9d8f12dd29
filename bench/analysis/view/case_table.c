// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The tables of one case. Exact modes put the steps side by side, for there is one number to each.
 * Noisy modes need the room for the spread: they get one table a step.
 */
#include "analysis/view/report.h"

#include <math.h>
#include <string.h>

#include "lib/array.h"
#include "lib/number.h"
#include "lib/size.h"

/* So many steps fit next to each other. */
#define OPS_ABREAST 2

/* Sizes of the short report, besides the largest: one page, one PMD leaf, one PUD leaf. */
static const uint64_t key_sizes_bytes[] = { SZ_4K, SZ_2M, SZ_1G };

/**
 * struct column - a column of the table
 * @head: its head, or NULL for the step and the unit
 * @text: writes the cell into FORMAT_TEXT_BYTES
 */
struct column {
	const char *head;
	void (*text)(const struct set_series *series, char *text);
};

/* Writes what @format makes of @number, or a dash. */
static void number_text(double number, char *(*format)(double number, char *text), char *text)
{
	if (isnan(number))
		snprintf(text, FORMAT_TEXT_BYTES, "-");
	else
		format(number, text);
}

static void cost_text(const struct set_series *series, char *text)
{
	format_cost(series->summary.median, text);
}

static void exact_cost_text(const struct set_series *series, char *text)
{
	if (series->summary.min != series->summary.max)
		*text++ = '~';
	format_cost(series->summary.median, text);
}

static void per_page_text(const struct set_series *series, char *text)
{
	number_text(set_per_page(series), format_cost, text);
}

static void speedup_text(const struct set_series *series, char *text)
{
	number_text(set_speedup(series), format_factor, text);
}

static void deviation_text(const struct set_series *series, char *text)
{
	number_text(set_change_pct(series, series->stock), format_change, text);
}

static void mad_text(const struct set_series *series, char *text)
{
	const struct stats_summary *summary = &series->summary;

	if (summary->median > 0)
		snprintf(text, FORMAT_TEXT_BYTES, "%.2f %%", 100 * summary->mad / summary->median);
	else
		snprintf(text, FORMAT_TEXT_BYTES, "-");
}

static void low_text(const struct set_series *series, char *text)
{
	number_text(interval_known(&series->interval) ? series->interval.low : NAN, format_cost,
		    text);
}

static void high_text(const struct set_series *series, char *text)
{
	number_text(interval_known(&series->interval) ? series->interval.high : NAN, format_cost,
		    text);
}

static void outliers_text(const struct set_series *series, char *text)
{
	snprintf(text, FORMAT_TEXT_BYTES, "%zu/%zu", series->summary.outliers,
		 series->summary.samples);
}

/* In each the column that is last but for outliers is "to stock" in a control. */
static const struct column exact_columns[] = {
	{ NULL, exact_cost_text },
	{ "/page", per_page_text },
	{ "speed-up", speedup_text },
};

static const struct column noisy_columns[] = {
	{ NULL, cost_text },
	{ "95 % from", low_text },
	{ "to", high_text },
	{ "MAD", mad_text },
	{ "/page", per_page_text },
	{ "outliers", outliers_text },
	{ "speed-up", speedup_text },
};

static const struct column control_column = { "to " LOOKUP_STOCK, deviation_text };

/**
 * struct layout - one table
 * @case_: what it shows
 * @op: the first of its steps
 * @ops_count: steps side by side
 * @columns: the columns of each; the last is another in controls
 * @columns_count: how many
 * @control: it is a control
 */
struct layout {
	const struct set_case *case_;
	size_t op;
	size_t ops_count;
	const struct column *columns;
	size_t columns_count;
	bool control;
};

static const struct column *layout_column(const struct layout *layout, size_t index)
{
	return layout->control && index == layout->columns_count - 1 ? &control_column :
								       &layout->columns[index];
}

/* The short report has the largest size, and for each key size the largest that is not above it. */
static bool size_is_shown(const struct report *report, const struct set_case *case_, size_t index)
{
	uint64_t size_bytes = case_->sizes_bytes[index];
	size_t i;

	if (report->all || index == case_->sizes_count - 1)
		return true;
	for (i = 0; i < ARRAY_SIZE(key_sizes_bytes); i++)
		if (size_bytes <= key_sizes_bytes[i] &&
		    case_->sizes_bytes[index + 1] > key_sizes_bytes[i])
			return true;
	return false;
}

static void heads_add(const struct report *report, struct table *table,
		      const struct layout *layout)
{
	const struct column *column;
	size_t op, i;

	table_cell(table, "variant");
	for (op = layout->op; op < layout->op + layout->ops_count; op++) {
		for (i = 0; i < layout->columns_count; i++) {
			column = layout_column(layout, i);
			if (column->head)
				table_cell(table, "%s", column->head);
			else
				table_cell(table, "%s %s", layout->case_->ops[op],
					   report->set->unit);
		}
	}
}

static void group_add(struct table *table, const struct record_cell_key *key)
{
	char size[SIZE_TEXT_BYTES], count[FORMAT_TEXT_BYTES];

	table_group(table, "%s (%s page%s)", size_format(key->size_bytes, size),
		    format_cost(key->pages, count), key->pages == 1 ? "" : "s");
}

/*
 * Adds the row of the subject that *@series is of, and moves it behind that subject at that size.
 * Returns whether the table has any of its steps.
 */
static bool row_add(const struct report *report, struct table *table,
		    const struct layout *layout, const struct set_series **series)
{
	const struct set_series *first = *series, *last = layout->case_->series +
							  layout->case_->series_count;
	const struct set_series *cells[SET_OPS_MAX] = { NULL }, *cell;
	char text[FORMAT_TEXT_BYTES + 1];
	bool any = false;
	size_t op, i;

	for (; *series < last && (*series)->subject == first->subject &&
	       (*series)->key->size_bytes == first->key->size_bytes; ++*series)
		cells[(*series)->op] = *series;
	for (op = layout->op; op < layout->op + layout->ops_count; op++)
		any |= cells[op] != NULL;
	if (!any || !table)
		return any;
	table_cell(table, "  %s", report->set->subjects[first->subject].label);
	for (op = layout->op; op < layout->op + layout->ops_count; op++) {
		cell = cells[op];
		for (i = 0; i < layout->columns_count; i++) {
			if (cell)
				layout_column(layout, i)->text(cell, text);
			table_cell(table, "%s", cell ? text : "-");
		}
	}
	return true;
}

static int layout_print(const struct report *report, const struct layout *layout)
{
	const struct set_case *case_ = layout->case_;
	const struct set_series *series = case_->series, *row;
	uint64_t group = UINT64_MAX;
	struct table table;
	size_t size = 0;
	int err;

	table_init(&table, 1 + layout->ops_count * layout->columns_count);
	table_label(&table, "%s", case_->name);
	heads_add(report, &table, layout);
	while (series < case_->series + case_->series_count) {
		while (case_->sizes_bytes[size] != series->key->size_bytes)
			size++;
		row = series;
		if (!row_add(report, NULL, layout, &series) || !size_is_shown(report, case_, size))
			continue;
		if (group != row->key->size_bytes)
			group_add(&table, row->key);
		group = row->key->size_bytes;
		row_add(report, &table, layout, &row);
	}
	err = table_print(&table, report->format, report->out);
	table_cleanup(&table);
	return err;
}

/* The steps of the case in as few tables as have room for them. */
static int exact_print(const struct report *report, struct layout *layout)
{
	const struct set_case *case_ = layout->case_;
	size_t tables = (case_->ops_count + OPS_ABREAST - 1) / OPS_ABREAST;
	size_t abreast = tables ? (case_->ops_count + tables - 1) / tables : 1;
	int err = 0;

	report_title(report, "%s", case_->name);
	for (; layout->op < case_->ops_count && !err; layout->op += abreast) {
		layout->ops_count = case_->ops_count - layout->op < abreast ?
				    case_->ops_count - layout->op : abreast;
		if (layout->op)
			putc('\n', report->out);
		err = layout_print(report, layout);
	}
	return err;
}

static int noisy_print(const struct report *report, struct layout *layout)
{
	const struct set_case *case_ = layout->case_;
	int err = 0;

	layout->ops_count = 1;
	for (; layout->op < case_->ops_count && !err; layout->op++) {
		report_title(report, "%s, %s", case_->name, case_->ops[layout->op]);
		err = layout_print(report, layout);
	}
	return err;
}

/* What moved most on another kernel or with another variant, for a control. */
static void deviation_print(const struct report *report, const struct set_case *case_)
{
	const struct set_series *series, *worst = NULL;
	char change[FORMAT_TEXT_BYTES], size[SIZE_TEXT_BYTES];

	for (series = case_->series; series < case_->series + case_->series_count; series++) {
		if (series->stock == series || isnan(set_change_pct(series, series->stock)))
			continue;
		if (!worst || fabs(set_change_pct(series, series->stock)) >
			      fabs(set_change_pct(worst, worst->stock)))
			worst = series;
	}
	if (worst)
		report_say(report, "\nLargest deviation from %s: %s (%s with %s, %s).\n",
			   LOOKUP_STOCK, format_change(set_change_pct(worst, worst->stock), change),
			   worst->key->op, worst->key->variant,
			   size_format(worst->key->size_bytes, size));
}

/* The series of @op at the largest size whose cost is the nearest to its floor's, or NULL. */
static const struct set_series *nearest_series(const struct set_case *case_, size_t op)
{
	const struct set_series *series = case_->series + case_->series_count, *nearest = NULL;
	uint64_t largest = set_case_largest(case_);

	while (series-- > case_->series && series->key->size_bytes == largest)
		if (series->op == op && !isnan(set_distance(series)) &&
		    (!nearest || set_distance(series) <= set_distance(nearest)))
			nearest = series;
	return nearest;
}

/* How far what is left of a cost is from what no lookup can save. */
static void distance_print(const struct report *report, const struct set_case *case_)
{
	char size[SIZE_TEXT_BYTES], above[FORMAT_TEXT_BYTES], times[FORMAT_TEXT_BYTES];
	const struct set_series *series;
	double difference;
	bool first = true;
	size_t op;

	for (op = 0; op < case_->ops_count; op++) {
		series = nearest_series(case_, op);
		if (!series)
			continue;
		difference = series->summary.median - series->floor->summary.median;
		report_say(report, "%sNearest to the floor at %s: %s with %s, %s %s %s it (%s).\n",
			   first ? "\n" : "", size_format(series->key->size_bytes, size),
			   series->key->op, series->key->variant,
			   format_cost(fabs(difference), above), report->set->unit,
			   difference < 0 ? "below" : "above",
			   format_factor(set_distance(series), times));
		first = false;
	}
}

int report_case_print(const struct report *report, const struct set_case *case_)
{
	struct layout layout = {
		.case_ = case_, .control = set_case_is_of(case_, SET_FAMILY_CONTROL),
	};
	int err;

	if (!case_->series_count)
		return 0;
	if (report->set->exact) {
		layout.columns = exact_columns;
		layout.columns_count = ARRAY_SIZE(exact_columns);
		err = exact_print(report, &layout);
	} else {
		layout.columns = noisy_columns;
		layout.columns_count = ARRAY_SIZE(noisy_columns);
		err = noisy_print(report, &layout);
	}
	if (!err && layout.control)
		deviation_print(report, case_);
	if (!err)
		distance_print(report, case_);
	return err;
}
