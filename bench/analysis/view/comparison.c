// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/view/comparison.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/model/differences.h"
#include "analysis/view/conditions.h"
#include "lib/number.h"
#include "analysis/document/table.h"
#include "lib/size.h"
#include "lib/text.h"

static enum table_format table_format(const struct compare_view *view)
{
	return view->format == COMPARE_MARKDOWN ? TABLE_MARKDOWN : TABLE_TEXT;
}

static void change_cell(struct table *table, double change_pct)
{
	char text[FORMAT_TEXT_BYTES];

	if (isnan(change_pct))
		table_cell(table, "-");
	else
		table_cell(table, "%s", format_change(change_pct, text));
}

static void test_cells(struct table *table, const struct compare_row *row)
{
	change_cell(table, row->interval_pct.low);
	change_cell(table, row->interval_pct.high);
	if (row->p_holm < 0.0001)
		table_cell(table, "<.0001");
	else
		table_cell(table, "%.4f", row->p_holm);
	table_cell(table, "%.2f", row->test.superiority);
}

/* Percent say little of large factors: beyond ten the factor itself stands there. */
static void row_change_cell(struct table *table, const struct compare_row *row)
{
	double a = row->a->summary.median, b = row->b->summary.median;
	char text[FORMAT_TEXT_BYTES];

	if (a > 0 && b > 10 * a)
		table_cell(table, "%s", format_factor(b / a, text));
	else if (b > 0 && a > 10 * b)
		table_cell(table, "1/%s", format_factor(a / b, text));
	else
		change_cell(table, row->change_pct);
}

static void row_cells(const struct comparison *comparison, struct table *table,
		      const struct compare_row *row)
{
	char text[FORMAT_TEXT_BYTES], size[SIZE_TEXT_BYTES];

	table_cell(table, "  %s", size_format(row->a->key->size_bytes, size));
	table_cell(table, "%s", format_cost(row->a->summary.median, text));
	table_cell(table, "%s", format_cost(row->b->summary.median, text));
	row_change_cell(table, row);
	if (!comparison->exact)
		test_cells(table, row);
	table_cell(table, "%s", verdict_names[row->verdict]);
}

static bool row_is_shown(const struct compare_view *view, const struct compare_row *row)
{
	return view->all || row->verdict == VERDICT_SLOWER || row->verdict == VERDICT_FASTER;
}

static bool rows_same_group(const struct compare_row *a, const struct compare_row *b)
{
	return !strcmp(a->a->key->case_name, b->a->key->case_name) &&
	       !strcmp(a->a->key->op, b->a->key->op) &&
	       !strcmp(a->a->key->variant, b->a->key->variant) &&
	       !strcmp(a->b->key->variant, b->b->key->variant);
}

static void row_group(struct table *table, const struct compare_row *row)
{
	const struct record_cell_key *a = row->a->key, *b = row->b->key;

	if (strcmp(a->variant, b->variant))
		table_group(table, "%s, %s, %s in A, %s in B", a->case_name, a->op, a->variant,
			    b->variant);
	else
		table_group(table, "%s, %s, %s", a->case_name, a->op, a->variant);
}

static void table_heads(const struct comparison *comparison, struct table *table)
{
	table_init(table, comparison->exact ? 5 : 9);
	table_cell(table, "size");
	table_cell(table, "A %s", comparison->a->unit);
	table_cell(table, "B %s", comparison->b->unit);
	table_cell(table, "change");
	if (!comparison->exact) {
		table_cell(table, "95 %% from");
		table_cell(table, "to");
		table_cell(table, "p");
		table_cell(table, "P(B>A)");
	}
	table_cell(table, "verdict");
}

