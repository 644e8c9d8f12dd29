// SPDX-License-Identifier: GPL-2.0-or-later
/* The rows behind the findings: the stock kernel's own lookup, samples that differ, drift. */
#include "analysis/view/report.h"

#include <string.h>

#include "lib/number.h"
#include "lib/size.h"

/* Of the cells that stand out the short report names this many. */
#define ROWS_SHOWN 5

static size_t rows_shown(const struct report *report, size_t count)
{
	return report->all || count < ROWS_SHOWN ? count : ROWS_SHOWN;
}

/* The cells that say which series a row is about. */
static void series_cells(const struct report *report, struct table *table,
			 const struct record_cell_key *key, size_t subject)
{
	char size[SIZE_TEXT_BYTES];

	table_cell(table, "%s %s", key->case_name, key->op);
	table_cell(table, "%s", size_format(key->size_bytes, size));
	table_cell(table, "%s", report->set->subjects[subject].label);
}

static int table_finish(const struct report *report, struct table *table)
{
	int err = table_print(table, report->format, report->out);

	table_cleanup(table);
	return err;
}

static int stock_print(const struct report *report)
{
	const struct findings *findings = report->findings;
	const struct set_series *series;
	char text[FORMAT_TEXT_BYTES];
	struct table table;
	size_t i;

	if (!findings->stock_count)
		return 0;
	report_title(report, "Control: %s of the patched kernel against stock",
		     report->set->baseline);
	table_init(&table, 6);
	table_label(&table, "%s against stock", report->set->baseline);
	table_cell(&table, "case, step (%s)", report->set->unit);
	table_cell(&table, "size");
	table_cell(&table, "variant");
	table_cell(&table, "stock");
	table_cell(&table, "%s", report->set->baseline);
	table_cell(&table, "deviation");
	for (i = 0; i < findings->stock_count; i++) {
		series = findings->stock[i];
		if (!report->all && !series->largest)
			continue;
		series_cells(report, &table, series->key, series->subject);
		table_cell(&table, "%s", format_cost(series->stock->summary.median, text));
		table_cell(&table, "%s", format_cost(series->summary.median, text));
		table_cell(&table, "%s", format_change(set_change_pct(series, series->stock), text));
	}
	return table_finish(report, &table);
}

static int repeats_print(const struct report *report)
{
	const struct findings *findings = report->findings;
	const struct set_series *series;
	char text[FORMAT_TEXT_BYTES];
	struct table table;
	size_t i;

	if (!findings->differing_count)
		return 0;
	report_title(report, "Control: samples that differ, widest first");
	table_init(&table, 6);
	table_label(&table, "Samples that differ");
	table_cell(&table, "case, step (%s)", report->set->unit);
	table_cell(&table, "size");
	table_cell(&table, "variant");
	table_cell(&table, "min");
	table_cell(&table, "max - min");
	table_cell(&table, "spread");
	for (i = 0; i < rows_shown(report, findings->differing_count); i++) {
		series = findings->differing[i];
		table_cell(&table, "%s %s", series->key->case_name, series->key->op);
		table_cell(&table, "%s", size_format(series->key->size_bytes, text));
		table_cell(&table, "%s", series->case_ ?
			   report->set->subjects[series->subject].label : series->key->variant);
		table_cell(&table, "%s", format_cost(series->summary.min, text));
		table_cell(&table, "%s",
			   format_cost(series->summary.max - series->summary.min, text));
		table_cell(&table, "%.4f %%", set_spread_pct(series));
	}
	return table_finish(report, &table);
}

static int drift_print(const struct report *report)
{
	const struct drift *drift;
	char text[FORMAT_TEXT_BYTES];
	struct table table;
	size_t i;

	if (!report->findings->drifts_found)
		return 0;
	report_title(report, "Control: drift, largest first");
	table_init(&table, 6);
	table_label(&table, "Drift");
	table_cell(&table, "case, step");
	table_cell(&table, "size");
	table_cell(&table, "variant");
	table_cell(&table, "last third");
	table_cell(&table, "rho");
	table_cell(&table, "p (Holm)");
	for (i = 0; i < rows_shown(report, report->findings->drifts_found); i++) {
		drift = &report->findings->drifts[i];
		table_cell(&table, "%s %s", drift->cell->key.case_name, drift->cell->key.op);
		table_cell(&table, "%s", size_format(drift->cell->key.size_bytes, text));
		table_cell(&table, "%s", drift->series->case_ ?
			   report->set->subjects[drift->series->subject].label :
			   drift->cell->key.variant);
		table_cell(&table, "%s", format_change(drift->change_pct, text));
		table_cell(&table, "%+.2f", drift->rho);
		table_cell(&table, "%.2g", drift->p_holm);
	}
	return table_finish(report, &table);
}

int report_controls_print(const struct report *report)
{
	int err = stock_print(report);

	if (!err)
		err = repeats_print(report);
	return err ? err : drift_print(report);
}

int report_memory_print(const struct report *report)
{
	const struct set *set = report->set;
	const struct set_series *series, *last = set->memory + set->memory_count, *before = NULL;
	char text[FORMAT_TEXT_BYTES], size[SIZE_TEXT_BYTES];
	struct table table;
	size_t op;

	if (!set->memory_count)
		return 0;
	table_init(&table, set->memory_ops_count + 1);
	table_label(&table, "Memory");
	table_cell(&table, "bytes");
	for (op = 0; op < set->memory_ops_count; op++)
		table_cell(&table, "%s", set->memory_ops[op]);
	for (series = set->memory; series < last;) {
		if (!before || before->case_ != series->case_ ||
		    before->key->size_bytes != series->key->size_bytes)
			table_group(&table, "%s %s", series->case_->name,
				    size_format(series->key->size_bytes, size));
		before = series;
		table_cell(&table, "  %s", set->subjects[series->subject].label);
		for (op = 0; op < set->memory_ops_count; op++) {
			if (series < last && series->case_ == before->case_ && series->op == op &&
			    series->subject == before->subject &&
			    series->key->size_bytes == before->key->size_bytes)
				table_cell(&table, "%s", format_cost(series++->summary.max, text));
			else
				table_cell(&table, "-");
		}
	}
	report_title(report, "Memory");
	return table_finish(report, &table);
}
