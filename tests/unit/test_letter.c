// SPDX-License-Identifier: GPL-2.0-or-later
/* The results section of a cover letter: what it says, and that mail tools leave it alone. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "analysis/view/letter.h"
#include "analysis/document/mail.h"
#include "analysis/model/operations.h"
#include "fixture.h"
#include "lib/size.h"

#define CASE "bar/aligned/warm"

static void stock_record(struct record *record, const char *mode, const char *unit)
{
	struct fixture fixture;
	unsigned int i;

	fixture_begin(&fixture, "untouched", mode, unit);
	for (i = 0; i < 8; i++) {
		fixture_sample(&fixture, CASE, "map", "stock", SZ_4K, 3000 + i % 2);
		fixture_sample(&fixture, CASE, "map", "stock", SZ_4G, 1000000000);
		fixture_sample(&fixture, "touch/4K", "touch", "stock", SZ_1G, 1000 + i % 2);
	}
	fixture_end(&fixture);
	fixture_read(&fixture, record);
}

static void op_record(struct record *record, const char *mode, const char *unit)
{
	struct fixture fixture;
	unsigned int i;

	fixture_begin(&fixture, "patched", mode, unit);
	for (i = 0; i < 8; i++) {
		fixture_sample(&fixture, CASE, "map", "follow_pfn", SZ_4K, 3030);
		fixture_sample(&fixture, CASE, "map", "vma_to_pfn", SZ_4K, 3300 + i % 2);
		fixture_sample(&fixture, CASE, "map", "vma_to_pfn", SZ_4G, 2500);
		fixture_sample(&fixture, CASE, "map", "vma_to_pfn_page", SZ_4G, 1048576000);
		fixture_sample(&fixture, "touch/4K", "touch", "vma_to_pfn", SZ_1G,
			       500000 + i % 2);
	}
	fixture_end(&fixture);
	fixture_read(&fixture, record);
}

/* The letter of both records in @mode; the caller frees it. */
static char *letter_text(const char *mode, const char *unit, size_t records)
{
	struct sides_request request = { .count = records, .seed = 1 };
	struct record both[2];
	struct sides sides;
	struct error error;
	size_t length, i;
	char *text;
	FILE *out;

	stock_record(&both[0], mode, unit);
	op_record(&both[1], mode, unit);
	request.records = both;
	if (sides_init(&sides, &request, &error))
		fail_msg("%s", error.text);
	out = open_memstream(&text, &length);
	assert_int_equal(letter_print(&sides, true, out), 0);
	fclose(out);
	sides_cleanup(&sides);
	for (i = 0; i < 2; i++)
		record_cleanup(&both[i]);
	return text;
}

static void text_has(const char *text, const char *part)
{
	if (!strstr(text, part))
		fail_msg("'%s' is not in:\n%s", part, text);
}

static void first_line_is(const char *mode, const char *unit, const char *line)
{
	char *text = letter_text(mode, unit, 2);

	assert_memory_equal(text, line, strlen(line));
	free(text);
}

static void it_begins_with_what_was_emulated(void **state)
{
	(void)state;
	first_line_is("icount", "insn", "  Emulated, no hardware: instructions counted");
	first_line_is("tcg", "ns", "  Emulated, no hardware: time of QEMU TCG, which is no");
	first_line_is("kvm", "ns", "  Virtual machine, no bare hardware");
	first_line_is("metal", "ns", "  Hardware: c, IOMMU intel, device 1b36:0005.");
}

static void it_says_what_became_worse(void **state)
{
	char *text = letter_text("icount", "insn", 2);

	(void)state;
	text_has(text, "What became worse: 2 of 3 values, all sizes:\n");
	text_has(text, "  - the map leaves the page tables empty, so the first touch fills them:\n"
		 "      touch/4K touch 1G: 1.00 k -> 500 k insn (500x)\n");
	text_has(text, "      bar/aligned/warm map 4K: 3.00 k -> 3.30 k insn (+10.00 %)\n");
	text_has(text, "- follow_pfn against stock: +0.98 % in 1 values");
	free(text);
	text = letter_text("metal", "ns", 2);
	text_has(text, "What became worse: 2 of 3 values, all sizes:\n");
	free(text);
}

/* A single sample proves nothing; what costs more is named all the same. */
static void it_names_what_may_be_worse(void **state)
{
	struct sides_request request = { .count = 2, .seed = 1 };
	struct fixture fixture;
	struct record both[2];
	struct sides sides;
	struct error error;
	size_t length, i;
	char *text;
	FILE *out;

	(void)state;
	for (i = 0; i < 2; i++) {
		fixture_begin(&fixture, i ? "patched" : "untouched", "metal", "ns");
		fixture_sample(&fixture, CASE, "touch", i ? "vma_to_pfn" : "stock", SZ_4K,
			       i ? 2000 : 1000);
		fixture_end(&fixture);
		fixture_read(&fixture, &both[i]);
	}
	request.records = both;
	assert_int_equal(sides_init(&sides, &request, &error), 0);
	out = open_memstream(&text, &length);
	assert_int_equal(letter_print(&sides, true, out), 0);
	fclose(out);
	text_has(text, "What became worse: 1 of 1 values");
	text_has(text, "touch 4K: 1.00 k -> 2.00 k ns (+100.00 %,");
	free(text);
	sides_cleanup(&sides);
	for (i = 0; i < 2; i++)
		record_cleanup(&both[i]);
}