static int rows_print(const struct compare_view *view, const struct comparison *comparison)
{
	const struct compare_row *row, *before = NULL;
	struct table table;
	size_t i;
	int err = 0;

	table_heads(comparison, &table);
	for (i = 0; i < comparison->rows_count; i++) {
		row = &comparison->rows[i];
		if (!row_is_shown(view, row))
			continue;
		if (!before || !rows_same_group(before, row))
			row_group(&table, row);
		before = row;
		row_cells(comparison, &table, row);
	}
	if (before) {
		putc('\n', view->out);
		err = table_print(&table, table_format(view), view->out);
	}
	table_cleanup(&table);
	return err;
}

static void side_print(const struct compare_view *view, const char *name, const struct set *set)
{
	const struct set_kernel *kernel = &set->kernels[0];

	conditions_line(table_format(view), view->out, name, "%s: Linux %s; %zu boot%s, from %s",
			kernel->name, kernel->release, set->records_count,
			set->records_count == 1 ? "" : "s", set->records[0].path);
}

static void differences_print(const struct compare_view *view, const struct comparison *comparison)
{
	const struct record *first = &comparison->a->records[0];
	size_t i;

	for (i = 1; i < comparison->a->records_count; i++)
		conditions_print_differences(first, &comparison->a->records[i],
					     table_format(view), view->out);
	for (i = 0; i < comparison->b->records_count; i++)
		conditions_print_differences(first, &comparison->b->records[i],
					     table_format(view), view->out);
}

/* What makes the result weaker than it looks. */
static void weakness_print(const struct compare_view *view, const struct comparison *comparison)
{
	if (comparison->exact)
		return;
	if (comparison->a->records_count == 1 || comparison->b->records_count == 1)
		conditions_line(table_format(view), view->out, "warning",
				"one boot a side: what differs between boots is in no interval");
	if (comparison->powerless)
		conditions_line(table_format(view), view->out, "warning",
				"%zu of %zu rows have too few samples or boots to show any change",
				comparison->powerless, comparison->rows_count);
}

static void method_print(const struct compare_view *view, const struct comparison *comparison)
{
	fprintf(view->out, "\nchange = B against A; up to %.2f %% is none", comparison->limit_pct);
	if (comparison->exact) {
		fputs(", for a change anywhere moves where a timer tick lands\n", view->out);
		return;
	}
	if (isnan(comparison->floor_pct))
		fputs(" (A/A floor: not known, too few samples)\n", view->out);
	else
		fprintf(view->out, " (A/A floor: %.2f %%)\n", comparison->floor_pct);
	fprintf(view->out,
		"slower, faster: Mann-Whitney p below %.2f after Holm over %zu rows, and interval "
		"without 0, if there is one\n", COMPARE_SIGNIFICANT, comparison->rows_count);
	fprintf(view->out, "interval: bootstrap of the median, %d replicates, seed %lu\n",
		BOOTSTRAP_REPLICATES, view->seed);
}

static void outliers_print(const struct compare_view *view, const struct comparison *comparison)
{
	size_t i, a = 0, b = 0;

	if (comparison->exact)
		return;
	for (i = 0; i < comparison->rows_count; i++) {
		a += comparison->rows[i].a->summary.outliers;
		b += comparison->rows[i].b->summary.outliers;
	}
	fprintf(view->out, "outliers: %zu in A, %zu in B; none dropped\n", a, b);
}

static void means_print(const struct compare_view *view, const struct comparison *comparison)
{
	char text[FORMAT_TEXT_BYTES];
	const struct set_case *case_ = &comparison->a->cases[0];
	size_t op, count;
	double mean_pct;

	mean_pct = comparison_mean_pct(comparison, NULL, &count);
	if (!count) {
		fputs("geometric mean of the change: not known, no row costs something in both\n",
		      view->out);
		return;
	}
	fprintf(view->out, "geometric mean of the change: %s over %zu rows",
		format_change(mean_pct, text), count);
	for (op = 0; op < case_->ops_count; op++) {
		mean_pct = comparison_mean_pct(comparison, case_->ops[op], &count);
		if (count)
			fprintf(view->out, "; %s %s", case_->ops[op],
				format_change(mean_pct, text));
	}
	putc('\n', view->out);
}

