// SPDX-License-Identifier: GPL-2.0-or-later
/* Trends: known data, data without one many times over, data with one. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <gsl/gsl_randist.h>

#include "analysis/model/drift.h"
#include "analysis/view/report.h"
#include "fixture.h"

#define FAMILIES 1000
#define CELLS 100
#define SAMPLES 20

static struct drift_draws draws;
static double costs[SAMPLES * 3], orders[SAMPLES * 3];

static void drift_of(struct drift *drift, size_t samples)
{
	const struct record_cell cell = { .cost = costs, .order = orders, .samples = samples };

	assert_int_equal(drift_test(drift, &cell, &draws), 0);
}

/*
 * Intelligence and hours of television of ten people, the textbook's: -29/165, for which Student's
 * t gives a p of 0.627188.
 */
static void textbook_coefficient(void **state)
{
	static const double iq[] = { 86, 97, 99, 100, 101, 103, 106, 110, 112, 113 };
	static const double hours[] = { 2, 20, 28, 27, 50, 29, 7, 17, 6, 12 };
	struct drift drift;

	(void)state;
	memcpy(orders, iq, sizeof(iq));
	memcpy(costs, hours, sizeof(hours));
	drift_of(&drift, 10);
	assert_true(fabs(drift.rho + 29.0 / 165) < 1e-12);
	assert_true(fabs(drift.p - 0.627188) < 0.01);
	/* medians of 2, 20, 28 and of 17, 6, 12 */
	assert_true(fabs(drift.change_pct + 40) < 1e-9);
}

/*
 * Critical values as published (Zar, Biostatistical Analysis), two-sided: at them the p is at most
 * what it says, give or take the draws, and a little below them it is more.
 */
static void tables_agree(void **state)
{
	static const struct {
		size_t samples;
		double rho, p, step;
	} table[] = {
		{ 10, 0.648, 0.05, 0.0122 }, { 10, 0.794, 0.01, 0.0122 },
		{ 15, 0.521, 0.05, 0.0036 }, { 15, 0.654, 0.01, 0.0036 },
		{ 20, 0.447, 0.05, 0.0016 }, { 20, 0.570, 0.01, 0.0016 },
		{ 50, 0.279, 0.05, 0.0005 }, { 50, 0.363, 0.01, 0.0005 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		assert_true(drift_p(&draws, table[i].rho - 0.0005, table[i].samples) <
			    table[i].p * 1.06);
		assert_true(drift_p(&draws, -table[i].rho + 2 * table[i].step,
				    table[i].samples) > table[i].p * 0.97);
	}
	/* beyond the draws: t = 3.5 with 98 degrees of freedom */
	assert_true(fabs(drift_p(&draws, 3.5 / sqrt(98 + 3.5 * 3.5), 100) - 0.000702) < 1e-6);
}

static void equal_and_ordered_costs(void **state)
{
	struct drift drift;
	size_t i;

	(void)state;
	for (i = 0; i < 12; i++) {
		orders[i] = 3 * i;
		costs[i] = 500;
	}
	drift_of(&drift, 12);
	assert_true(drift.rho == 0 && drift.p == 1 && drift.change_pct == 0);
	for (i = 0; i < 12; i++)
		costs[i] = 100 + i * i;
	drift_of(&drift, 12);
	assert_true(drift.rho > 0.999999 && drift.p < 1.1 / DRIFT_DRAWS && drift.change_pct > 50);
}

/* As times are: a floor, and a tail. */
static double skewed_draw(gsl_rng *rng)
{
	return 1000 * exp(gsl_ran_exponential(rng, 0.1));
}

static double normal_draw(gsl_rng *rng)
{
	return 1000 + gsl_ran_gaussian(rng, 20);
}

static double bimodal_draw(gsl_rng *rng)
{
	return (gsl_rng_uniform(rng) < 0.6 ? 1000 : 1100) + gsl_ran_gaussian(rng, 15);
}

/* The smallest p of a family of cells without a trend, the largest that Holm's step looks at. */
static double family_p(double (*draw)(gsl_rng *rng), gsl_rng *rng)
{
	struct drift drift;
	double least = 1;
	size_t cell, i;

	for (cell = 0; cell < CELLS; cell++) {
		for (i = 0; i < SAMPLES; i++) {
			orders[i] = i;
			costs[i] = draw(rng);
		}
		drift_of(&drift, SAMPLES);
		least = drift.p < least ? drift.p : least;
	}
	return least;
}

static void false_alarms_are_as_stated(void **state)
{
	static const struct {
		const char *name;
		double (*draw)(gsl_rng *rng);
	} shapes[] = {
		{ "normal", normal_draw }, { "skewed", skewed_draw }, { "bimodal", bimodal_draw },
	};
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_taus2);
	size_t shape, family, alarms;

	(void)state;
	for (shape = 0; shape < 3; shape++) {
		for (family = 0, alarms = 0; family < FAMILIES; family++)
			alarms += family_p(shapes[shape].draw, rng) * CELLS < DRIFT_SIGNIFICANT;
		printf("# %-8s %d cells of %d samples without drift: any alarm in %.1f %%\n",
		       shapes[shape].name, CELLS, SAMPLES, 100.0 * alarms / FAMILIES);
		assert_true(alarms >= 0.03 * FAMILIES && alarms <= 0.07 * FAMILIES);
	}
	gsl_rng_free(rng);
}

