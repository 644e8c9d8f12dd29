// SPDX-License-Identifier: GPL-2.0-or-later
/* From records to the report and the plot data. */
#include <errno.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "analysis/plot/index.h"
#include "analysis/plot/parts.h"
#include "analysis/view/report.h"
#include "fixture.h"

#define CASE "bar/aligned/warm"
#define SIZE_4K 4096UL
#define SIZE_4G 4294967296UL

static void untouched_record(struct record *record)
{
	struct fixture fixture;
	unsigned int i;

	fixture_begin(&fixture, "untouched", "icount", "insn");
	fixture_sample(&fixture, "null", "null", "none", 0, 30);
	for (i = 0; i < 2; i++) {
		fixture_sample(&fixture, CASE, "map", "stock", SIZE_4K, 3000);
		fixture_sample(&fixture, CASE, "unmap", "stock", SIZE_4K, 2000);
		fixture_sample(&fixture, CASE, "map", "stock", SIZE_4G, 1000000000);
	}
	fixture_end(&fixture);
	fixture_read(&fixture, record);
}

static void patched_record(struct record *record)
{
	struct fixture fixture;
	unsigned int i;

	fixture_begin(&fixture, "patched", "icount", "insn");
	fixture_sample(&fixture, "null", "null", "none", 0, 130);
	for (i = 0; i < 2; i++) {
		fixture_sample(&fixture, CASE, "map", "vma_to_pfn", SIZE_4K, 2500);
		fixture_sample(&fixture, CASE, "map", "follow_pfn", SIZE_4K, 3030);
		fixture_sample(&fixture, CASE, "unmap", "follow_pfn", SIZE_4K, 2000 + 10 * i);
		fixture_sample(&fixture, CASE, "map", "vma_to_pfn", SIZE_4G, 2500);
		fixture_sample(&fixture, CASE, "map", "follow_pfn", SIZE_4G, 1000500000);
	}
	fixture_end(&fixture);
	fixture_read(&fixture, record);
}

struct both {
	struct record records[2];
	struct set set;
};

static int setup(void **state)
{
	struct both *both = calloc(1, sizeof(*both));
	struct error error;

	untouched_record(&both->records[0]);
	patched_record(&both->records[1]);
	assert_int_equal(set_init(&both->set, both->records, 2, &error), 0);
	*state = both;
	return 0;
}

static int teardown(void **state)
{
	struct both *both = *state;

	set_cleanup(&both->set);
	record_cleanup(&both->records[0]);
	record_cleanup(&both->records[1]);
	free(both);
	return 0;
}

static void set_is_ordered(void **state)
{
	struct both *both = *state;
	const struct set *set = &both->set;
	size_t i;

	assert_int_equal(set->samples, 7 + 11);
	assert_int_equal(set->kernels_count, 2);
	assert_int_equal(set->cases_count, 1);
	assert_string_equal(set->cases[0].name, CASE);
	assert_int_equal(set->cases[0].ops_count, 2);
	assert_int_equal(set->cases[0].sizes_count, 2);
	assert_true(set->cases[0].sizes_bytes[1] == SIZE_4G);

	assert_int_equal(set->subjects_count, 3);
	assert_string_equal(set->subjects[0].label, "stock (untouched)");
	assert_string_equal(set->subjects[1].label, "follow_pfn");
	assert_string_equal(set->subjects[2].label, "vma_to_pfn");
	assert_string_equal(set->baseline, "follow_pfn");
	for (i = 0; i < set->series_count; i++)
		if (set->series[i].case_ && set->series[i].key->size_bytes == SIZE_4G)
			assert_int_equal(set->series[i].baseline->subject, 1);
	set_relate(&both->set, "leaf");
	for (i = 0; i < set->series_count; i++)
		if (set->series[i].case_)
			assert_ptr_equal(set->series[i].baseline, set->series[i].stock);

	assert_true(set_find(set, 1, set->cases, "unmap", SIZE_4K)->summary.median == 2005);
	assert_null(set_find(set, 2, set->cases, "unmap", SIZE_4K));
	assert_ptr_equal(set_case_find(set, CASE), set->cases);
	assert_null(set_case_find(set, "bar"));
	assert_true(set->kernels[1].null->summary.median == 130);
}

