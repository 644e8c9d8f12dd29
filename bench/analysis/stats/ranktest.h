/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BARMAP_ANALYSIS_STATS_RANKTEST_H
#define BARMAP_ANALYSIS_STATS_RANKTEST_H

/*
 * ranktest: does one set of samples tend to be larger than another? Mann and Whitney's test, which
 * asks nothing of the shape of the data, and Holm's correction for asking it many times.
 */

#include <stddef.h>

/* With at most this many values together the distribution of U is counted out, ties included. */
#define RANKTEST_EXACT_MAX 40

/**
 * struct ranktest - a comparison of two sets, A and B
 * @u: pairs (a, b) with b > a; a tie counts one half; 0 … a_count * b_count
 * @superiority: @u over the number of pairs: the chance that a random b is above a random a; 0.5
 *               when neither is. The effect size of Vargha and Delaney.
 * @p: two-sided probability of an @u at least as far from the middle, were A and B alike
 */
struct ranktest {
	double u;
	double superiority;
	double p;
};

/*
 * Both counts are at least 1; the values are in any order. Beyond RANKTEST_EXACT_MAX @p is the
 * normal approximation with correction for ties and continuity. Returns 0 or -ENOMEM.
 */
int ranktest_run(const double *a, size_t a_count, const double *b, size_t b_count,
		 struct ranktest *result);

/* The smallest @p that sets of this size can reach. */
double ranktest_smallest_p(size_t a_count, size_t b_count);

/*
 * Replaces each of @count probabilities by its Holm-adjusted one: calling those below 0.05 changes
 * gives any false alarm at all in at most 5 % of such families. Returns 0 or -ENOMEM.
 */
int ranktest_holm(double *p, size_t count);

#endif
