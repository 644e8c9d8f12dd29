/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BARMAP_ANALYSIS_MODEL_GATE_H
#define BARMAP_ANALYSIS_MODEL_GATE_H

/*
 * gate: is B slower than A by more than some percent? There are three answers, and "cannot tell" is
 * none of the other two.
 *
 * Counted costs are compared as they are; changes within COMPARE_TOLERANCE_PCT never count. Timed ones
 * ask for several boots of each kernel, whose medians are the values: A's are raised by the limit, and
 * Mann and Whitney's test says on which side of them B's lie. A row is slower where they lie above with
 * a p, after Holm over all rows, below COMPARE_SIGNIFICANT. It is not slower where they lie below with a
 * p below COMPARE_SIGNIFICANT: as all rows must be, no correction is needed. All others are not told.
 */

#include "analysis/model/compare.h"

enum gate_verdict {
	GATE_NOT_SLOWER,
	GATE_SLOWER,
	GATE_UNTOLD,
	GATE_VERDICTS,
};

extern const char *const gate_verdict_names[GATE_VERDICTS];

/**
 * struct gate_point - what is asked: of one row, or of the conditions of the whole
 * @a: the samples in A; NULL: A lacks the row
 * @b: the samples in B; NULL: B lacks the row, or, like @a, this is of the conditions
 * @change_pct: of the median, from A to B; NaN when that is not known
 * @p: of the test, two-sided, before Holm; NaN without one
 * @verdict: the answer
 * @why: what keeps it from being told; owned, NULL where it is told
 */
struct gate_point {
	const struct set_series *a;
	const struct set_series *b;
	double change_pct;
	double p;
	enum gate_verdict verdict;
	char *why;
};

/**
 * struct gate_options - what is asked
 * @pairs: as in compare_options
 * @cases: shell patterns of the cases that count, joined by commas; NULL: all
 * @limit_pct: more than this is slower, 0 or more
 */
struct gate_options {
	const struct compare_pair *pairs;
	size_t pairs_count;
	const char *cases;
	double limit_pct;
};

/**
 * struct gate - all answers
 * @comparison: the rows
 * @limit_pct: more than this is slower; for counted costs COMPARE_TOLERANCE_PCT at least
 * @points: the conditions, the rows in the order of A's cases, the rows that a side lacks; owned
 * @count: at least 1
 * @rows: points that are rows of both
 * @verdicts: points with each answer
 * @verdict: of the whole: one row that is slower makes it so; else one that is not told
 * @worst: the slower row with the largest change, or NULL
 * @failed: memory ran out
 */
struct gate {
	struct comparison comparison;
	double limit_pct;
	struct gate_point *points;
	size_t count;
	size_t rows;
	size_t verdicts[GATE_VERDICTS];
	enum gate_verdict verdict;
	const struct gate_point *worst;
	bool failed;
};

/*
 * Asks. Both sets outlive the gate. Returns 0, or -errno with @error set and nothing to clean up:
 * OUTCOME_USE for a pattern or a pair that names nothing, OUTCOME_UNTOLD where the sets cannot be
 * compared at all.
 */
int gate_init(struct gate *gate, const struct set *a, const struct set *b,
	      const struct gate_options *options, struct error *error);
void gate_cleanup(struct gate *gate);

/* The fewest boots a side that can show a change in each of @rows rows. */
size_t gate_boots_needed(size_t rows);

#endif