static char *report_text(const struct set *set, enum table_format format)
{
	struct findings findings;
	struct report report = { .set = set, .findings = &findings, .format = format };
	size_t length;
	char *text;

	assert_int_equal(findings_init(&findings, set), 0);
	report.out = open_memstream(&text, &length);
	assert_int_equal(report_print(&report), 0);
	fclose(report.out);
	findings_cleanup(&findings);
	return text;
}

/* Column widths are the table tests' business: runs of blanks count as one. */
static void blanks_squeeze(char *text)
{
	char *to = text;

	for (; *text; text++)
		if (*text != ' ' || text[1] != ' ')
			*to++ = *text;
	*to = '\0';
}

static void text_has(const char *text, const char *part)
{
	if (!strstr(text, part))
		fail_msg("'%s' is not in:\n%s", part, text);
}

static void report_says_it_all(void **state)
{
	const struct both *both = *state;
	char *text = report_text(&both->set, TABLE_TEXT);

	blanks_squeeze(text);
	text_has(text, "insn: guest instructions, counted under emulation");
	text_has(text, "#1 untouched: Linux 6.12.0\n");
	text_has(text, "intel (emulated), IOPTE sizes 4K 2M 1G");
	text_has(text, "4G (1,048,576 pages)\n");
	/* variant, map, per page, speed-up, unmap, per page, speed-up */
	text_has(text, "\n follow_pfn 1,000,500,000 954.2 1.00x - - -\n");
	text_has(text, "\n vma_to_pfn 2,500 0.00238 400,200x");
	text_has(text, "~2,005");
	free(text);
}

static void report_has_the_controls(void **state)
{
	const struct both *both = *state;
	char *text = report_text(&both->set, TABLE_TEXT);

	blanks_squeeze(text);
	text_has(text, CASE " map 4G follow_pfn 1,000,000,000 1,000,500,000 +0.05 %\n");
	text_has(text, "follow_pfn of the patched kernel deviates from stock by at most +1.00 % in 2 "
		 "cells (" CASE " map 4K);");
	text_has(text, "1 of 10 cells, marked ~, have samples that differ");
	text_has(text, "note untouched: the empty harness costs 30 insn, 1.50 % of the smallest step "
		 "(2,000 insn, " CASE " unmap stock 4K): below 5 %; not subtracted\n");
	text_has(text, "warning patched: the empty harness costs 130 insn, 6.48 % of the smallest "
		 "step (2,005 insn, " CASE " unmap follow_pfn 4K): NOT BELOW 5 %; not subtracted\n");
	free(text);
}

/* Nothing may change in a control, whatever the variant: every one is held against stock. */
static void controls_are_held_against_stock(void **state)
{
	struct record records[2];
	struct fixture fixture;
	struct error error;
	struct set set;
	char *text;

	(void)state;
	fixture_begin(&fixture, "untouched", "icount", "insn");
	fixture_sample(&fixture, "control/ram", "map", "stock", SIZE_4K, 10000);
	fixture_sample(&fixture, CASE, "map", "stock", SIZE_4K, 10000);
	fixture_end(&fixture);
	fixture_read(&fixture, &records[0]);
	fixture_begin(&fixture, "patched", "icount", "insn");
	fixture_sample(&fixture, "control/ram", "map", "follow_pfn", SIZE_4K, 10010);
	fixture_sample(&fixture, "control/ram", "map", "vma_to_pfn", SIZE_4K, 9970);
	fixture_sample(&fixture, CASE, "map", "follow_pfn", SIZE_4K, 10000);
	fixture_sample(&fixture, CASE, "map", "vma_to_pfn", SIZE_4K, 1000);
	fixture_end(&fixture);
	fixture_read(&fixture, &records[1]);
	assert_int_equal(set_init(&set, records, 2, &error), 0);
	text = report_text(&set, TABLE_TEXT);
	blanks_squeeze(text);
	text_has(text, "variant map insn /page to stock\n");
	text_has(text, "\n stock (untouched) 10,000 10,000 0.00 %\n");
	text_has(text, "\n follow_pfn 10,010 10,010 +0.10 %\n");
	text_has(text, "\n vma_to_pfn 9,970 9,970 -0.30 %\n");
	text_has(text, "\nLargest deviation from stock: -0.30 % (map with vma_to_pfn, 4K).\n");
	text_has(text, "\n vma_to_pfn 1,000 1,000 10.0x\n");
	free(text);
	set_cleanup(&set);
	record_cleanup(&records[0]);
	record_cleanup(&records[1]);
}