static void verdicts_print(const struct compare_view *view, const struct comparison *comparison)
{
	size_t i;

	fprintf(view->out, "\n%zu rows:", comparison->rows_count);
	for (i = 0; i < VERDICTS; i++)
		fprintf(view->out, "%s %zu %s", i ? "," : "", comparison->verdicts[i],
			verdict_names[i]);
	if (comparison->only_a || comparison->only_b)
		fprintf(view->out, "; not compared: %zu only in A, %zu only in B",
			comparison->only_a, comparison->only_b);
	putc('\n', view->out);
}

static int people_print(const struct compare_view *view, const struct comparison *comparison)
{
	int err;

	fputs(view->format == COMPARE_MARKDOWN ? "## barmap compare\n\n" : "barmap compare\n\n",
	      view->out);
	side_print(view, "A", comparison->a);
	side_print(view, "B", comparison->b);
	conditions_print_unit(comparison->a, table_format(view), view->out);
	differences_print(view, comparison);
	weakness_print(view, comparison);
	method_print(view, comparison);
	err = rows_print(view, comparison);
	if (err)
		return err;
	verdicts_print(view, comparison);
	means_print(view, comparison);
	outliers_print(view, comparison);
	return 0;
}

/* In CSV a text with a quote, comma or blank stands in quotes, a quote is doubled. */
static void csv_text(FILE *out, const char *text)
{
	putc('"', out);
	for (; *text; text++) {
		if (*text == '"')
			putc('"', out);
		putc(*text, out);
	}
	putc('"', out);
}

/* Nothing stands for what is not known. */
static void csv_number(FILE *out, double number)
{
	if (isnan(number))
		putc(',', out);
	else
		fprintf(out, ",%.17g", number);
}

static void csv_row(FILE *out, const struct comparison *comparison, const struct compare_row *row)
{
	const struct record_cell_key *key = row->a->key;

	csv_text(out, comparison->a->kernels[0].name);
	putc(',', out);
	csv_text(out, comparison->b->kernels[0].name);
	fprintf(out, ",%s,%s,%s,%s,%" PRIu64 ",%s", key->case_name, key->op, key->variant,
		row->b->key->variant, key->size_bytes, comparison->a->unit);
	csv_number(out, row->a->summary.median);
	csv_number(out, row->b->summary.median);
	csv_number(out, row->change_pct);
	csv_number(out, comparison->exact ? NAN : row->interval_pct.low);
	csv_number(out, comparison->exact ? NAN : row->interval_pct.high);
	csv_number(out, comparison->exact ? NAN : row->p_holm);
	csv_number(out, comparison->exact ? NAN : row->test.superiority);
	fprintf(out, ",%s\n", verdict_names[row->verdict]);
}

static void csv_print(const struct compare_view *view, const struct comparison *comparisons,
		      size_t count)
{
	size_t i, j;

	fputs("kernel_a,kernel_b,case,op,variant_a,variant_b,size_bytes,unit,cost_a,cost_b,"
	      "change_pct,low_pct,high_pct,p_holm,superiority,verdict\n", view->out);
	for (i = 0; i < count; i++)
		for (j = 0; j < comparisons[i].rows_count; j++)
			csv_row(view->out, &comparisons[i], &comparisons[i].rows[j]);
}

static json_t *json_number(double number)
{
	return isnan(number) ? json_null() : json_real(number);
}

static json_t *json_row(const struct comparison *comparison, const struct compare_row *row)
{
	const struct record_cell_key *key = row->a->key;
	json_t *json;

	json = json_pack("{s:s, s:s, s:s, s:s, s:I, s:f, s:f, s:o, s:s}", "case", key->case_name,
			 "op", key->op, "variant_a", key->variant, "variant_b",
			 row->b->key->variant, "size_bytes", (json_int_t)key->size_bytes,
			 "cost_a", row->a->summary.median, "cost_b", row->b->summary.median,
			 "change_pct", json_number(row->change_pct), "verdict",
			 verdict_names[row->verdict]);
	if (!json || comparison->exact)
		return json;
	json_object_set_new(json, "low_pct", json_number(row->interval_pct.low));
	json_object_set_new(json, "high_pct", json_number(row->interval_pct.high));
	json_object_set_new(json, "p", json_number(row->test.p));
	json_object_set_new(json, "p_holm", json_number(row->p_holm));
	json_object_set_new(json, "superiority", json_number(row->test.superiority));
	return json;
}

