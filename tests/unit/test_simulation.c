// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Do the statistics keep their promises? Data with a known shift of 3 %, and without one, many
 * times over: the 95 % interval must hold the shift in 93 to 97 % of the cases, and the test must
 * find a change where there is none in 3 to 7 %. The seed is fixed, so the outcome is.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>

#include "analysis/stats/bootstrap.h"
#include "analysis/stats/ranktest.h"

#define TRIALS 1500
#define PLAIN_TRIALS 400
#define PLAIN_REPLICATES 400
#define SHIFT 1.03
#define VALUES_MAX 200

static double normal_draw(gsl_rng *rng)
{
	return 1000 + gsl_ran_gaussian(rng, 20);
}

/* As times are: a floor, and a tail that interrupts and misses make. */
static double skewed_draw(gsl_rng *rng)
{
	return 1000 * exp(gsl_ran_exponential(rng, 0.1));
}

/* Two states of the machine. */
static double bimodal_draw(gsl_rng *rng)
{
	return (gsl_rng_uniform(rng) < 0.6 ? 1000 : 1100) + gsl_ran_gaussian(rng, 15);
}

/**
 * struct setting - one line of the table
 * @name: name
 * @draw: the distribution
 * @samples: a boot
 * @boots: a side
 * @boot_sigma: standard deviation of the offset that each boot has, where there are several
 */
struct setting {
	const char *name;
	double (*draw)(gsl_rng *rng);
	size_t samples;
	size_t boots;
	double boot_sigma;
};

static const struct setting settings[] = {
	{ "normal, 50 samples", normal_draw, 50, 1, 0 },
	{ "skewed, 50 samples", skewed_draw, 50, 1, 0 },
	{ "bimodal, 50 samples", bimodal_draw, 50, 1, 0 },
	{ "normal, 200 samples", normal_draw, 200, 1, 0 },
	{ "skewed, 200 samples", skewed_draw, 200, 1, 0 },
	{ "bimodal, 200 samples", bimodal_draw, 200, 1, 0 },
	{ "normal, 8 boots of 20 samples", normal_draw, 20, 8, 0.01 },
	{ "skewed, 8 boots of 20 samples", skewed_draw, 20, 8, 0.01 },
	{ "bimodal, 8 boots of 20 samples", bimodal_draw, 20, 8, 0.01 },
	{ "normal, 12 boots, apart by 5 %", normal_draw, 20, 12, 0.05 },
	{ "skewed, 12 boots, apart by 5 %", skewed_draw, 20, 12, 0.05 },
	{ "bimodal, 12 boots, all alike", bimodal_draw, 20, 12, 0 },
};

/* What the analysis works on: the samples of one boot, or the medians of several; sorted. */
static size_t units_draw(const struct setting *setting, gsl_rng *rng, double *units)
{
	double values[VALUES_MAX], offset;
	size_t boot, i;

	if (setting->boots == 1) {
		for (i = 0; i < setting->samples; i++)
			units[i] = setting->draw(rng);
		gsl_sort(units, 1, setting->samples);
		return setting->samples;
	}
	for (boot = 0; boot < setting->boots; boot++) {
		offset = exp(gsl_ran_gaussian(rng, setting->boot_sigma));
		for (i = 0; i < setting->samples; i++)
			values[i] = offset * setting->draw(rng);
		gsl_sort(values, 1, setting->samples);
		units[boot] = gsl_stats_median_from_sorted_data(values, 1, setting->samples);
	}
	gsl_sort(units, 1, setting->boots);
	return setting->boots;
}

static void promises_are_kept(void **state)
{
	const struct setting *setting = *state;
	double a[VALUES_MAX], b[VALUES_MAX], covered_pct, alarms_pct;
	size_t trial, i, count, covered = 0, alarms = 0;
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_taus2);
	struct bootstrap bootstrap;
	struct interval interval;
	struct ranktest test;

	assert_int_equal(bootstrap_init(&bootstrap, BOOTSTRAP_SEED), 0);
	for (trial = 0; trial < TRIALS; trial++) {
		count = units_draw(setting, rng, a);
		units_draw(setting, rng, b);
		ranktest_run(a, count, b, count, &test);
		alarms += test.p < 0.05;
		for (i = 0; i < count; i++)
			b[i] *= SHIFT;
		interval = bootstrap_change_pct(&bootstrap, a, count, b, count);
		covered += interval.low <= 100 * (SHIFT - 1) && interval.high >= 100 * (SHIFT - 1);
	}
	bootstrap_cleanup(&bootstrap);
	gsl_rng_free(rng);

	covered_pct = 100.0 * covered / TRIALS;
	alarms_pct = 100.0 * alarms / TRIALS;
	printf("# %-30s  interval holds the shift: %.1f %%  false alarms: %.1f %%\n",
	       setting->name, covered_pct, alarms_pct);
	assert_true(covered_pct >= 93 && covered_pct <= 97);
	assert_true(alarms_pct >= 3 && alarms_pct <= 7);
}

#define BOOTS 8
#define BOOT_SAMPLES 20

enum plain_method { PLAIN_SAMPLES, PLAIN_BOTH, PLAIN_METHODS };

static double median_of(double *values, size_t count)
{
	gsl_sort(values, 1, count);
	return gsl_stats_median_from_sorted_data(values, 1, count);
}

static void boots_draw(gsl_rng *rng, double values[BOOTS][BOOT_SAMPLES])
{
	double offset;
	size_t boot, i;

	for (boot = 0; boot < BOOTS; boot++) {
		offset = exp(gsl_ran_gaussian(rng, 0.01));
		for (i = 0; i < BOOT_SAMPLES; i++)
			values[boot][i] = offset * normal_draw(rng);
	}
}

