/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BARMAP_ANALYSIS_STATS_SUMMARY_H
#define BARMAP_ANALYSIS_STATS_SUMMARY_H

/*
 * stats: what a set of samples says. Order statistics only: costs are skewed, and a mean follows
 * whichever interrupt came along. Works in the unit of the samples.
 */

#include <stddef.h>

/* Samples further than this many robust standard deviations (1.4826 MAD) are called outliers. */
#define STATS_OUTLIER_SIGMAS 5.0

/**
 * struct stats_summary - a sample set in a few numbers
 * @samples: how many, at least 1
 * @median: mean of the middle two when @samples is even
 * @mad: median absolute deviation from @median, not scaled
 * @min: smallest
 * @max: largest
 * @outliers: samples beyond STATS_OUTLIER_SIGMAS; they are counted, and part of everything above.
 *            0 when @mad is 0.
 */
struct stats_summary {
	size_t samples;
	double median;
	double mad;
	double min;
	double max;
	size_t outliers;
};

/*
 * Sorts @values in place and fills @summary. @work has room for @count values, at least 1.
 */
void stats_summarise(double *values, size_t count, double *work, struct stats_summary *summary);

/* @value against @base in percent: 3 when it is 3 % above. @base is above 0. */
double stats_change_pct(double value, double base);

#endif
