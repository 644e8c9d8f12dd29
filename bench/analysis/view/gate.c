// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/view/gate.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#include "analysis/document/html.h"
#include "analysis/document/table.h"
#include "lib/number.h"
#include "lib/size.h"

/* "CASE STEP LOOKUP SIZE" of a point; one of the conditions has none of these. */
static const char *point_name(const struct gate_point *point, char text[GATE_TEXT_BYTES])
{
	const struct set_series *series = point->a ? point->a : point->b;
	char size[SIZE_TEXT_BYTES];

	if (!series)
		return "conditions";
	snprintf(text, GATE_TEXT_BYTES, "%s %s %s %s", series->key->case_name, series->key->op,
		 point->b ? point->b->key->variant : series->key->variant,
		 size_format(series->key->size_bytes, size));
	return text;
}

static const char *change_text(const struct gate_point *point, char text[FORMAT_TEXT_BYTES])
{
	return isnan(point->change_pct) ? "-" : format_change(point->change_pct, text);
}

static void point_change(const struct gate_point *point, char text[GATE_TEXT_BYTES])
{
	char change[FORMAT_TEXT_BYTES];

	if (!point->a && !point->b)
		strcpy(text, "the same");
	else if (isnan(point->p))
		snprintf(text, GATE_TEXT_BYTES, "%s", change_text(point, change));
	else
		snprintf(text, GATE_TEXT_BYTES, "%s, p %.3g", change_text(point, change), point->p);
}

/* ---- text ---- */

static void cost_cell(struct table *table, const struct set_series *series)
{
	char text[FORMAT_TEXT_BYTES];

	table_cell(table, "%s", series ? format_cost(series->summary.median, text) : "-");
}

static int text_table(const struct gate *gate, FILE *out)
{
	char name[GATE_TEXT_BYTES], change[FORMAT_TEXT_BYTES];
	const struct gate_point *point;
	struct table table;
	int err = 0;

	table_init(&table, 5);
	table_cell(&table, "case, step, lookup, size");
	table_cell(&table, "A %s", gate->comparison.a->unit);
	table_cell(&table, "B %s", gate->comparison.b->unit);
	table_cell(&table, "change");
	table_cell(&table, "answer");
	for (point = gate->points + 1; point < gate->points + gate->count; point++) {
		if (point->verdict == GATE_NOT_SLOWER)
			continue;
		table_cell(&table, "%s", point_name(point, name));
		cost_cell(&table, point->a);
		cost_cell(&table, point->b);
		table_cell(&table, "%s", change_text(point, change));
		table_cell(&table, "%s", gate_verdict_names[point->verdict]);
	}
	if (table_rows(&table))
		err = table_print(&table, TABLE_TEXT, out);
	table_cleanup(&table);
	return err;
}

/* Each reason once, with the first row that has it. */
static void text_reasons(const struct gate *gate, FILE *out)
{
	const struct gate_point *point, *before;
	char name[GATE_TEXT_BYTES];

	for (point = gate->points; point < gate->points + gate->count; point++) {
		for (before = gate->points; before < point; before++)
			if (point->why && before->why && !strcmp(before->why, point->why))
				break;
		if (point->why && before == point)
			fprintf(out, "cannot tell: %s: %s\n", point_name(point, name), point->why);
	}
}

static int text_print(const struct gate *gate, FILE *out)
{
	char text[GATE_TEXT_BYTES];
	int err = text_table(gate, out);

	text_reasons(gate, out);
	fprintf(out, "gate: %s\n", gate_sentence(gate, text));
	return err;
}

char *gate_sentence(const struct gate *gate, char text[GATE_TEXT_BYTES])
{
	const struct comparison *comparison = &gate->comparison;
	char name[GATE_TEXT_BYTES], change[FORMAT_TEXT_BYTES];
	int used;

	used = snprintf(text, GATE_TEXT_BYTES, "%s by more than %g %%: %zu of %zu row%s, %zu and %zu "
			"boot%s", gate->verdict == GATE_UNTOLD ? "cannot tell whether slower" :
			gate_verdict_names[gate->verdict], gate->limit_pct,
			gate->verdicts[gate->verdict] -
			(gate->points[0].verdict == gate->verdict), gate->count - 1,
			gate->count == 2 ? "" : "s", comparison->a->records_count,
			comparison->b->records_count,
			comparison->b->records_count == 1 ? "" : "s");
	if (gate->verdict == GATE_SLOWER && used > 0 && used < GATE_TEXT_BYTES)
		snprintf(text + used, GATE_TEXT_BYTES - used, "; worst: %s %s",
			 point_name(gate->worst, name), change_text(gate->worst, change));
	return text;
}

/* ---- TAP ---- */

static void tap_print(const struct gate *gate, FILE *out)
{
	char name[GATE_TEXT_BYTES], change[GATE_TEXT_BYTES];
	const struct gate_point *point;

	fprintf(out, "TAP version 13\n1..%zu\n", gate->count);
	for (point = gate->points; point < gate->points + gate->count; point++) {
		point_change(point, change);
		fprintf(out, "%s %td - %s: %s\n",
			point->verdict == GATE_NOT_SLOWER ? "ok" : "not ok",
			point - gate->points + 1, point_name(point, name),
			point->verdict == GATE_UNTOLD ? "cannot tell" : change);
		if (point->why)
			fprintf(out, "# %s\n", point->why);
	}
	fprintf(out, "# %s\n", gate_sentence(gate, name));
}

/* ---- JUnit ---- */

static void junit_head(FILE *out, size_t tests, size_t failures, size_t errors)
{
	fprintf(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
		"<testsuite name=\"barmap gate\" tests=\"%zu\" failures=\"%zu\" errors=\"%zu\">\n",
		tests, failures, errors);
}

/* A test case; @kind, what is wrong with it, may be NULL. */
static void junit_case(FILE *out, const char *name, const char *kind, const char *why)
{
	fputs("<testcase classname=\"barmap gate\" name=\"", out);
	html_escape(name, out);
	if (!kind) {
		fputs("\"/>\n", out);
		return;
	}
	fprintf(out, "\"><%s message=\"", kind);
	html_escape(why, out);
	fputs("\"/></testcase>\n", out);
}

static void junit_print(const struct gate *gate, FILE *out)
{
	static const char *const kinds[GATE_VERDICTS] = {
		[GATE_SLOWER] = "failure", [GATE_UNTOLD] = "error",
	};
	char name[GATE_TEXT_BYTES], change[GATE_TEXT_BYTES];
	const struct gate_point *point;

	junit_head(out, gate->count, gate->verdicts[GATE_SLOWER], gate->verdicts[GATE_UNTOLD]);
	for (point = gate->points; point < gate->points + gate->count; point++) {
		point_change(point, change);
		junit_case(out, point_name(point, name), kinds[point->verdict],
			   point->why ? point->why : change);
	}
	fputs("</testsuite>\n", out);
}

int gate_print(const struct gate *gate, enum gate_format format, FILE *out)
{
	int err = 0;

	if (format == GATE_TEXT)
		err = text_print(gate, out);
	else if (format == GATE_TAP)
		tap_print(gate, out);
	else
		junit_print(gate, out);
	return !err && ferror(out) ? -EIO : err;
}

void gate_print_nothing(const char *why, enum gate_format format, FILE *out)
{
	if (format == GATE_TAP)
		fprintf(out, "TAP version 13\n1..1\nnot ok 1 - cannot tell\n# %s\n", why);
	if (format != GATE_JUNIT)
		return;
	junit_head(out, 1, 0, 1);
	junit_case(out, "records", "error", why);
	fputs("</testsuite>\n", out);
}
