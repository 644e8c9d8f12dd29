// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/view/case_table.h"

#include <math.h>
#include <string.h>

#include "analysis/document/number.h"
#include "lib/size.h"

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

/* Cases of memory that the lookup is not used for, in which nothing may change. */
#define CONTROL_PREFIX "control/"

/* So many operations fit beside each other. */
#define OPS_ABREAST 2

/* Sizes of the short report, beside the largest: one page, one PMD leaf, one PUD leaf. */
static const uint64_t key_sizes_bytes[] = { SZ_4K, SZ_2M, SZ_1G };

/**
 * struct row - what the columns of one operation are made from
 * @series: the samples
 * @baseline: what they are read against, or NULL
 * @stock: what the untouched kernel has there, or NULL
 * @exact: samples must be equal
 */
struct row {
	const struct set_series *series;
	const struct set_series *baseline;
	const struct set_series *stock;
	bool exact;
};

/**
 * struct column - a column of the table
 * @head: its head, or NULL for the operation and the unit
 * @text: writes the cell into FORMAT_TEXT_BYTES
 */
struct column {
	const char *head;
	void (*text)(const struct row *row, char *text);
};

static void cost_text(const struct row *row, char *text)
{
	const struct stats_summary *summary = &row->series->summary;

	if (row->exact && summary->min != summary->max)
		*text++ = '~';
	format_cost(summary->median, text);
}

static void per_page_text(const struct row *row, char *text)
{
	if (row->series->key->pages)
		format_cost(row->series->summary.median / row->series->key->pages, text);
	else
		snprintf(text, FORMAT_TEXT_BYTES, "-");
}

static void speedup_text(const struct row *row, char *text)
{
	if (row->baseline && row->series->summary.median > 0)
		format_factor(row->baseline->summary.median / row->series->summary.median, text);
	else
		snprintf(text, FORMAT_TEXT_BYTES, "-");
}

static void deviation_text(const struct row *row, char *text)
{
	if (row->stock && row->stock->summary.median > 0)
		format_change(stats_change_pct(row->series->summary.median,
					       row->stock->summary.median), text);
	else
		snprintf(text, FORMAT_TEXT_BYTES, "-");
}

static void mad_text(const struct row *row, char *text)
{
	const struct stats_summary *summary = &row->series->summary;

	if (summary->median > 0)
		snprintf(text, FORMAT_TEXT_BYTES, "%.2f %%", 100 * summary->mad / summary->median);
	else
		snprintf(text, FORMAT_TEXT_BYTES, "-");
}

static void low_text(const struct row *row, char *text)
{
	if (interval_known(&row->series->interval))
		format_cost(row->series->interval.low, text);
	else
		snprintf(text, FORMAT_TEXT_BYTES, "-");
}

static void high_text(const struct row *row, char *text)
{
	if (interval_known(&row->series->interval))
		format_cost(row->series->interval.high, text);
	else
		snprintf(text, FORMAT_TEXT_BYTES, "-");
}

static void outliers_text(const struct row *row, char *text)
{
	snprintf(text, FORMAT_TEXT_BYTES, "%zu/%zu", row->series->summary.outliers,
		 row->series->summary.samples);
}

static const struct column exact_columns[] = {
	{ NULL, cost_text },
	{ "/page", per_page_text },
	{ "speed-up", speedup_text },
};

static const struct column exact_control_columns[] = {
	{ NULL, cost_text },
	{ "/page", per_page_text },
	{ "to " SET_STOCK, deviation_text },
};

static const struct column noisy_columns[] = {
	{ NULL, cost_text },
	{ "95 % from", low_text },
	{ "to", high_text },
	{ "MAD", mad_text },
	{ "/page", per_page_text },
	{ "speed-up", speedup_text },
	{ "outliers", outliers_text },
};

static const struct column noisy_control_columns[] = {
	{ NULL, cost_text },
	{ "95 % from", low_text },
	{ "to", high_text },
	{ "MAD", mad_text },
	{ "/page", per_page_text },
	{ "to " SET_STOCK, deviation_text },
	{ "outliers", outliers_text },
};

/**
 * struct layout - one table
 * @case_: what it shows
 * @ops: operations side by side
 * @ops_count: how many
 * @columns: the columns of each
 * @columns_count: how many
 */
