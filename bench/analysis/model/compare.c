// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/model/compare.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>

/* Rows that differ by no more than the floor, between two halves of one side. */
#define FLOOR_QUANTILE 0.95

const char *const verdict_names[VERDICTS] = {
	[VERDICT_SAME] = "same",
	[VERDICT_SLOWER] = "slower",
	[VERDICT_FASTER] = "faster",
	[VERDICT_UNCLEAR] = "unclear",
};

static int row_add(struct comparison *comparison, const struct set_series *a,
		   const struct set_series *b, struct error *error)
{
	struct compare_row *row = &comparison->rows[comparison->rows_count++];

	if (!record_conditions_equal(a->key, b->key))
		return error_set(error, OUTCOME_USE, EINVAL,
				 "compare: case '%s' was measured under other conditions in '%s' "
				 "than in '%s'", a->key->case_name, comparison->a->records[0].path,
				 comparison->b->records[0].path);
	row->a = a;
	row->b = b;
	return 0;
}

/* Adds the rows of one subject of A and one of B in one case. */
static int rows_add_case(struct comparison *comparison, const struct set_case *a_case,
			 size_t a_subject, size_t b_subject, struct error *error)
{
	const struct set_case *b_case = set_case_find(comparison->b, a_case->name);
	const struct set_series *a, *b;
	size_t op, size, before;
	int err = 0;

	for (op = 0; b_case && op < a_case->ops_count; op++) {
		before = comparison->rows_count;
		for (size = 0; size < a_case->sizes_count && !err; size++) {
			a = set_find(comparison->a, a_subject, a_case, a_case->ops[op],
				     a_case->sizes_bytes[size]);
			b = set_find(comparison->b, b_subject, b_case, a_case->ops[op],
				     a_case->sizes_bytes[size]);
			err = a && b ? row_add(comparison, a, b, error) : 0;
		}
		if (comparison->rows_count > before)
			comparison->rows[comparison->rows_count - 1].largest = true;
	}
	return err;
}

static int rows_add_subjects(struct comparison *comparison, size_t a_subject, size_t b_subject,
			     struct error *error)
{
	size_t i;
	int err = 0;

	for (i = 0; i < comparison->a->cases_count && !err; i++)
		err = rows_add_case(comparison, &comparison->a->cases[i], a_subject, b_subject, error);
	return err;
}

static size_t measured_count(const struct set *set)
{
	size_t i, count = 0;

	for (i = 0; i < set->series_count; i++)
		count += set->series[i].case_ != NULL;
	return count;
}

/* The subjects of one pair; either is -1 when its set lacks the variant. */
static void pair_subjects(const struct comparison *comparison,
			  const struct compare_options *options, size_t pair, long *a, long *b)
{
	const char *variant;

	if (options->pairs_count) {
		*a = set_subject_find(comparison->a, 0, options->pairs[pair].a);
		*b = set_subject_find(comparison->b, 0, options->pairs[pair].b);
		return;
	}
	variant = comparison->a->subjects[pair].variant;
	*a = pair;
	*b = set_subject_find(comparison->b, 0, variant);
}

static int rows_collect(struct comparison *comparison, const struct compare_options *options,
			struct error *error)
{
	size_t pairs = options->pairs_count ? options->pairs_count : comparison->a->subjects_count;
	size_t i;
	long a, b;
	int err;

	comparison->rows = calloc((options->pairs_count ? pairs : 1) *
				  comparison->a->series_count, sizeof(*comparison->rows));
	if (!comparison->rows)
		return error_set(error, OUTCOME_BROKEN, ENOMEM, "out of memory");
	for (i = 0; i < pairs; i++) {
		pair_subjects(comparison, options, i, &a, &b);
		if (options->pairs_count && (a < 0 || b < 0))
			return error_set(error, OUTCOME_USE, EINVAL,
					 "pair '%s=%s': '%s' must be a variant in '%s'",
					 options->pairs[i].a, options->pairs[i].b,
					 a < 0 ? options->pairs[i].a : options->pairs[i].b,
					 (a < 0 ? comparison->a : comparison->b)->records[0].path);
		err = a < 0 || b < 0 ? 0 : rows_add_subjects(comparison, a, b, error);
		if (err)
			return err;
	}
	if (!comparison->rows_count)
		return error_set(error, OUTCOME_USE, EINVAL,
				 "compare: '%s' and '%s' have no case, variant and size in common; "
				 "--pair can set one variant against another",
				 comparison->a->records[0].path, comparison->b->records[0].path);
	if (!options->pairs_count) {
		comparison->only_a = measured_count(comparison->a) - comparison->rows_count;
		comparison->only_b = measured_count(comparison->b) - comparison->rows_count;
	}
	return 0;
}

