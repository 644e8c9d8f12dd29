/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BARMAP_ANALYSIS_VIEW_CHECKS_H
#define BARMAP_ANALYSIS_VIEW_CHECKS_H

/*
 * report_checks: what a sceptical reader asks before believing the tables.
 *
 * Each prints its part of the report, or one line that says why it has nothing to say, and returns
 * 0, -ENOMEM or -EIO.
 */

#include "analysis/view/report.h"

/* The harness may cost at most this share of the smallest operation it measures. */
#define REPORT_HARNESS_LIMIT_PCT 5.0

/* Is the old path of the patched kernel as fast as the untouched kernel? */
int report_stock_print(const struct report *report);

/* Are repeated samples equal, where they must be? */
int report_repeats_print(const struct report *report);

/* What does the empty harness cost? */
int report_harness_print(const struct report *report);

/**
 * struct report_deviation - how far the old path of a patched kernel is from the untouched one
 * @cells: compared; 0 when there is no such pair
 * @worst_pct: largest deviation, signed
 * @worst: where; of the patched kernel
 */
struct report_deviation {
	size_t cells;
	double worst_pct;
	const struct set_series *worst;
};

/* Over all pairs of kernels. */
void report_stock_deviation(const struct report *report, struct report_deviation *deviation);

/*
 * How many series have samples that differ, and the largest difference in *@widest_pct, as a
 * percentage of the median.
 */
size_t report_repeats_differing(const struct report *report, double *widest_pct);

/* The harness' share of the smallest operation on that kernel, in percent; NaN: not known. */
double report_harness_share_pct(const struct report *report, size_t kernel);

#endif