static void fixture_cells(struct record *record, const char *mode, const char *unit, double trend)
{
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_taus2);
	struct fixture fixture;
	unsigned int i;

	fixture_begin(&fixture, "k", mode, unit);
	for (i = 0; i < 30; i++) {
		fixture_sample(&fixture, "bar/aligned/warm", "map", "a", 4096,
			       lround(1e5 * (1 + trend * i / 30) + gsl_ran_gaussian(rng, 1000)));
		fixture_sample(&fixture, "bar/aligned/warm", "map", "b", 4096,
			       lround(1e5 + gsl_ran_gaussian(rng, 1000)));
		if (i < 9)
			fixture_sample(&fixture, "bar/aligned/warm", "map", "c", 4096, 100 + i);
	}
	fixture_end(&fixture);
	fixture_read(&fixture, record);
	gsl_rng_free(rng);
}

static void drifting_cell_is_found(void **state)
{
	struct drift *drifts;
	struct record record;
	struct error error;
	size_t tested, found;
	struct set set;

	(void)state;
	fixture_cells(&record, "metal", "ns", 0.06);
	assert_int_equal(set_init(&set, &record, 1, &error), 0);
	assert_int_equal(drift_find(&set, &drifts, &tested, &found), 0);
	/* the third has too few samples */
	assert_int_equal(tested, 2);
	assert_int_equal(found, 1);
	assert_string_equal(drifts[0].cell->key.variant, "a");
	assert_true(drifts[0].change_pct > 3 && drifts[0].change_pct < 5);
	assert_true(drifts[0].rho > 0.7);
	free(drifts);
	set_cleanup(&set);
	record_cleanup(&record);
}

/* What the report says of a record with that trend. */
static char *report_text(const char *mode, const char *unit, double trend)
{
	struct record record;
	struct error error;
	struct set set;
	struct findings findings;
	struct report report = { .set = &set, .findings = &findings };
	size_t length;
	char *text;

	fixture_cells(&record, mode, unit, trend);
	assert_int_equal(set_init(&set, &record, 1, &error), 0);
	assert_int_equal(findings_init(&findings, &set), 0);
	report.out = open_memstream(&text, &length);
	assert_int_equal(report_print(&report), 0);
	fclose(report.out);
	findings_cleanup(&findings);
	set_cleanup(&set);
	record_cleanup(&record);
	return text;
}

static void report_warns(void **state)
{
	char *text = report_text("metal", "ns", 0.06);

	(void)state;
	assert_non_null(strstr(text, "warning   1 of 2 cells drift, by up to +"));
	assert_non_null(strstr(text, "bar/aligned/warm map    4K"));
	assert_non_null(strstr(text, " of 69 samples ("));
	free(text);
	text = report_text("metal", "ns", 0);
	assert_non_null(strstr(text, "none of 2 cells drifts"));
	assert_null(strstr(text, "warning   1 of 2"));
	free(text);
	text = report_text("icount", "insn", 0.06);
	assert_null(strstr(text, "drift"));
	assert_null(strstr(text, "outliers"));
	free(text);
}

static int draws_setup(void **state)
{
	(void)state;
	return drift_draws_init(&draws);
}

static int draws_teardown(void **state)
{
	(void)state;
	drift_draws_cleanup(&draws);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(textbook_coefficient),
		cmocka_unit_test(tables_agree),
		cmocka_unit_test(equal_and_ordered_costs),
		cmocka_unit_test(false_alarms_are_as_stated),
		cmocka_unit_test(drifting_cell_is_found),
		cmocka_unit_test(report_warns),
	};

	return cmocka_run_group_tests(tests, draws_setup, draws_teardown);
}
