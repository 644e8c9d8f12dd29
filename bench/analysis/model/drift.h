/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BARMAP_ANALYSIS_MODEL_DRIFT_H
#define BARMAP_ANALYSIS_MODEL_DRIFT_H

/*
 * drift: do costs change while they are measured? A machine that warms up, or another load that
 * goes away, makes samples that are no repetitions of each other. Spearman's rank correlation of
 * cost and place in the run finds any trend that goes one way, whatever its shape; how large it is
 * says the median of the last third of the samples against that of the first.
 */

#include <stddef.h>

#include "analysis/model/set.h"

/* With fewer samples of a cell no trend can be significant among many cells. */
#define DRIFT_SAMPLES_MIN 10

/*
 * Up to as many samples the p comes from drawn orders, beyond from Student's t, which is half of
 * what it should be at 20 samples and a p of 1e-4.
 */
#define DRIFT_DRAWN_MAX 60

/* Orders drawn: the smallest p is one over that. */
#define DRIFT_DRAWS 100000

#define DRIFT_SEED 1

#define DRIFT_SIGNIFICANT 0.05

/**
 * struct drift - the trend of one cell
 * @cell: its samples, of one boot
 * @series: that it is of
 * @rho: Spearman's coefficient, -1 … 1; 0 when all costs are equal
 * @p: two-sided: how often a coefficient this far from 0 comes from samples in random order
 * @p_holm: over all cells that were tested
 * @change_pct: from the first third's median to the last third's; NaN when the first is 0
 */
struct drift {
	const struct record_cell *cell;
	const struct set_series *series;
	double rho;
	double p;
	double p_holm;
	double change_pct;
};

/**
 * struct drift_draws - coefficients of random orders
 * @samples: in each; 0 before the first are drawn
 * @rho: DRIFT_DRAWS of them, without sign, ascending; owned
 */
struct drift_draws {
	size_t samples;
	double *rho;
};

/* Returns 0 or -ENOMEM. */
int drift_draws_init(struct drift_draws *draws);
void drift_draws_cleanup(struct drift_draws *draws);

/* Of a coefficient of at least DRIFT_SAMPLES_MIN samples. */
double drift_p(struct drift_draws *draws, double rho, size_t samples);

/* Everything but @series and @p_holm. Returns 0 or -ENOMEM. */
int drift_test(struct drift *drift, const struct record_cell *cell, struct drift_draws *draws);

/*
 * Tests each cell of @set, boot by boot, that has enough samples. *@drifts is the caller's to free,
 * those that drift first, the largest change of them first; *@tested is how many there are and
 * *@found how many of them drift. Returns 0 or -ENOMEM.
 */
int drift_find(const struct set *set, struct drift **drifts, size_t *tested, size_t *found);

#endif
