// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/view/memory.h"

#include <errno.h>
#include <string.h>

#include "analysis/document/number.h"
#include "lib/size.h"

/**
 * struct columns - what amounts there are, in the order they were read
 * @ops: borrowed
 * @count: never above the columns of a table
 */
struct columns {
	const char *ops[TABLE_COLUMNS_MAX - 1];
	size_t count;
};

/* Boots of a kernel read the same amounts: the first stands for all. */
static const struct record *kernel_record(const struct set *set, size_t kernel)
{
	return set->kernels[kernel].record;
}

static void columns_add(struct columns *columns, const char *op)
{
	size_t i;

	for (i = 0; i < columns->count; i++)
		if (!strcmp(columns->ops[i], op))
			return;
	if (columns->count < TABLE_COLUMNS_MAX - 1)
		columns->ops[columns->count++] = op;
}

static void columns_find(struct columns *columns, const struct set *set)
{
	const struct record *record;
	size_t i, j;

	columns->count = 0;
	for (i = 0; i < set->kernels_count; i++) {
		record = kernel_record(set, i);
		for (j = 0; j < record->memory.count; j++)
			columns_add(columns, record->memory.list[j]->key.op);
	}
}

static bool same_place(const struct record_cell_key *a, const struct record_cell_key *b)
{
	return a->size_bytes == b->size_bytes && !strcmp(a->case_name, b->case_name);
}

static const struct record_cell *amount_find(const struct record *record,
					     const struct record_cell_key *place,
					     const char *variant, const char *op)
{
	const struct record_cell_key *key;
	size_t i;

	for (i = 0; i < record->memory.count; i++) {
		key = &record->memory.list[i]->key;
		if (same_place(key, place) && !strcmp(key->variant, variant) &&
		    !strcmp(key->op, op))
			return record->memory.list[i];
	}
	return NULL;
}

static double amount_most(const struct record_cell *cell)
{
	double most = 0;
	size_t i;

	for (i = 0; i < cell->samples; i++)
		if (cell->cost[i] > most)
			most = cell->cost[i];
	return most;
}

static void subject_row(struct table *table, const struct columns *columns,
			const struct record *record, const struct set_subject *subject,
			const struct record_cell_key *place)
{
	const struct record_cell *cells[TABLE_COLUMNS_MAX - 1];
	char text[FORMAT_TEXT_BYTES];
	bool any = false;
	size_t i;

	for (i = 0; i < columns->count; i++) {
		cells[i] = amount_find(record, place, subject->variant, columns->ops[i]);
		any |= cells[i] != NULL;
	}
	if (!any)
		return;
	table_cell(table, "%s", subject->label);
	for (i = 0; i < columns->count; i++)
		table_cell(table, "%s", cells[i] ? format_cost(amount_most(cells[i]), text) : "-");
}

static void place_rows(const struct set *set, struct table *table, const struct columns *columns,
		       const struct record_cell_key *place)
{
	char size[SIZE_TEXT_BYTES];
	size_t i;

	table_group(table, "%s %s", place->case_name, size_format(place->size_bytes, size));
	for (i = 0; i < set->subjects_count; i++)
		subject_row(table, columns, kernel_record(set, set->subjects[i].kernel),
			    &set->subjects[i], place);
}

/* Whether the place of cell @index of @kernel came up before, there or at an earlier kernel. */
static bool place_seen(const struct set *set, size_t kernel, size_t index)
{
	const struct record_cell_key *place = &kernel_record(set, kernel)->memory.list[index]->key;
	const struct record *record;
	size_t i, j;

	for (i = 0; i <= kernel; i++) {
		record = kernel_record(set, i);
		for (j = 0; j < (i == kernel ? index : record->memory.count); j++)
			if (same_place(&record->memory.list[j]->key, place))
				return true;
	}
	return false;
}

static void rows_fill(const struct set *set, struct table *table, const struct columns *columns)
{
	const struct record *record;
	size_t i, j;

	for (i = 0; i < set->kernels_count; i++) {
		record = kernel_record(set, i);
		for (j = 0; j < record->memory.count; j++)
			if (!place_seen(set, i, j))
				place_rows(set, table, columns, &record->memory.list[j]->key);
	}
}

int report_memory_print(const struct report *report)
{
	struct columns columns;
	struct table table;
	size_t i;
	int err;

	columns_find(&columns, report->set);
	if (!columns.count)
		return 0;
	table_init(&table, columns.count + 1);
	table_label(&table, "Memory");
	table_cell(&table, "bytes");
	for (i = 0; i < columns.count; i++)
		table_cell(&table, "%s", columns.ops[i]);
	rows_fill(report->set, &table, &columns);

	report_title(report, "Memory");
	err = table_print(&table, report->format, report->out);
	table_cleanup(&table);
	return err;
}
