// SPDX-License-Identifier: GPL-2.0-or-later
/* Statistics against values worked out by hand or published. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "analysis/stats/summary.h"

static struct stats_summary summarise(const double *values, size_t count)
{
	struct stats_summary summary;
	double sorted[128], work[128];

	memcpy(sorted, values, count * sizeof(*values));
	stats_summarise(sorted, count, work, &summary);
	return summary;
}

static void one_sample(void **state)
{
	const double value = 2449;
	struct stats_summary summary = summarise(&value, 1);

	(void)state;
	assert_int_equal(summary.samples, 1);
	assert_true(summary.median == 2449 && summary.min == 2449 && summary.max == 2449);
	assert_true(summary.mad == 0);
	assert_int_equal(summary.outliers, 0);
}

static void even_count_takes_the_middle(void **state)
{
	static const double values[] = { 7, 1, 3, 100 };
	struct stats_summary summary = summarise(values, 4);

	(void)state;
	assert_true(summary.median == 5);
	assert_true(summary.min == 1 && summary.max == 100);
	/* deviations 2 4 2 95 */
	assert_true(summary.mad == 3);
}

/* The example of Rousseeuw and Croux: the MAD of 1 1 2 2 4 6 9 is 1. */
static void mad_of_known_values(void **state)
{
	static const double values[] = { 1, 1, 2, 2, 4, 6, 9 };
	struct stats_summary summary = summarise(values, 7);

	(void)state;
	assert_true(summary.median == 2);
	assert_true(summary.mad == 1);
}

/*
 * Newcomb's speed of light, 66 deviations from 24800 ns: median 27, MAD 3 (published scaled by
 * 1.4826: 4.4478), and the two famous outliers -44 and -2.
 */
static void newcomb(void **state)
{
	static const double values[] = {
		28, 26, 33, 24, 34, -44, 27, 16, 40, -2, 29, 22, 24, 21, 25, 30, 23, 29, 31, 19, 24,
		20, 36, 32, 36, 28, 25, 21, 28, 29, 37, 25, 28, 26, 30, 32, 36, 26, 30, 22, 36, 23,
		27, 27, 28, 27, 31, 27, 26, 33, 26, 32, 32, 24, 39, 28, 24, 25, 32, 25, 29, 27, 28,
		29, 16, 23,
	};
	struct stats_summary summary = summarise(values, 66);

	(void)state;
	assert_true(summary.median == 27);
	assert_true(summary.mad == 3);
	assert_int_equal(summary.outliers, 2);
	assert_true(summary.min == -44 && summary.max == 40);
}

static void equal_samples_have_no_outliers(void **state)
{
	static const double values[] = { 5, 5, 5, 5, 5, 500 };
	struct stats_summary summary = summarise(values, 6);

	(void)state;
	assert_true(summary.mad == 0);
	assert_int_equal(summary.outliers, 0);
	assert_true(summary.max == 500);
}

static void change_is_signed(void **state)
{
	(void)state;
	assert_true(stats_change_pct(103, 100) == 3);
	assert_true(stats_change_pct(50, 100) == -50);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_sample),
		cmocka_unit_test(even_count_takes_the_middle),
		cmocka_unit_test(mad_of_known_values),
		cmocka_unit_test(newcomb),
		cmocka_unit_test(equal_samples_have_no_outliers),
		cmocka_unit_test(change_is_signed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