/* Four operations are two tables of two. */
static void many_operations_make_several_tables(void **state)
{
	static const char *const ops[] = { "boot", "disable", "size", "enable" };
	struct fixture fixture;
	struct record record;
	struct error error;
	struct set set;
	size_t i;
	char *text;

	(void)state;
	fixture_begin(&fixture, "patched", "icount", "insn");
	for (i = 0; i < 4; i++)
		fixture_sample(&fixture, "churn/each", ops[i], "follow_pfn", SIZE_4K, 1000);
	fixture_end(&fixture);
	fixture_read(&fixture, &record);
	assert_int_equal(set_init(&set, &record, 1, &error), 0);
	text = report_text(&set, TABLE_TEXT);
	blanks_squeeze(text);
	text_has(text, "variant boot insn /page speed-up disable insn /page speed-up\n");
	text_has(text, "variant size insn /page speed-up enable insn /page speed-up\n");
	free(text);
	set_cleanup(&set);
	record_cleanup(&record);
}

/* But for the findings, which are sentences. */
static void report_fits_100_columns(void **state)
{
	const struct both *both = *state;
	char *text = report_text(&both->set, TABLE_TEXT);
	char *line, *rest = text;

	rest = strstr(text, "\nspeed-up = ");
	while ((line = strsep(&rest, "\n")))
		assert_in_range(strlen(line), 0, 100);
	free(text);
}

static void markdown_has_tables(void **state)
{
	const struct both *both = *state;
	char *text = report_text(&both->set, TABLE_MARKDOWN);

	text_has(text, "## barmap report\n");
	text_has(text, "\n### " CASE "\n\n| variant | map insn | /page | speed-up | unmap insn |");
	text_has(text, "|   vma_to_pfn | 2,500 | 0.00238 | 400,200x | - | - | - |\n");
	free(text);
}

static void plot_data_has_every_subject(void **state)
{
	const struct both *both = *state;
	size_t length;
	char *text;
	FILE *out = open_memstream(&text, &length);

	plotdata_print(&both->set, &both->set.cases[0], "unmap", out);
	fclose(out);
	assert_string_equal(text,
			    "# " CASE ", unmap, costs in insn\n"
			    "# size_bytes pages \"stock (untouched)\" low high speed-up"
			    " \"follow_pfn\" low high speed-up \"vma_to_pfn\" low high speed-up\n"
			    "4096 1 2000 2000 2000 1.0025 2005 2000 2010 1 NaN NaN NaN NaN\n"
			    "4294967296 0 NaN NaN NaN NaN NaN NaN NaN NaN NaN NaN NaN NaN\n");
	free(text);
}

static void plot_index_names_columns(void **state)
{
	const struct both *both = *state;
	size_t length;
	char *text;
	FILE *out = open_memstream(&text, &length);

	plotdata_print_index(&both->set, out);
	fclose(out);
	text_has(text, "barmap_unit = 'insn'\nbarmap_exact = 1\n");
	text_has(text, "barmap_low = 2000\nbarmap_high = 1000500000\n");
	text_has(text, "barmap_size_low = 4096\nbarmap_size_high = 4294967296\n");
	text_has(text, "barmap_labels[1] = 'stock (untouched)'\n"
		 "barmap_colours[1] = mixed(0x000000, 0)\n");
	text_has(text, "barmap_labels[3] = 'vma_to_pfn'\nbarmap_colours[3] = mixed(0x0072B2, 0)\n");
	text_has(text, "barmap_cases[1] = 'bar-aligned-warm'\n");
	text_has(text, "barmap_ops[1] = 'map unmap'\nbarmap_compared[1] = 1\n");
	free(text);
}

