// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/stats/bootstrap.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include <gsl/gsl_randist.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>

#include "analysis/stats/summary.h"

#define LOW_QUANTILE 0.025
#define HIGH_QUANTILE 0.975

static const struct interval interval_unknown = { NAN, NAN };

int bootstrap_init(struct bootstrap *bootstrap, unsigned long seed)
{
	bootstrap->rng = gsl_rng_alloc(gsl_rng_mt19937);
	bootstrap->replicates = calloc(BOOTSTRAP_REPLICATES, sizeof(*bootstrap->replicates));
	if (!bootstrap->rng || !bootstrap->replicates) {
		bootstrap_cleanup(bootstrap);
		return -ENOMEM;
	}
	gsl_rng_set(bootstrap->rng, seed);
	return 0;
}

void bootstrap_cleanup(struct bootstrap *bootstrap)
{
	if (bootstrap->rng)
		gsl_rng_free(bootstrap->rng);
	free(bootstrap->replicates);
}

/* The given value at that place, 0 … 1, among all. */
static double value_at(const double *sorted, size_t count, double place)
{
	size_t index = place * count;

	return sorted[index < count ? index : count - 1];
}

double bootstrap_draw(struct bootstrap *bootstrap, const double *sorted, size_t count)
{
	size_t below = (count - 1) / 2;
	size_t above = count - 1 - below;
	double place = gsl_ran_beta(bootstrap->rng, below + 1, above + 1);
	double value = value_at(sorted, count, place);

	if (count % 2)
		return value;
	/* The next larger of the drawn values is the smallest of those above. */
	place += (1 - place) * (1 - pow(gsl_rng_uniform_pos(bootstrap->rng), 1.0 / above));
	return (value + value_at(sorted, count, place)) / 2;
}

static struct interval replicates_interval(struct bootstrap *bootstrap)
{
	double *replicates = bootstrap->replicates;

	gsl_sort(replicates, 1, BOOTSTRAP_REPLICATES);
	return (struct interval){
		gsl_stats_quantile_from_sorted_data(replicates, 1, BOOTSTRAP_REPLICATES,
						    LOW_QUANTILE),
		gsl_stats_quantile_from_sorted_data(replicates, 1, BOOTSTRAP_REPLICATES,
						    HIGH_QUANTILE),
	};
}

struct interval bootstrap_median(struct bootstrap *bootstrap, const double *sorted, size_t count)
{
	size_t i;

	if (count < BOOTSTRAP_VALUES_MIN)
		return interval_unknown;
	for (i = 0; i < BOOTSTRAP_REPLICATES; i++)
		bootstrap->replicates[i] = bootstrap_draw(bootstrap, sorted, count);
	return replicates_interval(bootstrap);
}

struct interval bootstrap_change_pct(struct bootstrap *bootstrap, const double *a, size_t a_count,
				     const double *b, size_t b_count)
{
	double base;
	size_t i;

	if (a_count < BOOTSTRAP_VALUES_MIN || b_count < BOOTSTRAP_VALUES_MIN)
		return interval_unknown;
	for (i = 0; i < BOOTSTRAP_REPLICATES; i++) {
		base = bootstrap_draw(bootstrap, a, a_count);
		if (!(base > 0))
			return interval_unknown;
		bootstrap->replicates[i] = stats_change_pct(
			bootstrap_draw(bootstrap, b, b_count), base);
	}
	return replicates_interval(bootstrap);
}

bool interval_known(const struct interval *interval)
{
	return !isnan(interval->low) && !isnan(interval->high);
}