/* One replicate of the median, by drawing samples only, or boots and then samples of them. */
static double plain_draw(gsl_rng *rng, double values[BOOTS][BOOT_SAMPLES],
			 enum plain_method method)
{
	double drawn[BOOTS * BOOT_SAMPLES], medians[BOOTS];
	size_t boot, i, from;

	for (boot = 0; boot < BOOTS; boot++) {
		from = gsl_rng_uniform_int(rng, BOOTS);
		for (i = 0; i < BOOT_SAMPLES; i++) {
			if (method == PLAIN_SAMPLES)
				from = gsl_rng_uniform_int(rng, BOOTS);
			drawn[boot * BOOT_SAMPLES + i] =
				values[from][gsl_rng_uniform_int(rng, BOOT_SAMPLES)];
		}
		if (method == PLAIN_BOTH)
			medians[boot] = median_of(drawn + boot * BOOT_SAMPLES, BOOT_SAMPLES);
	}
	return method == PLAIN_BOTH ? median_of(medians, BOOTS) :
				      median_of(drawn, BOOTS * BOOT_SAMPLES);
}

/* How often, in percent, the interval of that method holds the shift. */
static double plain_coverage_pct(gsl_rng *rng, enum plain_method method)
{
	double a[BOOTS][BOOT_SAMPLES], b[BOOTS][BOOT_SAMPLES], changes[PLAIN_REPLICATES];
	size_t trial, i, covered = 0;

	for (trial = 0; trial < PLAIN_TRIALS; trial++) {
		boots_draw(rng, a);
		boots_draw(rng, b);
		for (i = 0; i < PLAIN_REPLICATES; i++)
			changes[i] = plain_draw(rng, b, method) / plain_draw(rng, a, method);
		gsl_sort(changes, 1, PLAIN_REPLICATES);
		covered += gsl_stats_quantile_from_sorted_data(changes, 1, PLAIN_REPLICATES,
							       0.025) <= 1 &&
			   gsl_stats_quantile_from_sorted_data(changes, 1, PLAIN_REPLICATES,
							       0.975) >= 1;
	}
	return 100.0 * covered / PLAIN_TRIALS;
}

/*
 * Why the boots' medians are what is drawn: with samples alone the interval is far too narrow, as
 * those of a boot share its offset; with samples of the drawn boots as well it is too wide, as the
 * medians have the noise of their samples already.
 */
static void other_draws_are_worse(void **state)
{
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_taus2);
	double samples_pct, both_pct;

	(void)state;
	samples_pct = plain_coverage_pct(rng, PLAIN_SAMPLES);
	both_pct = plain_coverage_pct(rng, PLAIN_BOTH);
	gsl_rng_free(rng);
	printf("# 8 boots of 20 normal samples, 95 %% interval holds the shift if drawn are\n"
	       "#   samples: %.1f %%  boots, then samples: %.1f %%\n", samples_pct, both_pct);
	assert_true(samples_pct < 85);
	assert_true(both_pct > 97);
}

/* The short way to the median of a drawn set gives what drawing and sorting gives. */
static void draw_equals_drawing(void **state)
{
	static const size_t counts[] = { 6, 7, 50 };
	double sorted[50], values[50], plain[4000], draws[4000];
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_taus2);
	struct bootstrap bootstrap;
	struct ranktest test;
	size_t c, i, j;

	(void)state;
	assert_int_equal(bootstrap_init(&bootstrap, BOOTSTRAP_SEED), 0);
	for (c = 0; c < 3; c++) {
		for (i = 0; i < counts[c]; i++)
			sorted[i] = skewed_draw(rng);
		gsl_sort(sorted, 1, counts[c]);
		for (j = 0; j < 4000; j++) {
			for (i = 0; i < counts[c]; i++)
				values[i] = sorted[gsl_rng_uniform_int(rng, counts[c])];
			gsl_sort(values, 1, counts[c]);
			plain[j] = gsl_stats_median_from_sorted_data(values, 1, counts[c]);
			draws[j] = bootstrap_draw(&bootstrap, sorted, counts[c]);
		}
		ranktest_run(plain, 4000, draws, 4000, &test);
		assert_true(test.superiority > 0.48 && test.superiority < 0.52);
		assert_true(fabs(gsl_stats_sd(plain, 1, 4000) / gsl_stats_sd(draws, 1, 4000) - 1) <
			    0.05);
	}
	bootstrap_cleanup(&bootstrap);
	gsl_rng_free(rng);
}

static void too_few_values_have_no_interval(void **state)
{
	static const double five[] = { 1, 2, 3, 4, 5 };
	struct bootstrap bootstrap;
	struct interval interval;

	(void)state;
	assert_int_equal(bootstrap_init(&bootstrap, BOOTSTRAP_SEED), 0);
	interval = bootstrap_median(&bootstrap, five, 5);
	assert_false(interval_known(&interval));
	interval = bootstrap_change_pct(&bootstrap, five, 5, five, 5);
	assert_false(interval_known(&interval));
	bootstrap_cleanup(&bootstrap);
}

#define SETTINGS (sizeof(settings) / sizeof(settings[0]))

int main(void)
{
	struct CMUnitTest tests[SETTINGS + 3] = {
		cmocka_unit_test(draw_equals_drawing),
		cmocka_unit_test(too_few_values_have_no_interval),
		cmocka_unit_test(other_draws_are_worse),
	};
	size_t i;

	for (i = 0; i < SETTINGS; i++)
		tests[3 + i] = (struct CMUnitTest){
			.name = settings[i].name,
			.test_func = promises_are_kept,
			.initial_state = (void *)&settings[i],
		};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