struct layout {
	const struct set_case *case_;
	const char *const *ops;
	size_t ops_count;
	const struct column *columns;
	size_t columns_count;
};

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

static const struct set_series *layout_series(const struct report *report,
					      const struct layout *layout, size_t subject,
					      size_t op, uint64_t size_bytes)
{
	return set_find(report->set, subject, layout->case_->name, layout->ops[op], size_bytes);
}

/* Any series of that subject and size, or NULL when the row would be empty. */
static const struct set_series *row_series(const struct report *report,
					   const struct layout *layout, size_t subject,
					   uint64_t size_bytes)
{
	const struct set_series *series = NULL;
	size_t op;

	for (op = 0; op < layout->ops_count && !series; op++)
		series = layout_series(report, layout, subject, op, size_bytes);
	return series;
}

static void heads_add(const struct report *report, struct table *table,
		      const struct layout *layout)
{
	const struct column *column;
	size_t op, i;

	table_cell(table, "variant");
	for (op = 0; op < layout->ops_count; op++) {
		for (i = 0; i < layout->columns_count; i++) {
			column = &layout->columns[i];
			if (column->head)
				table_cell(table, "%s", column->head);
			else
				table_cell(table, "%s %s", layout->ops[op], report->set->unit);
		}
	}
}

/* The untouched kernel's series at the place of @series, or NULL. */
static const struct set_series *stock_series(const struct set *set,
					     const struct set_series *series)
{
	const struct set_series *found = NULL;
	size_t i;

	for (i = 0; i < set->subjects_count && !found; i++)
		if (!strcmp(set->subjects[i].variant, SET_STOCK))
			found = set_find(set, i, series->key->case_name, series->key->op,
					 series->key->size_bytes);
	return found;
}

static void op_add(const struct report *report, struct table *table, const struct layout *layout,
		   size_t subject, const struct set_series *series)
{
	struct row row = { .series = series, .exact = set_is_exact(report->set) };
	char text[FORMAT_TEXT_BYTES + 1];
	size_t i;

	if (series) {
		row.baseline = report_baseline(report, subject, series);
		row.stock = stock_series(report->set, series);
	}
	for (i = 0; i < layout->columns_count; i++) {
		if (series)
			layout->columns[i].text(&row, text);
		table_cell(table, "%s", series ? text : "-");
	}
}

static void group_add(struct table *table, uint64_t size_bytes, uint64_t pages)
{
	char size[SIZE_TEXT_BYTES], count[FORMAT_TEXT_BYTES];

	table_group(table, "%s (%s page%s)", size_format(size_bytes, size),
		    format_cost(pages, count), pages == 1 ? "" : "s");
}

static void size_add(const struct report *report, struct table *table,
		     const struct layout *layout, uint64_t size_bytes)
{
	const struct set_series *series;
	bool grouped = false;
	size_t subject, op;

	for (subject = 0; subject < report->set->subjects_count; subject++) {
		series = row_series(report, layout, subject, size_bytes);
		if (!series)
			continue;
		if (!grouped)
			group_add(table, size_bytes, series->key->pages);
		grouped = true;
		table_cell(table, "  %s", report->set->subjects[subject].label);
		for (op = 0; op < layout->ops_count; op++)
			op_add(report, table, layout, subject,
			       layout_series(report, layout, subject, op, size_bytes));
	}
}

static int layout_print(const struct report *report, const struct layout *layout)
{
	const struct set_case *case_ = layout->case_;
	struct table table;
	size_t i;
	int err;

	table_init(&table, 1 + layout->ops_count * layout->columns_count);
	table_label(&table, "%s", case_->name);
	heads_add(report, &table, layout);
	for (i = 0; i < case_->sizes_count; i++)
		if (size_is_shown(report, case_, i))
			size_add(report, &table, layout, case_->sizes_bytes[i]);
	err = table_print(&table, report->format, report->out);
	table_cleanup(&table);
	return err;
}

/* The operations of the case in as few tables as have room for them. */
static int exact_print(const struct report *report, struct layout *layout)
{
	const struct set_case *case_ = layout->case_;
	size_t tables = (case_->ops_count + OPS_ABREAST - 1) / OPS_ABREAST;
	size_t abreast = (case_->ops_count + tables - 1) / tables, i;
	int err = 0;

	report_title(report, "%s", case_->name);
	for (i = 0; i < case_->ops_count && !err; i += abreast) {
		layout->ops = case_->ops + i;
		layout->ops_count = case_->ops_count - i < abreast ? case_->ops_count - i : abreast;
		if (i)
			putc('\n', report->out);
		err = layout_print(report, layout);
	}
	return err;
}

