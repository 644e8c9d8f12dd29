// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/stats/ranktest.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sf_gamma.h>
#include <gsl/gsl_sort.h>

/**
 * struct ranking - both sets together, in order
 * @doubled: twice the rank of each value, ties sharing the mean rank; so it is a whole number
 * @order: which value it is; those of A come first, then those of B
 * @count: values in both
 * @ties: sum of t^3 - t over groups of t equal values
 */
struct ranking {
	size_t *doubled;
	size_t *order;
	size_t count;
	double ties;
};

static void ranking_cleanup(struct ranking *ranking)
{
	free(ranking->doubled);
	free(ranking->order);
}

/* Equal values in places @from … @to - 1 (from 0) all get the mean of the ranks from + 1 … to. */
static void ranking_share(struct ranking *ranking, size_t from, size_t to)
{
	double equal = to - from;
	size_t i;

	for (i = from; i < to; i++)
		ranking->doubled[i] = from + 1 + to;
	ranking->ties += equal * equal * equal - equal;
}

static int ranking_init(struct ranking *ranking, const double *a, size_t a_count, const double *b,
			size_t b_count)
{
	double *values;
	size_t from, to;

	ranking->count = a_count + b_count;
	ranking->ties = 0;
	ranking->doubled = calloc(ranking->count, sizeof(*ranking->doubled));
	ranking->order = calloc(ranking->count, sizeof(*ranking->order));
	values = calloc(ranking->count, sizeof(*values));
	if (!ranking->doubled || !ranking->order || !values) {
		free(values);
		ranking_cleanup(ranking);
		return -ENOMEM;
	}

	memcpy(values, a, a_count * sizeof(*values));
	memcpy(values + a_count, b, b_count * sizeof(*values));
	gsl_sort_index(ranking->order, values, 1, ranking->count);
	for (from = 0; from < ranking->count; from = to) {
		for (to = from + 1; to < ranking->count; to++)
			if (values[ranking->order[to]] > values[ranking->order[from]])
				break;
		ranking_share(ranking, from, to);
	}
	free(values);
	return 0;
}

/* Twice the sum of the ranks of B. */
static size_t ranking_sum_b(const struct ranking *ranking, size_t a_count)
{
	size_t i, sum = 0;

	for (i = 0; i < ranking->count; i++)
		if (ranking->order[i] >= a_count)
			sum += ranking->doubled[i];
	return sum;
}

/*
 * Counts the ways to choose @chosen of the values by their doubled rank sum: row k of @ways holds,
 * at each sum, in how many ways k of the values seen so far reach it.
 */
static void count_ways(const struct ranking *ranking, size_t chosen, double *ways, size_t sums)
{
	size_t i, k, sum, doubled;

	ways[0] = 1;
	for (i = 0; i < ranking->count; i++) {
		doubled = ranking->doubled[i];
		for (k = i + 1 < chosen ? i + 1 : chosen; k > 0; k--)
			for (sum = doubled; sum < sums; sum++)
				ways[k * sums + sum] += ways[(k - 1) * sums + sum - doubled];
	}
}

/* Share of all choices whose doubled rank sum is at least as far from the middle as @observed. */
static int exact_p(const struct ranking *ranking, size_t chosen, size_t observed, double *p)
{
	size_t sums = ranking->count * (ranking->count + 1) + 1;
	double middle = (double)chosen * (ranking->count + 1);
	double distance = fabs(observed - middle);
	double far = 0, all = 0;
	double *ways;
	size_t sum;

	ways = calloc((chosen + 1) * sums, sizeof(*ways));
	if (!ways)
		return -ENOMEM;
	count_ways(ranking, chosen, ways, sums);
	for (sum = 0; sum < sums; sum++) {
		all += ways[chosen * sums + sum];
		if (fabs(sum - middle) >= distance)
			far += ways[chosen * sums + sum];
	}
	free(ways);
	*p = far / all;
	return 0;
}

static double normal_p(const struct ranking *ranking, double a_count, double b_count, double u)
{
	double n = ranking->count;
	double variance = a_count * b_count / 12 * (n + 1 - ranking->ties / (n * (n - 1)));
	double distance = fabs(u - a_count * b_count / 2) - 0.5;

	if (!(variance > 0) || distance <= 0)
		return 1;
	return 2 * gsl_cdf_ugaussian_Q(distance / sqrt(variance));
}

int ranktest_run(const double *a, size_t a_count, const double *b, size_t b_count,
		 struct ranktest *result)
{
	struct ranking ranking;
	size_t sum_b;
	int err;

	err = ranking_init(&ranking, a, a_count, b, b_count);
	if (err)
		return err;
	sum_b = ranking_sum_b(&ranking, a_count);
	result->u = sum_b / 2.0 - b_count * (b_count + 1) / 2.0;
	result->superiority = result->u / a_count / b_count;
	if (ranking.count <= RANKTEST_EXACT_MAX)
		err = exact_p(&ranking, b_count, sum_b, &result->p);
	else
		result->p = normal_p(&ranking, a_count, b_count, result->u);
	ranking_cleanup(&ranking);
	return err;
}

double ranktest_smallest_p(size_t a_count, size_t b_count)
{
	return fmin(1, 2 * exp(-gsl_sf_lnchoose(a_count + b_count, a_count)));
}

int ranktest_holm(double *p, size_t count)
{
	double adjusted, highest = 0;
	size_t *order;
	size_t i;

	if (!count)
		return 0;
	order = calloc(count, sizeof(*order));
	if (!order)
		return -ENOMEM;
	gsl_sort_index(order, p, 1, count);
	for (i = 0; i < count; i++) {
		adjusted = fmin(1, p[order[i]] * (count - i));
		highest = fmax(highest, adjusted);
		p[order[i]] = highest;
	}
	free(order);
	return 0;
}
