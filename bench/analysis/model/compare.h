/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BARMAP_ANALYSIS_MODEL_COMPARE_H
#define BARMAP_ANALYSIS_MODEL_COMPARE_H

/*
 * compare: what changed from one kernel, A, to another, B, row by row.
 *
 * A row is a case, operation, variant and size that both have. Counted costs (icount) are compared
 * as they are, with a tolerance, for a change anywhere in a kernel moves where a timer tick lands.
 * Timed costs are called changed when three things agree: Mann and Whitney's test over all rows
 * (Holm), the bootstrap interval of the change, and the size of the change against what two halves
 * of the same side differ by (A/A floor).
 */

#include <stddef.h>

#include "analysis/stats/bootstrap.h"
#include "analysis/stats/ranktest.h"
#include "analysis/model/set.h"

#define COMPARE_TOLERANCE_PCT 0.2
#define COMPARE_SIGNIFICANT 0.05

/**
 * enum verdict - what became of a row
 * @VERDICT_SAME: no change larger than the limit
 * @VERDICT_SLOWER: B costs more
 * @VERDICT_FASTER: B costs less
 * @VERDICT_UNCLEAR: the samples do not tell; more are needed
 */
enum verdict {
	VERDICT_SAME,
	VERDICT_SLOWER,
	VERDICT_FASTER,
	VERDICT_UNCLEAR,
	VERDICTS,
};

extern const char *const verdict_names[VERDICTS];

/**
 * struct compare_pair - variants to set against each other
 * @a: of A
 * @b: of B
 */
struct compare_pair {
	const char *a;
	const char *b;
};

/**
 * struct compare_options - how to compare
 * @pairs: variants to compare; @pairs_count 0: each with that of the same name
 * @threshold_pct: changes up to this are none; negative: COMPARE_TOLERANCE_PCT for counted costs,
 *                 0 for timed ones
 * @seed: of the intervals
 * @rows_only: find the rows and their changes; test nothing, and leave the verdicts alone
 */
struct compare_options {
	const struct compare_pair *pairs;
	size_t pairs_count;
	double threshold_pct;
	unsigned long seed;
	bool rows_only;
};

/**
 * struct compare_row - one row
 * @a: the samples in A
 * @b: the samples in B
 * @change_pct: of the median, from A to B; NaN when A is 0 and B is not
 * @interval_pct: of it; unknown for counted costs
 * @test: the rank test; timed costs only
 * @p_holm: its p over all rows
 * @largest: of its case, step and variants there is no larger size
 * @verdict: the result
 */
struct compare_row {
	const struct set_series *a;
	const struct set_series *b;
	double change_pct;
	struct interval interval_pct;
	struct ranktest test;
	double p_holm;
	bool largest;
	enum verdict verdict;
};

/**
 * struct comparison - all rows
 * @a: the set compared with, borrowed
 * @b: the set that is compared, borrowed
 * @exact: costs are counted
 * @rows: in the order of A's cases; owned
 * @rows_count: at least 1
 * @only_a: series of A without a counterpart
 * @only_b: series of B without a counterpart
 * @powerless: rows with so few samples or boots that no change can be significant
 * @floor_pct: A/A floor: 95 % of the rows differ by less between two halves of the same side; NaN
 *             when it is not known, and for counted costs
 * @limit_pct: changes up to this are none: the threshold, or the floor when it is higher
 * @verdicts: rows with each verdict
 */
struct comparison {
	const struct set *a;
	const struct set *b;
	bool exact;
	struct compare_row *rows;
	size_t rows_count;
	size_t only_a;
	size_t only_b;
	size_t powerless;
	double floor_pct;
	double limit_pct;
	size_t verdicts[VERDICTS];
};

/*
 * Compares. Both sets hold one kernel and outlive the comparison. Returns 0, or -errno with @error
 * set and nothing to clean up: -EINVAL when units or conditions differ or there is no row.
 */
int comparison_init(struct comparison *comparison, const struct set *a, const struct set *b,
		    const struct compare_options *options, struct error *error);
void comparison_cleanup(struct comparison *comparison);

/*
 * Geometric mean of B/A - 1 in percent, over the rows of @op, or over all when it is NULL. *count
 * is set to the number of rows; without any the mean is NaN.
 */
double comparison_mean_pct(const struct comparison *comparison, const char *op, size_t *count);

#endif