/* Lookups that stop at a smaller size than others do are compared there, all of them. */
static void pages_are_compared_where_all_were_measured(void **state)
{
	struct sides_request request = { .count = 1, .seed = 1 };
	struct fixture fixture;
	struct record record;
	struct sides sides;
	struct error error;
	size_t length;
	char *text;
	FILE *out;

	(void)state;
	fixture_begin(&fixture, "patched", "icount", "insn");
	fixture_sample(&fixture, CASE, "map", "follow_pfn", SZ_1G, 262144L * 1000);
	fixture_sample(&fixture, CASE, "map", "vma_to_pfn_page", SZ_1G, 262144L * 1030);
	fixture_sample(&fixture, CASE, "map", "follow_pfn", SZ_4G, 1048576L * 990);
	fixture_end(&fixture);
	fixture_read(&fixture, &record);
	request.records = &record;
	assert_int_equal(sides_init(&sides, &request, &error), 0);
	out = open_memstream(&text, &length);
	assert_int_equal(letter_print(&sides, true, out), 0);
	fclose(out);
	text_has(text, "  follow_pfn         1,000\n");
	text_has(text, "  vma_to_pfn_page    1,030\n");
	free(text);
	sides_cleanup(&sides);
	record_cleanup(&record);
}

static void it_has_counts_beside_costs(void **state)
{
	char *text = letter_text("icount", "insn", 2);

	(void)state;
	text_has(text, "IOPTEs: 4");
	text_has(text, "  stock       1,048,576  1,000,000,000");
	text_has(text, "  bar/aligned/warm 4G: lookups 1,048,576 -> 1, IOPTEs 4\n");
	text_has(text, "  vma_to_pfn_page    1,000\n");
	free(text);
}

/* The whole is no longer than a reader has patience for, and leaves out nothing that got worse. */
static void it_is_short_by_default(void **state)
{
	struct sides_request request = { .count = 2, .seed = 1 };
	struct record both[2];
	struct sides sides;
	struct error error;
	size_t length, lines = 0, i;
	char *text, *at;
	FILE *out;

	(void)state;
	stock_record(&both[0], "icount", "insn");
	op_record(&both[1], "icount", "insn");
	request.records = both;
	assert_int_equal(sides_init(&sides, &request, &error), 0);
	out = open_memstream(&text, &length);
	assert_int_equal(letter_print(&sides, false, out), 0);
	fclose(out);
	for (at = text; (at = strchr(at, '\n')); at++)
		lines++;
	assert_in_range(lines, 20, 60);
	text_has(text, "What became worse: 2 of 3 values");
	text_has(text, "touch/4K touch 1G");
	text_has(text, "  touch/*");
	free(text);
	sides_cleanup(&sides);
	for (i = 0; i < 2; i++)
		record_cleanup(&both[i]);
}

static void one_kernel_is_enough(void **state)
{
	char *text = letter_text("icount", "insn", 1);

	(void)state;
	text_has(text, "Nothing to compare");
	text_has(text, "  stock   1,048,576  1,000,000,000");
	free(text);
}

static char *laid_out(const char *text)
{
	size_t length;
	char *laid;
	FILE *out = open_memstream(&laid, &length);

	assert_int_equal(letter_text_print(text, strlen(text), out), 0);
	fclose(out);
	return laid;
}

static void layout_is(const char *text, const char *wanted)
{
	char *laid = laid_out(text);

	assert_string_equal(laid, wanted);
	free(laid);
}

static void layout_survives_anything(void **state)
{
	(void)state;
	layout_is("# a\nFrom x\n---\n", "  # a\n  From x\n  ---\n");
	layout_is("a\tb \xc3\xa9\r\n\n  in \n", "  a b ?\n\n    in\n");
	layout_is("no newline", "  no newline\n");
	layout_is("123456789 123456789 123456789 123456789 123456789 123456789 123456789 x\n",
		  "  123456789 123456789 123456789 123456789 123456789 123456789 123456789\n"
		  "    x\n");
	layout_is("12345678901234567890123456789012345678901234567890123456789012345678901234\n",
		  "  1234567890123456789012345678901234567890123456789012345678901234567890\n"
		  "    1234\n");
}

struct count {
	const char *case_name, *variant;
	uint64_t size_bytes, va_offset_bytes, iova_align_bytes, chunk_bytes;
	uint64_t ioptes, lookups;
};

