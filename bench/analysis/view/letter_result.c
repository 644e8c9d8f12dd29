// SPDX-License-Identifier: GPL-2.0-or-later
/* letter_parts: the result, and what became of the other families. */
#include "analysis/view/letter_parts.h"

#include <math.h>
#include <string.h>

#include "analysis/view/result.h"
#include "lib/number.h"

/* Changes of a family, by step: "map", "unmap", any other. */
enum step { STEP_MAP, STEP_UNMAP, STEP_OTHER, STEPS };

int letter_result_print(const struct sides *sides, FILE *out)
{
	struct result result;
	struct table table;
	int err;

	result_find(&sides->after, &result);
	if (!result.aligned)
		return 0;
	fprintf(out, "\nThe largest mapping, page tables populated, VA aligned to 1G and off:\n\n");
	result_heads(&sides->after, &result, &table);
	/* one floor is enough */
	if (sides_are_two(sides))
		result_rows(&sides->before, &result, false, true, &table);
	result_rows(&sides->after, &result, true, true, &table);
	err = table_print(&table, TABLE_TEXT, out);
	table_cleanup(&table);
	return err;
}

static enum step row_step(const struct compare_row *row)
{
	if (!strcmp(row->a->key->op, "map"))
		return STEP_MAP;
	return strcmp(row->a->key->op, "unmap") ? STEP_OTHER : STEP_UNMAP;
}

static size_t family_bytes(const char *name)
{
	return strcspn(name, "/");
}

static bool same_family(const struct compare_row *a, const struct compare_row *b)
{
	const char *x = a->a->case_->name, *y = b->a->case_->name;

	return family_bytes(x) == family_bytes(y) && !strncmp(x, y, family_bytes(x));
}

static void range_cell(struct table *table, double least, double most)
{
	char low[FORMAT_TEXT_BYTES], high[FORMAT_TEXT_BYTES];

	format_rounded(least, low);
	format_rounded(most, high);
	if (!(most > 0))
		table_cell(table, "-");
	else if (!strcmp(low, high))
		table_cell(table, "%s", low);
	else
		table_cell(table, "%s .. %s", low, high);
}

/* Adds the row of the family of row @first, and returns the row behind its last. */
static size_t family_row(const struct comparison *change, size_t first, struct table *table)
{
	const struct compare_row *row = &change->rows[first];
	double least[STEPS], most[STEPS], factor;
	bool threaded = false;
	size_t i, step;

	for (step = 0; step < STEPS; step++) {
		least[step] = INFINITY;
		most[step] = 0;
	}
	for (i = first; i < change->rows_count && same_family(row, &change->rows[i]); i++) {
		threaded = threaded || set_is_threaded(change->rows[i].b);
		if (!change->rows[i].largest || !(change->rows[i].b->summary.median > 0))
			continue;
		factor = change->rows[i].a->summary.median / change->rows[i].b->summary.median;
		step = row_step(&change->rows[i]);
		least[step] = fmin(least[step], factor);
		most[step] = fmax(most[step], factor);
	}
	/* the other tables have these; what threads make of it is in the full letter */
	if (threaded || set_case_is_of(row->a->case_, SET_FAMILY_PLAIN) ||
	    set_case_is_of(row->a->case_, SET_FAMILY_CONTROL))
		return i;
	table_cell(table, "%.*s/*", (int)family_bytes(row->a->case_->name), row->a->case_->name);
	for (step = 0; step < STEPS; step++)
		range_cell(table, least[step], most[step]);
	return i;
}

int letter_families_print(const struct sides *sides, FILE *out)
{
	const struct comparison *change = &sides->change;
	struct table table;
	size_t i = 0;
	int err;

	if (!change->rows_count) {
		fprintf(out, "\nNothing to compare: the records hold one lookup of one kernel.\n");
		return 0;
	}
	fputs("\nHow many times cheaper after the change, worst .. best of a family:\n", out);
	table_init(&table, 1 + STEPS);
	table_cell(&table, "cases");
	table_cell(&table, "map");
	table_cell(&table, "unmap");
	table_cell(&table, "other steps");
	while (i < change->rows_count)
		i = family_row(change, i, &table);
	err = table_print(&table, TABLE_TEXT, out);
	table_cleanup(&table);
	return err;
}
