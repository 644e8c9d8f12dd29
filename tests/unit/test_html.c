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

#define SVG_HEAD "<?xml version=\"1.0\"?>\n<svg \n width=\"900\" height=\"600\"\n" \
	" viewBox=\"0 0 900 600\"\n xmlns=\"http://www.w3.org/2000/svg\"\n>\n\n"

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

static void plots_have_ids_of_their_own(void **state)
{
	(void)state;
	assert_int_equal(report_html_svg(SVG_HEAD "<title>Gnuplot</title><desc>made</desc>"
		"<g id=\"canvas\"><use xlink:href='#pt1' id='pt2'/><path clip-path=\"url(#c)\"/>"
		"</g>\n<text>a id=\"x\"</text></svg>\n", "p1-", "it's <this>", stream), 0);
	assert_string_equal(printed(), "<svg role=\"img\" viewBox=\"0 0 900 600\" "
		"aria-label=\"it&#39;s &lt;this&gt;\">\n<g id=\"p1-canvas\">"
		"<use xlink:href='#p1-pt1' id='p1-pt2'/><path clip-path=\"url(#p1-c)\"/></g>\n"
		"<text>a id=\"x\"</text></svg>\n");
}

static void plots_lose_what_says_nothing(void **state)
{
	(void)state;
	assert_int_equal(report_html_svg(SVG_HEAD "<g fill=\"none\">\n</g>\n\t<g "
		"stroke=\"red\" stroke-linecap=\"butt\" stroke-linejoin=\"miter\"><path d='M1,1'/>"
		"</g></svg>", "p-", "t", stream), 0);
	assert_string_equal(printed(), "<svg role=\"img\" viewBox=\"0 0 900 600\" "
		"aria-label=\"t\">\n\n<g stroke=\"red\"><path d='M1,1'/></g></svg>");
}

static void foreign_plots_are_refused(void **state)
{
	static const char *const bodies[] = {
		"<script>1</script></svg>", "<g onload=\"1\"><path/></g></svg>", "<image href=\"#a\"/></svg>",
		"<use xlink:href='http://example.org/x'/></svg>", "<a href=\"#x\">x</a></svg>",
		"<foreignObject/></svg>", "<g style", "<STYLE>@import 'x'</STYLE></svg>",
	};
	char svg[512];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
		snprintf(svg, sizeof(svg), SVG_HEAD "%s", bodies[i]);
		if (!report_html_svg(svg, "p", "t", stream))
			fail_msg("taken: %s", bodies[i]);
	}
	assert_int_not_equal(report_html_svg("no plot", "p", "t", stream), 0);
	assert_int_not_equal(report_html_svg("<svg viewBox=\"a\">", "p", "t", stream), 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(text_stays_text, setup, teardown),
		cmocka_unit_test_setup_teardown(formats_are_escaped_once_made, setup, teardown),
		cmocka_unit_test_setup_teardown(tables_have_heads, setup, teardown),
		cmocka_unit_test_setup_teardown(plots_have_ids_of_their_own, setup, teardown),
		cmocka_unit_test_setup_teardown(plots_lose_what_says_nothing, setup, teardown),
		cmocka_unit_test_setup_teardown(foreign_plots_are_refused, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
