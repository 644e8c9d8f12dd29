// SPDX-License-Identifier: GPL-2.0-or-later
/* Mann and Whitney's test and Holm's correction against published values. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "analysis/stats/ranktest.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void near(double value, double wanted, double tolerance)
{
	if (!(value >= wanted - tolerance && value <= wanted + tolerance))
		fail_msg("%.8f is not %.8f +- %g", value, wanted, tolerance);
}

/*
 * Hollander and Wolfe (1973), p. 69, as in the manual of R's wilcox.test(): W = 35, one-sided exact
 * p = 0.1272, hence two-sided 0.2544.
 */
static void hollander_wolfe(void **state)
{
	static const double x[] = { 0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46 };
	static const double y[] = { 1.15, 0.88, 0.90, 0.74, 1.21 };
	struct ranktest result;

	(void)state;
	assert_int_equal(ranktest_run(y, COUNT(y), x, COUNT(x), &result), 0);
	assert_true(result.u == 35);
	near(result.superiority, 0.7, 1e-12);
	near(result.p, 0.2544, 0.00005);
}

/*
 * R's airquality, ozone in May and August: W = 127.5, p = 0.0001208 by the normal approximation
 * with correction for ties and continuity (52 values).
 */
static void airquality(void **state)
{
	static const double may[] = {
		41, 36, 12, 18, 28, 23, 19, 8, 7, 16, 11, 14, 18, 14, 34, 6, 30, 11, 1, 11, 4, 32,
		23, 45, 115, 37,
	};
	static const double august[] = {
		39, 9, 16, 78, 35, 66, 122, 89, 110, 44, 28, 65, 22, 59, 23, 31, 44, 21, 9, 45,
		168, 73, 76, 118, 84, 85,
	};
	struct ranktest result;

	(void)state;
	assert_int_equal(ranktest_run(august, COUNT(august), may, COUNT(may), &result), 0);
	assert_true(result.u == 127.5);
	near(result.p, 0.0001208, 0.00000005);
}

/* Two sets 0 … count-1 and shifted so that exactly @u pairs have b above a. */
static void sets_with_u(double *a, double *b, size_t count, size_t u)
{
	size_t i, place;

	for (i = 0; i < count; i++)
		a[i] = 1000.0 * (i + 1);
	for (i = 0; i < count; i++) {
		place = u < count ? u : count;
		u -= place;
		b[i] = 1000.0 * place + 500 + i;
	}
}

/*
 * Critical values of U, two-sided 5 %, from the usual tables: the value itself is significant, the
 * next one is not.
 */
static void critical_values(void **state)
{
	static const struct {
		size_t count;
		size_t u;
	} rows[] = { { 5, 2 }, { 6, 5 }, { 7, 8 }, { 8, 13 }, { 9, 17 }, { 10, 23 }, { 12, 37 },
		     { 15, 64 }, { 20, 127 } };
	double a[20], b[20];
	struct ranktest result;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		sets_with_u(a, b, rows[i].count, rows[i].u);
		ranktest_run(a, rows[i].count, b, rows[i].count, &result);
		assert_true(result.u == rows[i].u);
		assert_true(result.p <= 0.05);
		sets_with_u(a, b, rows[i].count, rows[i].u + 1);
		ranktest_run(a, rows[i].count, b, rows[i].count, &result);
		assert_true(result.p > 0.05);
	}
}

/* Complete separation: 2 / C(2n, n). */
static void smallest_p(void **state)
{
	static const double wanted[] = {
		[4] = 0.02857, [5] = 0.00794, [6] = 0.00216, [8] = 0.000155,
	};
	double a[8], b[8];
	struct ranktest result;
	size_t n;

	(void)state;
	for (n = 4; n <= 8; n++) {
		if (n == 7)
			continue;
		sets_with_u(a, b, n, 0);
		ranktest_run(a, n, b, n, &result);
		near(result.p, wanted[n], wanted[n] / 200);
		near(ranktest_smallest_p(n, n), result.p, 1e-9);
		assert_true(result.superiority == 0);
	}
}

static void equal_sets_do_not_differ(void **state)
{
	static const double same[] = { 5, 5, 5, 5, 5, 5 };
	double many[50];
	struct ranktest result;
	size_t i;

	(void)state;
	ranktest_run(same, 6, same, 6, &result);
	assert_true(result.p == 1 && result.superiority == 0.5);
	for (i = 0; i < 50; i++)
		many[i] = 7;
	ranktest_run(many, 50, many, 50, &result);
	assert_true(result.p == 1 && result.superiority == 0.5);
}

/* At the border the two ways to find p must agree. */
static void exact_and_normal_agree(void **state)
{
	double a[21], b[21];
	struct ranktest exact, normal;

	(void)state;
	sets_with_u(a, b, 20, 130);
	ranktest_run(a, 20, b, 20, &exact);
	sets_with_u(a, b, 21, 144);
	ranktest_run(a, 21, b, 21, &normal);
	near(exact.p, normal.p, 0.005);
}

/* Holm (1979): 0.01 0.04 0.03 0.005 become 0.03 0.06 0.06 0.02. */
static void holm(void **state)
{
	double p[] = { 0.01, 0.04, 0.03, 0.005 };
	double none[1] = { 0.9 };

	(void)state;
	assert_int_equal(ranktest_holm(p, 4), 0);
	near(p[0], 0.03, 1e-12);
	near(p[1], 0.06, 1e-12);
	near(p[2], 0.06, 1e-12);
	near(p[3], 0.02, 1e-12);
	assert_int_equal(ranktest_holm(none, 1), 0);
	near(none[0], 0.9, 1e-12);
	assert_int_equal(ranktest_holm(NULL, 0), 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(hollander_wolfe),
		cmocka_unit_test(airquality),
		cmocka_unit_test(critical_values),
		cmocka_unit_test(smallest_p),
		cmocka_unit_test(equal_sets_do_not_differ),
		cmocka_unit_test(exact_and_normal_agree),
		cmocka_unit_test(holm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
