// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/document/table.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/document/html.h"

#define COLUMN_GAP "  "

void table_init(struct table *table, size_t columns)
{
	memset(table, 0, sizeof(*table));
	table->columns = columns;
}

void table_cleanup(struct table *table)
{
	size_t i;

	for (i = 0; i < table->used; i++)
		free(table->cells[i]);
	free(table->cells);
	free(table->label);
}

void table_label(struct table *table, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	free(table->label);
	if (vasprintf(&table->label, format, args) < 0) {
		table->label = NULL;
		table->failed = true;
	}
	va_end(args);
}

static void table_push(struct table *table, char *cell)
{
	size_t capacity = table->capacity ? table->capacity * 2 : 64;
	char **cells;

	if (table->used == table->capacity) {
		cells = reallocarray(table->cells, capacity, sizeof(*cells));
		if (!cells) {
			free(cell);
			table->failed = true;
			return;
		}
		table->cells = cells;
		table->capacity = capacity;
	}
	table->cells[table->used++] = cell;
}

static void __attribute__((format(printf, 2, 0))) table_push_format(struct table *table,
								     const char *format,
								     va_list args)
{
	char *cell;

	if (vasprintf(&cell, format, args) < 0)
		table->failed = true;
	else
		table_push(table, cell);
}

void table_cell(struct table *table, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	table_push_format(table, format, args);
	va_end(args);
}

void table_group(struct table *table, const char *format, ...)
{
	va_list args;
	size_t i;

	va_start(args, format);
	table_push_format(table, format, args);
	va_end(args);
	for (i = 1; i < table->columns; i++)
		table_push(table, NULL);
}

static bool row_is_group(const struct table *table, size_t row)
{
	return table->columns > 1 && !table->cells[row * table->columns + 1];
}

size_t table_rows(const struct table *table)
{
	size_t row, rows = 0;

	for (row = 1; row < table->used / table->columns; row++)
		rows += !row_is_group(table, row);
	return rows;
}

static size_t column_width(const struct table *table, size_t column)
{
	size_t row, length, width = 0;

	for (row = 0; row < table->used / table->columns; row++) {
		if (row_is_group(table, row))
			continue;
		length = strlen(table->cells[row * table->columns + column]);
		if (length > width)
			width = length;
	}
	return width;
}

static void print_rule(const struct table *table, const size_t *widths, FILE *out)
{
	size_t column, i;

	for (column = 0; column < table->columns; column++) {
		fputs(column ? COLUMN_GAP : "", out);
		for (i = 0; i < widths[column]; i++)
			putc('-', out);
	}
	putc('\n', out);
}

static void print_text(const struct table *table, FILE *out)
{
	size_t widths[TABLE_COLUMNS_MAX];
	size_t row, column;
	char *const *cells;

	for (column = 0; column < table->columns; column++)
		widths[column] = column_width(table, column);
	for (row = 0; row < table->used / table->columns; row++) {
		cells = table->cells + row * table->columns;
		if (row_is_group(table, row)) {
			fprintf(out, "%s\n", cells[0]);
			continue;
		}
		fprintf(out, "%-*s", (int)widths[0], cells[0]);
		for (column = 1; column < table->columns; column++)
			fprintf(out, COLUMN_GAP "%*s", (int)widths[column], cells[column]);
		putc('\n', out);
		if (row == 0)
			print_rule(table, widths, out);
	}
}

/* Keeps the characters that mean something in a Markdown table as they are. */
static void print_escaped(const char *cell, FILE *out)
{
	for (; *cell; cell++) {
		if (strchr("|~*<\\`", *cell))
			putc('\\', out);
		putc(*cell, out);
	}
}

static void print_markdown(const struct table *table, FILE *out)
{
	size_t row, column;
	char *const *cells;

	for (row = 0; row < table->used / table->columns; row++) {
		cells = table->cells + row * table->columns;
		if (row_is_group(table, row)) {
			fputs("| **", out);
			print_escaped(cells[0], out);
			fputs("** |", out);
			for (column = 1; column < table->columns; column++)
				fputs(" |", out);
		} else {
			putc('|', out);
			for (column = 0; column < table->columns; column++) {
				putc(' ', out);
				print_escaped(cells[column], out);
				fputs(" |", out);
			}
		}
		putc('\n', out);
		for (column = 0; row == 0 && column < table->columns; column++)
			fputs(column ? " ---: |" : "| :--- |", out);
		fputs(row ? "" : "\n", out);
	}
}

static void print_html_row(const struct table *table, size_t row, FILE *out)
{
	char *const *cells = table->cells + row * table->columns;
	size_t column;

	if (row_is_group(table, row)) {
		fprintf(out, "<tr class=\"group\"><th colspan=\"%zu\" scope=\"colgroup\">",
			table->columns);
		html_escape(cells[0], out);
		fputs("</th></tr>\n", out);
		return;
	}
	fputs("<tr>", out);
	for (column = 0; column < table->columns; column++) {
		fputs(!row ? "<th scope=\"col\">" : column ? "<td>" : "<th scope=\"row\">", out);
		html_escape(cells[column] + strspn(cells[column], " "), out);
		fputs(!row || !column ? "</th>" : "</td>", out);
	}
	fputs("</tr>\n", out);
}

/* What is too wide for the page scrolls by itself, with the keyboard too. */
static void print_html(const struct table *table, FILE *out)
{
	size_t row;

	fputs("<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"", out);
	html_escape(table->label ? table->label : table->cells[0], out);
	fputs("\"><table>\n<thead>\n", out);
	for (row = 0; row < table->used / table->columns; row++) {
		print_html_row(table, row, out);
		fputs(row ? "" : "</thead>\n<tbody>\n", out);
	}
	fputs("</tbody>\n</table></div>\n", out);
}

int table_print(const struct table *table, enum table_format format, FILE *out)
{
	if (table->failed)
		return -ENOMEM;
	if (format == TABLE_HTML)
		print_html(table, out);
	else if (format == TABLE_MARKDOWN)
		print_markdown(table, out);
	else
		print_text(table, out);
	return 0;
}