static void floor_record(struct record *record, const char *kernel, const char *variant,
			 long cost, long floor)
{
	struct fixture fixture;

	fixture_begin(&fixture, kernel, "icount", "insn");
	/* before the others, as nothing says that it comes last */
	fixture_sample(&fixture, CASE, "map", "floor", SIZE_4G, floor);
	fixture_sample(&fixture, CASE, "unmap", "floor", SIZE_4G, floor / 2);
	fixture_sample(&fixture, CASE, "map", variant, SIZE_4G, cost);
	fixture_sample(&fixture, CASE, "unmap", variant, SIZE_4G, cost / 2);
	fixture_sample(&fixture, "touch/1G", "map", variant, SIZE_4G, cost);
	fixture_end(&fixture);
	fixture_read(&fixture, record);
}

/* Each kernel has its own limit. */
static void floor_is_the_limit(void **state)
{
	struct record records[2];
	struct error error;
	struct set set;
	char *text;

	(void)state;
	floor_record(&records[0], "untouched", "stock", 90000, 1000);
	floor_record(&records[1], "patched", "vma_to_pfn", 3000, 1200);
	assert_int_equal(set_init(&set, records, 2, &error), 0);
	assert_int_equal(set.subjects_count, 4);
	assert_string_equal(set.subjects[0].label, "stock (untouched)");
	assert_string_equal(set.subjects[1].label, "vma_to_pfn");
	assert_string_equal(set.subjects[2].label, "floor (untouched)");
	assert_string_equal(set.subjects[3].label, "floor (patched)");
	assert_int_equal(set_floor(&set, 0), 2);
	assert_int_equal(set_floor(&set, 1), 3);
	assert_true(set_find(&set, 1, set_case_find(&set, CASE), "map", SIZE_4G)->floor->summary.median
		    == 1200);
	assert_null(set_find(&set, 1, set_case_find(&set, "touch/1G"), "map", SIZE_4G)->floor);
	text = report_text(&set, TABLE_TEXT);
	text_has(text, "\nNearest to the floor at 4G: map with vma_to_pfn, 1,800 insn above it (2.50x).\n"
		 "Nearest to the floor at 4G: unmap with vma_to_pfn, 900 insn above it (2.50x).\n");
	/* the other case has none */
	assert_null(strstr(strstr(text, "(2.50x).\nNearest") + sizeof("(2.50x).\nNearest"), "Nearest"));
	free(text);
	set_cleanup(&set);
	record_cleanup(&records[0]);
	record_cleanup(&records[1]);
}

static void no_floor_is_no_limit(void **state)
{
	const struct both *both = *state;
	char *text = report_text(&both->set, TABLE_TEXT);

	assert_int_equal(set_floor(&both->set, 0), -1);
	assert_null(strstr(text, "floor"));
	free(text);
}

static void units_must_agree(void **state)
{
	struct record records[2];
	struct fixture fixture;
	struct error error;
	struct set set;

	(void)state;
	untouched_record(&records[0]);
	fixture_begin(&fixture, "k", "metal", "ns");
	fixture_sample(&fixture, CASE, "map", "stock", SIZE_4K, 300);
	fixture_end(&fixture);
	fixture_read(&fixture, &records[1]);
	assert_int_not_equal(set_init(&set, records, 2, &error), 0);
	assert_int_equal(error.outcome, OUTCOME_USE);
	text_has(error.text, "is insn, of");
	record_cleanup(&records[0]);
	record_cleanup(&records[1]);
}

