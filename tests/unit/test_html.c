// SPDX-License-Identifier: GPL-2.0-or-later
/* Pieces of the page: what comes from a record or a plot must not become markup. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "analysis/document/html.h"
#include "analysis/view/page_parts.h"
#include "analysis/document/table.h"

static FILE *stream;
static char *text;
static size_t length;

static int setup(void **state)
{
	(void)state;
	stream = open_memstream(&text, &length);
	return !stream;
}

static int teardown(void **state)
{
	(void)state;
	fclose(stream);
	free(text);
	return 0;
}

static const char *printed(void)
{
	fflush(stream);
	return text;
}

static void text_stays_text(void **state)
{
	(void)state;
	html_escape("<script a=\"b\" c='d'>&amp;\x01\x7f\n\xc3\xa9", stream);
	assert_string_equal(printed(), "&lt;script a=&quot;b&quot; c=&#39;d&#39;&gt;&amp;amp;"
			    "\xef\xbf\xbd\xef\xbf\xbd\n\xc3\xa9");
}

static void formats_are_escaped_once_made(void **state)
{
	(void)state;
	html_element(stream, "p", "%s is %.1f %%", "a<b", 2.5);
	assert_string_equal(printed(), "<p>a&lt;b is 2.5 %</p>\n");
}

static void tables_have_heads(void **state)
{
	struct table table;

	(void)state;
	table_init(&table, 2);
	table_label(&table, "a \"label\"");
	table_cell(&table, "name");
	table_cell(&table, "cost");
	table_group(&table, "4K & more");
	table_cell(&table, "  <b>");
	table_cell(&table, "1,000");
	assert_int_equal(table_print(&table, TABLE_HTML, stream), 0);
	table_cleanup(&table);
	assert_string_equal(printed(),
		"<div class=\"scroll\" role=\"region\" tabindex=\"0\" "
		"aria-label=\"a &quot;label&quot;\"><table>\n<thead>\n"
		"<tr><th scope=\"col\">name</th><th scope=\"col\">cost</th></tr>\n</thead>\n"
		"<tbody>\n<tr class=\"group\"><th colspan=\"2\" scope=\"colgroup\">4K &amp; more"
		"</th></tr>\n<tr><th scope=\"row\">&lt;b&gt;</th><td>1,000</td></tr>\n"
		"</tbody>\n</table></div>\n");
}

/* An image runs nothing; what could end its URL, or the attribute, is written in another way. */
static void plots_are_images(void **state)
{
	(void)state;
	page_image("<svg \n width=\"1\"\n>\t<text>a#b 5% \'c\' &amp;</text></svg>\n", "it's <this>", stream);
	assert_string_equal(printed(), "<img alt=\"it&#39;s &lt;this&gt;\" "
		"src=\"data:image/svg+xml,<svg width=%221%22 > <text>a%23b 5%25 %27c%27 %26amp;"
		"</text></svg> \">");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(text_stays_text, setup, teardown),
		cmocka_unit_test_setup_teardown(formats_are_escaped_once_made, setup, teardown),
		cmocka_unit_test_setup_teardown(tables_have_heads, setup, teardown),
		cmocka_unit_test_setup_teardown(plots_are_images, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
