// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/stats/summary.h"

#include <math.h>

#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>

/* Makes the MAD of normal data an estimate of the standard deviation: 1 / quantile(3/4). */
#define MAD_TO_SIGMA 1.4826

static size_t count_outliers(const double *values, size_t count,
			     const struct stats_summary *summary)
{
	double reach = STATS_OUTLIER_SIGMAS * MAD_TO_SIGMA * summary->mad;
	size_t outliers = 0;
	size_t i;

	if (!(reach > 0))
		return 0;
	for (i = 0; i < count; i++)
		outliers += fabs(values[i] - summary->median) > reach;
	return outliers;
}

void stats_summarise(double *values, size_t count, double *work, struct stats_summary *summary)
{
	gsl_sort(values, 1, count);
	summary->samples = count;
	summary->median = gsl_stats_median_from_sorted_data(values, 1, count);
	summary->mad = gsl_stats_mad0(values, 1, count, work);
	summary->min = values[0];
	summary->max = values[count - 1];
	summary->outliers = count_outliers(values, count, summary);
}

double stats_change_pct(double value, double base)
{
	return 100.0 * (value - base) / base;
}