static double change_pct(double value, double base)
{
	if (base > 0)
		return stats_change_pct(value, base);
	return value > 0 ? NAN : 0;
}

/* Median of every second boot, or of every second sample where there is one boot. */
static double half_median(const struct set_series *series, size_t parity, double *work)
{
	size_t boot, i, count = 0;

	for (boot = 0; boot < series->boots_count; boot++)
		for (i = 0; i < series->boots[boot]->samples; i++)
			if ((series->boots_count > 1 ? boot : i) % 2 == parity)
				work[count++] = series->boots[boot]->cost[i];
	if (!count)
		return NAN;
	gsl_sort(work, 1, count);
	return gsl_stats_median_from_sorted_data(work, 1, count);
}

static double series_floor_pct(const struct set_series *series, double *work)
{
	double even = half_median(series, 0, work);

	return fabs(change_pct(half_median(series, 1, work), even));
}

static int comparison_find_floor(struct comparison *comparison)
{
	size_t room = comparison->a->samples > comparison->b->samples ? comparison->a->samples :
									comparison->b->samples;
	double *work = calloc(room, sizeof(*work));
	double *floors = calloc(2 * comparison->rows_count, sizeof(*floors));
	size_t i, count = 0;
	double floor_pct;

	for (i = 0; work && floors && i < 2 * comparison->rows_count; i++) {
		floor_pct = series_floor_pct(i % 2 ? comparison->rows[i / 2].b :
					     comparison->rows[i / 2].a, work);
		if (!isnan(floor_pct))
			floors[count++] = floor_pct;
	}
	if (count) {
		gsl_sort(floors, 1, count);
		comparison->floor_pct = gsl_stats_quantile_from_sorted_data(floors, 1, count,
									    FLOOR_QUANTILE);
	}
	free(floors);
	free(work);
	return work && floors ? 0 : -ENOMEM;
}

static int rows_test(struct comparison *comparison, struct bootstrap *bootstrap)
{
	struct compare_row *row;
	size_t i;

	for (i = 0; i < comparison->rows_count; i++) {
		row = &comparison->rows[i];
		row->interval_pct = bootstrap_change_pct(bootstrap, row->a->values,
							 row->a->values_count, row->b->values,
							 row->b->values_count);
		if (ranktest_run(row->a->values, row->a->values_count, row->b->values,
				 row->b->values_count, &row->test))
			return -ENOMEM;
		if (ranktest_smallest_p(row->a->values_count, row->b->values_count) *
		    comparison->rows_count >= COMPARE_SIGNIFICANT)
			comparison->powerless++;
	}
	return 0;
}

static int rows_adjust(struct comparison *comparison)
{
	double *p = calloc(comparison->rows_count, sizeof(*p));
	size_t i;
	int err;

	if (!p)
		return -ENOMEM;
	for (i = 0; i < comparison->rows_count; i++)
		p[i] = comparison->rows[i].test.p;
	err = ranktest_holm(p, comparison->rows_count);
	for (i = 0; i < comparison->rows_count; i++)
		comparison->rows[i].p_holm = p[i];
	free(p);
	return err;
}

static int comparison_test(struct comparison *comparison, unsigned long seed)
{
	struct bootstrap bootstrap;
	int err;

	err = bootstrap_init(&bootstrap, seed);
	if (err)
		return err;
	err = rows_test(comparison, &bootstrap);
	bootstrap_cleanup(&bootstrap);
	if (!err)
		err = rows_adjust(comparison);
	return err ? err : comparison_find_floor(comparison);
}

static enum verdict verdict_exact(const struct comparison *comparison,
				  const struct compare_row *row)
{
	if (isnan(row->change_pct))
		return VERDICT_UNCLEAR;
	if (fabs(row->change_pct) <= comparison->limit_pct)
		return VERDICT_SAME;
	return row->change_pct > 0 ? VERDICT_SLOWER : VERDICT_FASTER;
}

