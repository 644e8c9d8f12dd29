/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BARMAP_ANALYSIS_MODEL_FINDINGS_H
#define BARMAP_ANALYSIS_MODEL_FINDINGS_H

/*
 * findings: what a sceptical reader asks before believing the tables, found once, as sentences and as
 * the rows behind them.
 */

#include "analysis/model/drift.h"
#include "analysis/model/set.h"

/* The harness may cost at most this share of the smallest step that it measures. */
#define FINDINGS_HARNESS_PCT	5.0

/* A deviation from the stock kernel beyond this is more than another layout of the code. */
#define FINDINGS_DEVIATION_PCT	2.0

/* A spread of samples beyond this is more than timer ticks, where they are counted. */
#define FINDINGS_SPREAD_PCT	1.0

/**
 * struct finding - one sentence
 * @grave: it weakens the result
 * @text: owned, one line
 */
struct finding {
	bool grave;
	char *text;
};

/**
 * struct findings - all of them
 * @list: owned, @count of them
 * @failed: memory ran out
 * @differing: series whose samples differ although they should not, widest first; owned
 * @stock: series of the lookup that does what the stock kernel does, each with a stock kernel's to be
 *         held against, in the order of the set; owned
 * @drifts: cells that were tested, those that drift first; owned
 */
struct findings {
	struct finding *list;
	size_t count;
	bool failed;
	const struct set_series **differing;
	size_t differing_count;
	const struct set_series **stock;
	size_t stock_count;
	struct drift *drifts;
	size_t drifts_tested;
	size_t drifts_found;
};

/* Returns 0, or -ENOMEM with nothing to clean up. */
int findings_init(struct findings *findings, const struct set *set);
void findings_cleanup(struct findings *findings);

/*
 * The series that deviates most from its stock kernel's, of those with several threads or those
 * without, and in *@count how many there are; NULL: none.
 */
const struct set_series *findings_stock_worst(const struct findings *findings, bool threaded,
					      size_t *count);

#endif
