/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BARMAP_ANALYSIS_DOCUMENT_TABLE_H
#define BARMAP_ANALYSIS_DOCUMENT_TABLE_H

/*
 * table: rows of text cells, printed as aligned text, as Markdown, or as HTML.
 *
 * The first column is aligned left, the others right. Columns are as wide as their widest cell.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#define TABLE_COLUMNS_MAX 16

/* As options name them, in that order; a new one goes before HTML, which is no choice. */
#define TABLE_FORMATS "text|markdown"

enum table_format {
	TABLE_TEXT,
	TABLE_MARKDOWN,
	TABLE_HTML,
};

/**
 * struct table - a table being filled
 * @columns: number of columns, 1 … TABLE_COLUMNS_MAX
 * @cells: @columns cells a row, the heads first; owned. In a group row only the first is set.
 * @used: number of cells
 * @capacity: room in @cells
 * @label: what the table is about, in HTML the name of the part that scrolls; owned, or NULL
 * @failed: memory ran out; table_print() reports it
 */
struct table {
	size_t columns;
	char **cells;
	size_t used;
	size_t capacity;
	char *label;
	bool failed;
};

void table_init(struct table *table, size_t columns);
void table_cleanup(struct table *table);

/* Sets the label. */
void table_label(struct table *table, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Adds the next cell; the first @columns cells are the heads. */
void table_cell(struct table *table, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Adds a row that is one heading for the rows below it. Only at the begin of a row. */
void table_group(struct table *table, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Rows without the heads and the group rows. */
size_t table_rows(const struct table *table);

/* Returns 0, or -ENOMEM when a cell had been lost. Who closes @out sees what it did not take. */
int table_print(const struct table *table, enum table_format format, FILE *out);

#endif
