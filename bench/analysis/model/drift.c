// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/model/drift.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>

#include "analysis/stats/ranktest.h"

int drift_draws_init(struct drift_draws *draws)
{
	draws->samples = 0;
	draws->rho = calloc(DRIFT_DRAWS, sizeof(*draws->rho));
	return draws->rho ? 0 : -ENOMEM;
}

void drift_draws_cleanup(struct drift_draws *draws)
{
	free(draws->rho);
}

/* Spearman's coefficient of @count different ranks in this order. */
static double ranks_rho(const int *ranks, size_t count)
{
	double sum = 0, cube = (double)count * count * count - count;
	size_t i;

	for (i = 0; i < count; i++)
		sum += ((double)i - ranks[i]) * ((double)i - ranks[i]);
	return 1 - 6 * sum / cube;
}

static void draws_make(struct drift_draws *draws, size_t samples)
{
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
	int ranks[DRIFT_DRAWN_MAX];
	size_t i;

	gsl_rng_set(rng, DRIFT_SEED);
	for (i = 0; i < samples; i++)
		ranks[i] = i;
	for (i = 0; i < DRIFT_DRAWS; i++) {
		gsl_ran_shuffle(rng, ranks, samples, sizeof(*ranks));
		draws->rho[i] = fabs(ranks_rho(ranks, samples));
	}
	gsl_sort(draws->rho, 1, DRIFT_DRAWS);
	draws->samples = samples;
	gsl_rng_free(rng);
}

/* How many draws are as far from 0; the two ways to a coefficient differ in the last digits. */
static size_t draws_above(const struct drift_draws *draws, double rho)
{
	size_t low = 0, high = DRIFT_DRAWS, middle;

	while (low < high) {
		middle = (low + high) / 2;
		if (draws->rho[middle] < fabs(rho) - 1e-9)
			low = middle + 1;
		else
			high = middle;
	}
	return DRIFT_DRAWS - low;
}

static double student_p(double rho, size_t samples)
{
	double freedom = samples - 2;

	if (fabs(rho) >= 1)
		return 0;
	return 2 * gsl_cdf_tdist_Q(fabs(rho) * sqrt(freedom / (1 - rho * rho)), freedom);
}

double drift_p(struct drift_draws *draws, double rho, size_t samples)
{
	if (samples > DRIFT_DRAWN_MAX)
		return student_p(rho, samples);
	if (samples != draws->samples)
		draws_make(draws, samples);
	/* the order there is is one of those that can be drawn */
	return (draws_above(draws, rho) + 1.0) / (DRIFT_DRAWS + 1.0);
}

static double third_median(const double *cost, size_t count, double *work)
{
	memcpy(work, cost, count * sizeof(*work));
	gsl_sort(work, 1, count);
	return gsl_stats_median_from_sorted_data(work, 1, count);
}

int drift_test(struct drift *drift, const struct record_cell *cell, struct drift_draws *draws)
{
	size_t count = cell->samples, third = count / 3;
	double first, last;
	double *work = calloc(2 * count, sizeof(*work));

	if (!work)
		return -ENOMEM;
	drift->cell = cell;
	drift->rho = gsl_stats_spearman(cell->order, 1, cell->cost, 1, count, work);
	if (isnan(drift->rho))
		drift->rho = 0;
	drift->p = drift_p(draws, drift->rho, count);
	first = third_median(cell->cost, third, work);
	last = third_median(cell->cost + count - third, third, work);
	drift->change_pct = first > 0 ? stats_change_pct(last, first) : NAN;
	free(work);
	return 0;
}

static int drift_test_all(const struct set *set, struct drift_draws *draws, struct drift *drifts,
			  size_t *tested)
{
	const struct set_series *series;
	size_t i;
	int err = 0;

	for (series = set->series; series < set->series + set->series_count; series++) {
		for (i = 0; i < series->boots_count && !err; i++) {
			if (series->boots[i]->samples < DRIFT_SAMPLES_MIN)
				continue;
			drifts[*tested].series = series;
			err = drift_test(&drifts[(*tested)++], series->boots[i], draws);
		}
	}
	return err;
}

static int drift_adjust(struct drift *drifts, size_t count)
{
	double *p = calloc(count, sizeof(*p));
	size_t i;
	int err;

	if (!p)
		return -ENOMEM;
	for (i = 0; i < count; i++)
		p[i] = drifts[i].p;
	err = ranktest_holm(p, count);
	for (i = 0; i < count; i++)
		drifts[i].p_holm = p[i];
	free(p);
	return err;
}

static int drift_compare(const void *a, const void *b)
{
	const struct drift *x = a, *y = b;
	double x_pct = fabs(x->change_pct), y_pct = fabs(y->change_pct);
	int x_found = x->p_holm < DRIFT_SIGNIFICANT, y_found = y->p_holm < DRIFT_SIGNIFICANT;

	if (x_found != y_found)
		return y_found - x_found;
	return x_pct > y_pct ? -1 : x_pct < y_pct;
}

int drift_find(const struct set *set, struct drift **drifts, size_t *tested, size_t *found)
{
	struct drift_draws draws;
	size_t i, cells = 0;
	int err;

	*tested = 0;
	*found = 0;
	for (i = 0; i < set->series_count; i++)
		cells += set->series[i].boots_count;
	*drifts = calloc(cells, sizeof(**drifts));
	if (!*drifts)
		return -ENOMEM;
	err = drift_draws_init(&draws);
	if (!err)
		err = drift_test_all(set, &draws, *drifts, tested);
	drift_draws_cleanup(&draws);
	if (!err && *tested)
		err = drift_adjust(*drifts, *tested);
	if (err) {
		free(*drifts);
		return err;
	}
	for (i = 0; i < *tested; i++)
		*found += (*drifts)[i].p_holm < DRIFT_SIGNIFICANT;
	qsort(*drifts, *tested, sizeof(**drifts), drift_compare);
	return 0;
}