/* A path may hold any byte; JSON may not. */
static json_t *json_path(const char *path)
{
	char *text = text_utf8(path);
	json_t *json = json_string(text ? text : "?");

	free(text);
	return json;
}

static json_t *json_side(const struct set *set)
{
	json_t *files = json_array();
	size_t i;

	for (i = 0; i < set->records_count; i++)
		json_array_append_new(files, json_path(set->records[i].path));
	return json_pack("{s:s, s:s, s:o}", "kernel", set->kernels[0].name, "release",
			 set->kernels[0].release, "files", files);
}

static void json_difference(const char *path, const json_t *a_value, const json_t *b_value,
			    void *data)
{
	json_t *pair = json_pack("{s:O?, s:O?}", "a", (json_t *)a_value, "b", (json_t *)b_value);

	json_object_set_new(data, path, pair ? pair : json_null());
}

static json_t *json_comparison(const struct compare_view *view,
			       const struct comparison *comparison)
{
	json_t *rows = json_array(), *differences = json_object(), *verdicts = json_object();
	size_t i, count;
	double mean_pct = comparison_mean_pct(comparison, NULL, &count);

	for (i = 0; i < comparison->rows_count; i++)
		json_array_append_new(rows, json_row(comparison, &comparison->rows[i]));
	for (i = 0; i < VERDICTS; i++)
		json_object_set_new(verdicts, verdict_names[i],
				    json_integer(comparison->verdicts[i]));
	for (i = 0; i < comparison->b->records_count; i++)
		differences_each(&comparison->a->records[0], &comparison->b->records[i],
				 json_difference, differences);
	return json_pack("{s:o, s:o, s:s, s:s, s:o, s:o, s:f, s:o, s:I, s:I, s:I, s:i, s:o, s:o}",
			 "a", json_side(comparison->a), "b", json_side(comparison->b),
			 "mode", comparison->a->records[0].env.mode, "unit", comparison->a->unit,
			 "differences", differences, "floor_pct",
			 json_number(comparison->floor_pct), "limit_pct", comparison->limit_pct,
			 "geometric_mean_pct", json_number(mean_pct),
			 "only_a", (json_int_t)comparison->only_a,
			 "only_b", (json_int_t)comparison->only_b,
			 "seed", (json_int_t)view->seed, "replicates", BOOTSTRAP_REPLICATES,
			 "verdicts", verdicts, "rows", rows);
}

static int json_print(const struct compare_view *view, const struct comparison *comparisons,
		      size_t count)
{
	json_t *all = json_array();
	size_t i;
	int err;

	for (i = 0; i < count; i++)
		if (json_array_append_new(all, json_comparison(view, &comparisons[i]))) {
			json_decref(all);
			return -ENOMEM;
		}
	err = json_dumpf(all, view->out, JSON_INDENT(1) | JSON_PRESERVE_ORDER) ? -EIO : 0;
	putc('\n', view->out);
	json_decref(all);
	return err;
}

int compare_print(const struct compare_view *view, const struct comparison *comparisons,
		  size_t count)
{
	size_t i;
	int err = 0;

	if (view->format == COMPARE_CSV)
		csv_print(view, comparisons, count);
	else if (view->format == COMPARE_JSON)
		err = json_print(view, comparisons, count);
	else
		for (i = 0; i < count && !err; i++)
			err = people_print(view, &comparisons[i]);
	if (!err && ferror(view->out))
		err = -EIO;
	return err;
}