static void operations_are_counted(void **state)
{
	static const struct count counts[] = {
		{ CASE, "stock", SZ_4G, 0, SZ_1G, 0, 4, 1048576 },
		{ CASE, "leaf", SZ_4G, 0, SZ_1G, 0, 4, 4 },
		{ CASE, "leaf", SZ_4G, SZ_4K, SZ_1G, 0, 4, 1048576 },
		{ CASE, "leaf", SZ_1G, SZ_2M, SZ_1G, 0, 1, 512 },
		{ CASE, "vma_to_pfn", SZ_1G, 0, SZ_2M, 0, 512, 1 },
		{ CASE, "vma_to_pfn", SZ_2M, 0, SZ_4K, 0, 512, 1 },
		{ CASE, "floor", SZ_64K, 0, SZ_1G, 0, 16, OPERATIONS_NONE },
		{ CASE, "other", SZ_64K, 0, SZ_1G, 0, 16, 0 },
		{ "chunk/64K", "base_pfn", SZ_2M, 0, SZ_1G, SZ_64K, 512, 32 },
		{ "bar/x", "leaf", SZ_1G + SZ_2M + SZ_4K, 0, SZ_1G, 0, 3, 3 },
		{ "bar/x", "leaf", SZ_4G, 0, SZ_1G, 3 * SZ_2M, 0, 0 },
		{ "bar/x", "leaf", UINT64_C(1) << 52, 0, SZ_1G, 12288, 0, 0 },
		{ CASE, "vma_first", SZ_4G, 0, SZ_1G, 0, 4, 4 },
		{ "control/ram", "stock", SZ_1G, 0, SZ_1G, 0, 0, 0 },
	};
	struct record record;
	size_t i;

	(void)state;
	stock_record(&record, "icount", "insn");
	for (i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		const struct record_cell_key key = {
			.case_name = counts[i].case_name,
			.variant = counts[i].variant,
			.size_bytes = counts[i].size_bytes,
			.pages = counts[i].size_bytes / SZ_4K,
			.va_offset_bytes = counts[i].va_offset_bytes,
			.iova_align_bytes = counts[i].iova_align_bytes,
			.chunk_bytes = counts[i].chunk_bytes,
		};

		assert_int_equal(operations_ioptes(&record, &key), counts[i].ioptes);
		assert_int_equal(operations_lookups(&record, &key), counts[i].lookups);
	}
	record_cleanup(&record);
}

static void refused(const struct sides_request *request, const char *why)
{
	struct sides sides;
	struct error error;

	assert_int_equal(sides_init(&sides, request, &error), -EINVAL);
	assert_int_equal(error.outcome, OUTCOME_USE);
	text_has(error.text, why);
}

static void mixed_records_are_refused(void **state)
{
	struct sides_request request = { .count = 2 };
	struct record both[2];
	size_t i;

	(void)state;
	stock_record(&both[0], "kvm", "ns");
	op_record(&both[1], "metal", "ns");
	request.records = both;
	refused(&request, "differ in mode");
	request.count = 1;
	request.after = "vma_to_pfn";
	refused(&request, "variant 'vma_to_pfn': not a variant in");
	for (i = 0; i < 2; i++)
		record_cleanup(&both[i]);
}

static void changelog_compares_namesakes(void **state)
{
	struct record both[2];
	struct error error;
	size_t length, i;
	char *text;
	FILE *out;

	(void)state;
	stock_record(&both[0], "icount", "insn");
	stock_record(&both[1], "icount", "insn");
	out = open_memstream(&text, &length);
	assert_int_equal(letter_changelog_print(&both[0], &both[1], "bar/*", 1, out, &error), 0);
	fflush(out);
	assert_memory_equal(text, "  Emulated, no hardware", 23);
	text_has(text, "  bar/aligned/warm 4G, stock\n    map  1,000,000,000  1,000,000,000");
	assert_null(strstr(text, "touch"));
	assert_int_equal(letter_changelog_print(&both[0], &both[1], "none*", 1, out, &error),
			 -EINVAL);
	fclose(out);
	free(text);
	for (i = 0; i < 2; i++)
		record_cleanup(&both[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_begins_with_what_was_emulated),
		cmocka_unit_test(it_says_what_became_worse),
		cmocka_unit_test(it_names_what_may_be_worse),
		cmocka_unit_test(pages_are_compared_where_all_were_measured),
		cmocka_unit_test(it_has_counts_beside_costs),
		cmocka_unit_test(it_is_short_by_default),
		cmocka_unit_test(one_kernel_is_enough),
		cmocka_unit_test(layout_survives_anything),
		cmocka_unit_test(operations_are_counted),
		cmocka_unit_test(mixed_records_are_refused),
		cmocka_unit_test(changelog_compares_namesakes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