static enum verdict verdict_timed(const struct comparison *comparison,
				  const struct compare_row *row)
{
	const struct interval *interval = &row->interval_pct;
	double limit_pct = comparison->limit_pct;

	if (row->p_holm < COMPARE_SIGNIFICANT && fabs(row->change_pct) > limit_pct) {
		/* a few boots have a p, but are too few for an interval */
		if (interval_known(interval) ? interval->low > 0 : row->change_pct > 0)
			return VERDICT_SLOWER;
		if (interval_known(interval) ? interval->high < 0 : row->change_pct < 0)
			return VERDICT_FASTER;
	}
	if (!interval_known(interval))
		return VERDICT_UNCLEAR;
	if (interval->low >= -limit_pct && interval->high <= limit_pct)
		return VERDICT_SAME;
	return VERDICT_UNCLEAR;
}

static void comparison_judge(struct comparison *comparison, double threshold_pct)
{
	struct compare_row *row;
	size_t i;

	comparison->limit_pct = threshold_pct;
	if (threshold_pct < 0)
		comparison->limit_pct = comparison->exact ? COMPARE_TOLERANCE_PCT : 0;
	if (comparison->floor_pct > comparison->limit_pct)
		comparison->limit_pct = comparison->floor_pct;
	for (i = 0; i < comparison->rows_count; i++) {
		row = &comparison->rows[i];
		row->verdict = comparison->exact ? verdict_exact(comparison, row) :
						   verdict_timed(comparison, row);
		comparison->verdicts[row->verdict]++;
	}
}

static int comparison_check_sets(const struct set *a, const struct set *b, struct error *error)
{
	const struct set *sets[] = { a, b };
	size_t i;

	if (strcmp(a->unit, b->unit))
		return error_set(error, OUTCOME_USE, EINVAL,
				 "compare: unit of '%s' is %s, of '%s' %s: units must be the same",
				 a->records[0].path, a->unit, b->records[0].path, b->unit);
	for (i = 0; i < 2; i++)
		if (sets[i]->kernels_count > 1)
			return error_set(error, OUTCOME_USE, EINVAL,
					 "compare: '%s' and the files with it are of %zu kernels: "
					 "a side must be boots of one", sets[i]->records[0].path,
					 sets[i]->kernels_count);
	return 0;
}

int comparison_init(struct comparison *comparison, const struct set *a, const struct set *b,
		    const struct compare_options *options, struct error *error)
{
	size_t i;
	int err;

	memset(comparison, 0, sizeof(*comparison));
	comparison->a = a;
	comparison->b = b;
	comparison->exact = a->exact;
	comparison->floor_pct = NAN;
	err = comparison_check_sets(a, b, error);
	if (!err)
		err = rows_collect(comparison, options, error);
	if (err) {
		comparison_cleanup(comparison);
		return err;
	}
	for (i = 0; i < comparison->rows_count; i++)
		comparison->rows[i].change_pct =
			change_pct(comparison->rows[i].b->summary.median,
				   comparison->rows[i].a->summary.median);
	if (options->rows_only)
		return 0;
	if (!comparison->exact && comparison_test(comparison, options->seed)) {
		comparison_cleanup(comparison);
		return error_set(error, OUTCOME_BROKEN, ENOMEM, "out of memory");
	}
	comparison_judge(comparison, options->threshold_pct);
	return 0;
}

void comparison_cleanup(struct comparison *comparison)
{
	free(comparison->rows);
	comparison->rows = NULL;
}

double comparison_mean_pct(const struct comparison *comparison, const char *op, size_t *count)
{
	const struct compare_row *row;
	double logs = 0;
	size_t i;

	*count = 0;
	for (i = 0; i < comparison->rows_count; i++) {
		row = &comparison->rows[i];
		if ((op && strcmp(op, row->a->key->op)) || !(row->a->summary.median > 0) ||
		    !(row->b->summary.median > 0))
			continue;
		logs += log(row->b->summary.median / row->a->summary.median);
		++*count;
	}
	return *count ? 100 * expm1(logs / *count) : NAN;
}
