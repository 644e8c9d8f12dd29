// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <string.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lib/clock.h"

static void exact_slope_is_proof(void **state)
{
	static const struct clock_point points[] = {
		{ 200, 231 }, { 834, 865 }, { 1468, 1499 },
	};

	(void)state;
	assert_true(clock_slope_is_exact(points, 3));
}

static void one_tick_off_is_no_proof(void **state)
{
	static const struct clock_point points[] = {
		{ 200, 231 }, { 834, 866 }, { 1468, 1499 },
	};
	static const struct clock_point last[] = {
		{ 200, 231 }, { 834, 865 }, { 1468, 1498 },
	};

	(void)state;
	assert_false(clock_slope_is_exact(points, 3));
	assert_false(clock_slope_is_exact(last, 3));
}

static void another_frequency_is_no_proof(void **state)
{
	static const struct clock_point half[] = { { 200, 131 }, { 800, 431 }, { 1400, 731 } };

	(void)state;
	assert_false(clock_slope_is_exact(half, 3));
}

static void too_few_points_are_no_proof(void **state)
{
	static const struct clock_point same[] = { { 200, 231 }, { 200, 231 } };

	(void)state;
	assert_false(clock_slope_is_exact(same, 0));
	assert_false(clock_slope_is_exact(same, 1));
	assert_false(clock_slope_is_exact(same, 2));
}

static void mode_names_are_read_back(void **state)
{
	enum clock_mode mode, read;

	(void)state;
	for (mode = CLOCK_MODE_AUTO; mode < CLOCK_MODES; mode++) {
		assert_int_equal(clock_mode_parse(clock_mode_name(mode), &read), 0);
		assert_int_equal(read, mode);
	}
	assert_int_equal(clock_mode_parse("ICOUNT", &read), -EINVAL);
	assert_int_equal(clock_mode_parse("", &read), -EINVAL);
}

/* Whatever this machine is, the mode found and the unit belong together. */
static void automatic_mode_is_consistent(void **state)
{
	struct clock_source clock;
	struct error error;
	uint64_t first;

	(void)state;
	if (clock_init(&clock, CLOCK_MODE_AUTO, &error)) {
		assert_int_equal(error.outcome, OUTCOME_CANNOT);
		return;
	}
	assert_int_not_equal(clock.mode, CLOCK_MODE_AUTO);
	assert_string_equal(clock.unit, clock.mode == CLOCK_MODE_ICOUNT ? "insn" : "ns");
	first = clock.read();
	assert_true(clock.read() >= first);
}

static void instructions_need_proof(void **state)
{
	struct clock_source clock;
	struct error error;

	(void)state;
	if (clock_counts_instructions())
		skip();
	assert_int_equal(clock_init(&clock, CLOCK_MODE_ICOUNT, &error), -ENODEV);
	assert_int_equal(error.outcome, OUTCOME_CANNOT);
	assert_non_null(strstr(error.text, "mode 'icount'"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(exact_slope_is_proof),
		cmocka_unit_test(one_tick_off_is_no_proof),
		cmocka_unit_test(another_frequency_is_no_proof),
		cmocka_unit_test(too_few_points_are_no_proof),
		cmocka_unit_test(mode_names_are_read_back),
		cmocka_unit_test(automatic_mode_is_consistent),
		cmocka_unit_test(instructions_need_proof),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