/* Two boots of one kernel are one subject with the samples of both. */
static void boots_are_pooled(void **state)
{
	struct record records[2];
	struct error error;
	struct set set;

	(void)state;
	untouched_record(&records[0]);
	untouched_record(&records[1]);
	assert_int_equal(set_init(&set, records, 2, &error), 0);
	assert_int_equal(set.kernels_count, 1);
	assert_int_equal(set.subjects_count, 1);
	assert_int_equal(set_find(&set, 0, set.cases, "map", SIZE_4K)->boots_count, 2);
	assert_int_equal(set_find(&set, 0, set.cases, "map", SIZE_4K)->summary.samples, 4);
	set_cleanup(&set);
	record_cleanup(&records[0]);
	record_cleanup(&records[1]);
}

/* Of the machine that a record is of nothing is pooled with another. */
static void machines_are_kept_apart(void **state)
{
	struct record records[2];
	struct error error;
	struct set set;

	(void)state;
	untouched_record(&records[0]);
	untouched_record(&records[1]);
	json_object_set_new(json_object_get(records[1].json, "iommu"), "model", json_string("amd"));
	assert_int_equal(set_init(&set, records, 2, &error), -EINVAL);
	text_has(error.text, "iommu.model of ");
	text_has(error.text, "one report is of one machine");
	record_cleanup(&records[0]);
	record_cleanup(&records[1]);
}

/* No two names give one file. */
static void slugs_are_reversible(void **state)
{
	static const char *const names[] = { "fio/a-b", "fio/a/b", "fio-a-b", ".x", "-x", "a.b" };
	char slugs[6][NAME_MAX];
	size_t i, j;

	(void)state;
	for (i = 0; i < 6; i++) {
		plot_slug(names[i], slugs[i]);
		assert_null(strchr(slugs[i], '/'));
		assert_true(slugs[i][0] != '.');
		for (j = 0; j < i; j++)
			assert_string_not_equal(slugs[i], slugs[j]);
	}
	assert_string_equal(plot_op_slug("a/b-c.d", slugs[0]), "a%b=c,d");
}

/* Two kernels with the same lookup look different in every way. */
static void same_lookups_look_different(void **state)
{
	struct record records[2];
	struct error error;
	struct set set;
	size_t length;
	char *text;
	FILE *out;

	(void)state;
	floor_record(&records[0], "untouched", "stock", 90000, 1000);
	floor_record(&records[1], "patched", "stock", 3000, 1200);
	assert_int_equal(set_init(&set, records, 2, &error), 0);
	out = open_memstream(&text, &length);
	plotdata_print_index(&set, out);
	fclose(out);
	text_has(text, "barmap_colours[1] = mixed(0x000000, 0)\nbarmap_points[1] = 1\n"
		 "barmap_dashes[1] = 1\n");
	text_has(text, "barmap_colours[2] = mixed(0x000000, 1)\nbarmap_points[2] = 6\n"
		 "barmap_dashes[2] = 2\n");
	free(text);
	set_cleanup(&set);
	record_cleanup(&records[0]);
	record_cleanup(&records[1]);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(set_is_ordered, setup, teardown),
		cmocka_unit_test_setup_teardown(report_says_it_all, setup, teardown),
		cmocka_unit_test_setup_teardown(report_has_the_controls, setup, teardown),
		cmocka_unit_test_setup_teardown(report_fits_100_columns, setup, teardown),
		cmocka_unit_test_setup_teardown(markdown_has_tables, setup, teardown),
		cmocka_unit_test_setup_teardown(plot_data_has_every_subject, setup, teardown),
		cmocka_unit_test_setup_teardown(plot_index_names_columns, setup, teardown),
		cmocka_unit_test(floor_is_the_limit),
		cmocka_unit_test_setup_teardown(no_floor_is_no_limit, setup, teardown),
		cmocka_unit_test(controls_are_held_against_stock),
		cmocka_unit_test(many_operations_make_several_tables),
		cmocka_unit_test(units_must_agree),
		cmocka_unit_test(boots_are_pooled),
		cmocka_unit_test(machines_are_kept_apart),
		cmocka_unit_test(slugs_are_reversible),
		cmocka_unit_test(same_lookups_look_different),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
