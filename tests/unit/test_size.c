// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lib/size.h"

static void parses_numbers_with_suffixes(void **state)
{
	static const struct {
		const char *text;
		uint64_t bytes;
	} rows[] = {
		{ "0", 0 }, { "4096", 4096 }, { "4K", 4096 }, { "4k", 4096 }, { "2M", SZ_2M },
		{ "1G", SZ_1G }, { "256g", 256 * SZ_1G }, { "1T", UINT64_C(1) << 40 },
		{ "18446744073709551615", UINT64_MAX },
	};
	uint64_t bytes;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(size_parse(rows[i].text, &bytes), 0);
		assert_int_equal(bytes, rows[i].bytes);
	}
}

static void refuses_what_is_no_size(void **state)
{
	static const char *const texts[] = {
		"", "K", "-4K", "+4K", " 4K", "4K ", "4KB", "4KK", "4P", "0x1000", "1.5G", "4,K",
	};
	uint64_t bytes;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		assert_int_equal(size_parse(texts[i], &bytes), -EINVAL);
}

static void refuses_what_does_not_fit(void **state)
{
	uint64_t bytes;

	(void)state;
	assert_int_equal(size_parse("18446744073709551616", &bytes), -ERANGE);
	assert_int_equal(size_parse("16777216T", &bytes), -ERANGE);
	assert_int_equal(size_parse("18014398509481984K", &bytes), -ERANGE);
	assert_int_equal(size_parse("16777215T", &bytes), 0);
}

static void formats_without_loss(void **state)
{
	static const uint64_t sizes[] = {
		0, 1, 1023, 1024, 4096, 4097, SZ_64K, 3 * SZ_2M, SZ_4G, SZ_4G + SZ_4K, UINT64_MAX,
		UINT64_C(1) << 63,
	};
	char text[SIZE_TEXT_BYTES];
	uint64_t bytes;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		assert_int_equal(size_parse(size_format(sizes[i], text), &bytes), 0);
		assert_int_equal(bytes, sizes[i]);
	}
	assert_string_equal(size_format(4096, text), "4K");
	assert_string_equal(size_format(6 * SZ_1M, text), "6M");
	assert_string_equal(size_format(4097, text), "4097");
	assert_string_equal(size_format(0, text), "0");
}

static void knows_powers_of_two(void **state)
{
	(void)state;
	assert_false(size_is_power_of_two(0));
	assert_true(size_is_power_of_two(1));
	assert_true(size_is_power_of_two(SZ_4G));
	assert_false(size_is_power_of_two(SZ_4G + 1));
	assert_int_equal(size_floor_power_of_two(0), 0);
	assert_int_equal(size_floor_power_of_two(SZ_4G), SZ_4G);
	assert_int_equal(size_floor_power_of_two(SZ_4G - 1), SZ_4G / 2);
	assert_int_equal(size_align_up(1, SZ_4K), SZ_4K);
	assert_int_equal(size_align_up(SZ_4K, SZ_4K), SZ_4K);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parses_numbers_with_suffixes),
		cmocka_unit_test(refuses_what_is_no_size),
		cmocka_unit_test(refuses_what_does_not_fit),
		cmocka_unit_test(formats_without_loss),
		cmocka_unit_test(knows_powers_of_two),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
