// SPDX-License-Identifier: GPL-2.0-or-later
/* Numbers as text, and tables of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "lib/number.h"
#include "analysis/document/table.h"

static void costs(void **state)
{
	static const struct {
		double cost;
		const char *text;
	} pairs[] = {
		{ 0, "0" }, { 31, "31" }, { 999, "999" }, { 1000, "1,000" },
		{ 1017782796, "1,017,782,796" }, { 65138098944.0, "65,138,098,944" },
		{ 970.63, "970.6" }, { 99.949, "99.9" }, { 99.96, "100.0" }, { 12.345, "12.3" },
		{ 2.3449, "2.34" }, { 0.0023361, "0.00234" },
		{ 999.97, "1,000" }, { 1000.4, "1,000" },
	};
	char text[FORMAT_TEXT_BYTES];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
		assert_string_equal(format_cost(pairs[i].cost, text), pairs[i].text);
}

static void factors_and_changes(void **state)
{
	char text[FORMAT_TEXT_BYTES];

	(void)state;
	assert_string_equal(format_factor(415592.4, text), "415,592x");
	assert_string_equal(format_factor(99.96, text), "100x");
	assert_string_equal(format_factor(12.34, text), "12.3x");
	assert_string_equal(format_factor(1, text), "1.00x");
	assert_string_equal(format_factor(0.849, text), "0.85x");
	assert_string_equal(format_change(3, text), "+3.00 %");
	assert_string_equal(format_change(-0.25, text), "-0.25 %");
	assert_string_equal(format_change(-0.001, text), "0.00 %");
}

static void fill(struct table *table)
{
	table_init(table, 3);
	table_cell(table, "variant");
	table_cell(table, "map");
	table_cell(table, "unmap");
	table_group(table, "%s", "4K (1 page)");
	table_cell(table, "follow_pfn");
	table_cell(table, "3,320");
	table_cell(table, "~2|3");
}

static char *print(const struct table *table, enum table_format format)
{
	size_t length;
	char *text;
	FILE *out = open_memstream(&text, &length);

	assert_int_equal(table_print(table, format, out), 0);
	fclose(out);
	return text;
}

static void text_is_aligned(void **state)
{
	struct table table;
	char *text;

	(void)state;
	fill(&table);
	assert_int_equal(table_rows(&table), 1);
	text = print(&table, TABLE_TEXT);
	assert_string_equal(text,
			    "variant       map  unmap\n"
			    "----------  -----  -----\n"
			    "4K (1 page)\n"
			    "follow_pfn  3,320   ~2|3\n");
	free(text);
	table_cleanup(&table);
}

static void markdown_is_escaped(void **state)
{
	struct table table;
	char *text;

	(void)state;
	fill(&table);
	text = print(&table, TABLE_MARKDOWN);
	assert_string_equal(text,
			    "| variant | map | unmap |\n"
			    "| :--- | ---: | ---: |\n"
			    "| **4K (1 page)** | | |\n"
			    "| follow_pfn | 3,320 | \\~2\\|3 |\n");
	free(text);
	table_cleanup(&table);
}

static void empty_table_has_heads(void **state)
{
	struct table table;
	char *text;

	(void)state;
	table_init(&table, 1);
	table_cell(&table, "case");
	text = print(&table, TABLE_TEXT);
	assert_string_equal(text, "case\n----\n");
	assert_int_equal(table_rows(&table), 0);
	free(text);
	table_cleanup(&table);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(costs),
		cmocka_unit_test(factors_and_changes),
		cmocka_unit_test(text_is_aligned),
		cmocka_unit_test(markdown_is_escaped),
		cmocka_unit_test(empty_table_has_heads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
