// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lib/size.h"
#include "verify/pattern.h"
#include "verify/shape.h"

#define WORDS	512

static uint64_t first[WORDS], second[WORDS];

static void pattern_is_its_own(void **state)
{
	struct pattern_mismatch mismatch;

	(void)state;
	pattern_fill(first, sizeof(first), 3, 17);
	assert_true(pattern_check(first, sizeof(first), 3, 17, &mismatch));
	assert_false(pattern_check(first, sizeof(first), 3, 18, &mismatch));
	assert_false(pattern_check(first, sizeof(first), 4, 17, &mismatch));
}

/* A page read from elsewhere, or half a page late, must never pass. */
static void pages_have_no_word_in_common(void **state)
{
	size_t i, j;

	(void)state;
	pattern_fill(first, sizeof(first), 1, 0);
	pattern_fill(second, sizeof(second), 1, 1);
	for (i = 0; i < WORDS; i++)
		for (j = 0; j < WORDS; j++)
			assert_true(first[i] != second[j] && (i == j || first[i] != first[j]));
}

static void mismatch_names_the_first_wrong_byte(void **state)
{
	struct pattern_mismatch mismatch;
	uint8_t *bytes = (uint8_t *)first, was;

	(void)state;
	pattern_fill(first, sizeof(first), 1, 5);
	was = bytes[1003];
	bytes[1003] ^= 0x80;
	bytes[2000] ^= 0xff;
	assert_false(pattern_check(first, sizeof(first), 1, 5, &mismatch));
	assert_int_equal(mismatch.offset_bytes, 1003);
	assert_int_equal(mismatch.expected, was);
	assert_int_equal(mismatch.got, was ^ 0x80);
	assert_true(pattern_check(first, 1000, 1, 5, &mismatch));
}

static bool pages_have(const uint64_t *pages, size_t count, uint64_t page)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (pages[i] == page)
			return true;
	return false;
}

static void boundaries_are_chosen_first(void **state)
{
	static const uint64_t wanted[] = { 0, 4095, 511, 512, 3583, 3584 };
	uint64_t pages[6];
	size_t i;

	(void)state;
	assert_int_equal(pattern_choose_pages(4096, 1, pages, 6), 6);
	for (i = 0; i < 6; i++)
		assert_true(pages_have(pages, 6, wanted[i]));
}

static void pages_are_distinct_and_in_range(void **state)
{
	uint64_t pages[200], again[200];
	size_t i;

	(void)state;
	assert_int_equal(pattern_choose_pages(4096, 7, pages, 200), 200);
	assert_int_equal(pattern_choose_pages(4096, 7, again, 200), 200);
	assert_memory_equal(pages, again, sizeof(pages));
	for (i = 0; i < 200; i++) {
		assert_true(pages[i] < 4096);
		assert_false(pages_have(pages, i, pages[i]));
	}
}

static void few_pages_are_all_chosen(void **state)
{
	uint64_t pages[16], page;

	(void)state;
	assert_int_equal(pattern_choose_pages(1, 7, pages, 16), 1);
	assert_int_equal(pages[0], 0);
	assert_int_equal(pattern_choose_pages(10, 7, pages, 16), 10);
	for (page = 0; page < 10; page++)
		assert_true(pages_have(pages, 10, page));
}

static const struct verify_shape *shape_find(const char *name)
{
	size_t i;

	for (i = 0; i < verify_shapes_count; i++)
		if (!strcmp(verify_shapes[i].name, name))
			return &verify_shapes[i];
	fail_msg("no shape %s", name);
	return NULL;
}

static void shapes_say_what_is_behind_an_iova(void **state)
{
	const uint64_t bar = 16 * SZ_1M;

	(void)state;
	assert_int_equal(verify_shape_bar_offset(shape_find("aligned"), bar, 5 * SZ_4K), 5 * SZ_4K);
	assert_int_equal(verify_shape_bar_offset(shape_find("inside-vma"), bar, 0), SZ_1M + SZ_4K);
	assert_int_equal(verify_shape_bar_offset(shape_find("BAR-offset"), bar, 0), SZ_2M + SZ_4K);
	assert_int_equal(verify_shape_bar_offset(shape_find("two-vmas"), bar, 0), bar / 2);
	assert_int_equal(verify_shape_bar_offset(shape_find("two-vmas"), bar, bar / 2), 0);
	assert_int_equal(verify_shape_bytes(shape_find("chunks"), bar), bar);
	assert_int_equal(verify_shape_bar_offset(shape_find("all-leaves"), bar, 0),
			 shape_find("all-leaves")->iova_skip_bytes);
}

static void shapes_stay_inside_the_bar(void **state)
{
	uint64_t bytes;
	size_t i;

	(void)state;
	for (i = 0; i < verify_shapes_count; i++) {
		bytes = verify_shape_bytes(&verify_shapes[i], VERIFY_BAR_BYTES_MIN);
		assert_in_range(bytes, 2 * SZ_2M, VERIFY_BAR_BYTES_MIN);
		assert_int_equal(bytes % SZ_4K, 0);
		assert_true(verify_shape_bar_offset(&verify_shapes[i], VERIFY_BAR_BYTES_MIN,
						    bytes - 1) < VERIFY_BAR_BYTES_MIN);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pattern_is_its_own),
		cmocka_unit_test(pages_have_no_word_in_common),
		cmocka_unit_test(mismatch_names_the_first_wrong_byte),
		cmocka_unit_test(boundaries_are_chosen_first),
		cmocka_unit_test(pages_are_distinct_and_in_range),
		cmocka_unit_test(few_pages_are_all_chosen),
		cmocka_unit_test(shapes_say_what_is_behind_an_iova),
		cmocka_unit_test(shapes_stay_inside_the_bar),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