static int noisy_print(const struct report *report, struct layout *layout)
{
	const struct set_case *case_ = layout->case_;
	int err = 0;
	size_t i;

	layout->ops_count = 1;
	for (i = 0; i < case_->ops_count && !err; i++) {
		layout->ops = case_->ops + i;
		report_title(report, "%s, %s", case_->name, case_->ops[i]);
		err = layout_print(report, layout);
	}
	return err;
}

/* What moved most on another kernel or with another variant, for a control. */
static void deviation_print(const struct report *report, const struct set_case *case_)
{
	const struct set_series *series, *stock, *worst = NULL;
	char change[FORMAT_TEXT_BYTES], size[SIZE_TEXT_BYTES];
	double change_pct, worst_pct = 0;
	size_t i;

	for (i = 0; i < report->set->series_count; i++) {
		series = &report->set->series[i];
		if (strcmp(series->key->case_name, case_->name) ||
		    !strcmp(series->key->variant, SET_STOCK))
			continue;
		stock = stock_series(report->set, series);
		if (!stock || !(stock->summary.median > 0))
			continue;
		change_pct = stats_change_pct(series->summary.median, stock->summary.median);
		if (!worst || fabs(change_pct) > fabs(worst_pct)) {
			worst_pct = change_pct;
			worst = series;
		}
	}
	if (worst)
		report_say(report, "\nLargest deviation from %s: %s (%s with %s, %s).\n",
			SET_STOCK, format_change(worst_pct, change), worst->key->op,
			worst->key->variant, size_format(worst->key->size_bytes, size));
}

/* The series of @op at the largest size that costs least more than its floor, or NULL. */
static const struct set_series *nearest_series(const struct set *set, const struct set_case *case_,
					       const char *op)
{
	const struct set_series *series, *limit, *nearest = NULL;
	double above, least = INFINITY;
	size_t i;

	for (i = 0; i < set->subjects_count; i++) {
		series = set_find(set, i, case_->name, op,
				  case_->sizes_bytes[case_->sizes_count - 1]);
		limit = series ? set_find_floor(set, series) : NULL;
		if (!limit || !strcmp(series->key->variant, SET_FLOOR))
			continue;
		above = series->summary.median - limit->summary.median;
		if (above < least) {
			least = above;
			nearest = series;
		}
	}
	return nearest;
}

/* How far what is left of a cost is from what no lookup can save. */
static void distance_print(const struct report *report, const struct set_case *case_)
{
	char size[SIZE_TEXT_BYTES], above[FORMAT_TEXT_BYTES], times[FORMAT_TEXT_BYTES];
	const struct set_series *series, *limit;
	bool first = true;
	size_t op;

	for (op = 0; op < case_->ops_count; op++) {
		series = nearest_series(report->set, case_, case_->ops[op]);
		limit = series ? set_find_floor(report->set, series) : NULL;
		if (!limit || !(limit->summary.median > 0))
			continue;
		report_say(report, "%sNearest to the floor at %s: %s with %s, %s %s above it (%s).\n",
			   first ? "\n" : "", size_format(series->key->size_bytes, size),
			   series->key->op, series->key->variant,
			   format_cost(series->summary.median - limit->summary.median, above),
			   report->set->unit,
			   format_factor(series->summary.median / limit->summary.median, times));
		first = false;
	}
}

int report_case_print(const struct report *report, const struct set_case *case_)
{
	bool control = !strncmp(case_->name, CONTROL_PREFIX, strlen(CONTROL_PREFIX));
	struct layout layout = { .case_ = case_ };
	int err;

	if (set_is_exact(report->set)) {
		layout.columns = control ? exact_control_columns : exact_columns;
		layout.columns_count = ARRAY_SIZE(exact_columns);
		err = exact_print(report, &layout);
	} else {
		layout.columns = control ? noisy_control_columns : noisy_columns;
		layout.columns_count = ARRAY_SIZE(noisy_columns);
		err = noisy_print(report, &layout);
	}
	if (!err && control)
		deviation_print(report, case_);
	if (!err)
		distance_print(report, case_);
	return err;
}
