// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/model/gate.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/model/differences.h"
#include "lib/glob.h"

const char *const gate_verdict_names[GATE_VERDICTS] = {
	[GATE_NOT_SLOWER] = "not slower",
	[GATE_SLOWER] = "slower",
	[GATE_UNTOLD] = "cannot tell",
};

/* Makes @point one that cannot be told, for a reason as by printf(), which is added to others. */
static void point_untell(struct gate *gate, struct gate_point *point, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static void point_untell(struct gate *gate, struct gate_point *point, const char *format, ...)
{
	char *before = point->why, *text;
	va_list args;

	point->verdict = GATE_UNTOLD;
	va_start(args, format);
	if (vasprintf(&text, format, args) < 0)
		text = NULL;
	va_end(args);
	if (before && text) {
		if (asprintf(&point->why, "%s; %s", before, text) < 0)
			point->why = NULL;
		free(text);
		free(before);
	} else {
		free(before);
		point->why = text;
	}
	gate->failed |= !point->why;
}

static struct gate_point *point_add(struct gate *gate, const struct set_series *a,
				    const struct set_series *b)
{
	struct gate_point *point = &gate->points[gate->count++];

	*point = (struct gate_point){ .a = a, .b = b, .change_pct = NAN, .p = NAN };
	return point;
}

/* ---- conditions ---- */

/* How the mitigations ("NAME: STATE; NAME: STATE") say that of @length bytes at @name; or NULL. */
static const char *mitigation_find(const char *mitigations, const char *name, size_t length)
{
	const char *at = mitigations;

	while (at && strncmp(at, name, length)) {
		at = strstr(at, "; ");
		at += at ? 2 : 0;
	}
	return at;
}

/*
 * Whether a mitigation that both kernels know is in another state; a newer kernel knows more. Where they
 * know none in common, they cannot be said to be the same.
 */
static bool mitigations_differ(const char *a, const char *b)
{
	bool common = !strcmp(a, b);
	const char *found;
	size_t length;

	while (a) {
		length = strcspn(a, ";");
		found = mitigation_find(b, a, strcspn(a, ":") + 1);
		common |= found != NULL;
		if (found && (strncmp(found, a, length) || (found[length] && found[length] != ';')))
			return true;
		a = strstr(a, "; ");
		a += a ? 2 : 0;
	}
	return !common;
}

/* Whether two values of a condition are of another machine, not of another kernel. */
static bool condition_counts(const char *path, const json_t *a, const json_t *b)
{
	if (!a || !b)
		return true;
	if (!strcmp(path, "machine.mitigations"))
		return mitigations_differ(json_string_value(a), json_string_value(b));
	return true;
}

static void condition_note(const char *path, const json_t *a, const json_t *b, void *data)
{
	struct gate *gate = data;
	struct gate_point *point = &gate->points[0];
	char *text;

	if (!condition_counts(path, a, b) || (point->why && strstr(point->why, path)))
		return;
	text = differences_text(a, b);
	point_untell(gate, point, "%s differs: %s", path, text ? text : "?");
	free(text);
}

static void conditions_ask(struct gate *gate)
{
	const struct set *sets[] = { gate->comparison.a, gate->comparison.b };
	const struct record *first = &sets[0]->records[0];
	size_t i, j;

	point_add(gate, NULL, NULL);
	for (i = 0; i < 2; i++)
		for (j = 0; j < sets[i]->records_count; j++)
			differences_each(first, &sets[i]->records[j], condition_note, gate);
}

/* ---- rows ---- */

static void row_ask_exact(struct gate *gate, struct gate_point *point)
{
	if (point->change_pct > gate->limit_pct)
		point->verdict = GATE_SLOWER;
}

size_t gate_boots_needed(size_t rows)
{
	size_t boots = 2;

	while (ranktest_smallest_p(boots, boots) * rows >= COMPARE_SIGNIFICANT)
		boots++;
	return boots;
}

/* Whether all boots of both sides have the row, and there are several. */
static bool row_is_replicated(struct gate *gate, struct gate_point *point)
{
	const struct comparison *comparison = &gate->comparison;
	size_t a = comparison->a->records_count, b = comparison->b->records_count;

	if (point->a->boots_count < a || point->b->boots_count < b)
		point_untell(gate, point, "it is in %zu of %zu boots of A, in %zu of %zu of B",
			     point->a->boots_count, a, point->b->boots_count, b);
	else if (a < 2 || b < 2)
		point_untell(gate, point, "one boot a side: what differs between boots is not known");
	return !point->why;
}

/* Tests B against A raised by the limit. Sets the point's p. Returns whether B lies above. */
static bool row_test(struct gate *gate, struct gate_point *point)
{
	size_t i, count = point->a->values_count;
	double *raised = calloc(count, sizeof(*raised));
	struct ranktest test = { .p = NAN };

	for (i = 0; raised && i < count; i++)
		raised[i] = point->a->values[i] * (1 + gate->limit_pct / 100);
	if (!raised || ranktest_run(raised, count, point->b->values, point->b->values_count, &test))
		gate->failed = true;
	free(raised);
	point->p = test.p;
	return test.superiority > 0.5;
}

/* Whoever lies above is suspected until Holm has spoken. */
static void row_ask_timed(struct gate *gate, struct gate_point *point)
{
	if (!row_is_replicated(gate, point))
		return;
	if (row_test(gate, point))
		point->verdict = GATE_SLOWER;
	else if (!(point->p < COMPARE_SIGNIFICANT))
		point_untell(gate, point, "p is %.3g, not below %.2f", point->p,
			     COMPARE_SIGNIFICANT);
}

static void row_ask(struct gate *gate, const struct compare_row *row)
{
	struct gate_point *point = point_add(gate, row->a, row->b);

	gate->rows++;
	point->change_pct = row->change_pct;
	if (isnan(row->change_pct))
		point_untell(gate, point, "it costs nothing in A");
	else if (gate->comparison.exact)
		row_ask_exact(gate, point);
	else if (row->a->summary.max > 0 || row->b->summary.max > 0)
		row_ask_timed(gate, point);
}

/* Clears those that were suspected, and that Holm's correction does not leave so. */
static void rows_correct(struct gate *gate)
{
	double *p = calloc(gate->count, sizeof(*p));
	struct gate_point *point;
	size_t i, tested = 0;

	for (i = 0; p && i < gate->count; i++)
		if (!isnan(gate->points[i].p))
			p[tested++] = gate->points[i].p;
	if (!p || ranktest_holm(p, tested)) {
		gate->failed = true;
		free(p);
		return;
	}
	for (i = 0, tested = 0; i < gate->count; i++) {
		point = &gate->points[i];
		if (isnan(point->p))
			continue;
		if (point->verdict == GATE_SLOWER && !(p[tested] < COMPARE_SIGNIFICANT))
			point_untell(gate, point, "p is %.3g, after Holm over %zu rows %.3g, not "
				     "below %.2f; %zu boots a side can show it", point->p,
				     gate->rows, p[tested], COMPARE_SIGNIFICANT,
				     gate_boots_needed(gate->rows));
		tested++;
	}
	free(p);
}

/* ---- rows that a side lacks ---- */

static bool series_in_rows(const struct comparison *comparison, const struct set_series *series)
{
	size_t i;

	for (i = 0; i < comparison->rows_count; i++)
		if (comparison->rows[i].a == series || comparison->rows[i].b == series)
			return true;
	return false;
}

static bool case_counts(const struct gate_options *options, const struct set_case *case_)
{
	return case_ && (!options->cases || glob_matches(options->cases, case_->name));
}

/* Whether the variant takes part on that side, 0 or 1. */
static bool variant_counts(const struct gate_options *options, const char *variant, int side)
{
	const struct compare_pair *pair = options->pairs;

	for (; pair < options->pairs + options->pairs_count; pair++)
		if (!strcmp(side ? pair->b : pair->a, variant))
			return true;
	return !options->pairs_count;
}

static void lacks_ask(struct gate *gate, const struct gate_options *options, int side)
{
	const struct set *set = side ? gate->comparison.b : gate->comparison.a;
	const struct set_series *series;
	struct gate_point *point;

	for (series = set->series; series < set->series + set->series_count; series++) {
		if (!case_counts(options, series->case_) ||
		    !variant_counts(options, series->key->variant, side) ||
		    series_in_rows(&gate->comparison, series))
			continue;
		point = point_add(gate, side ? NULL : series, side ? series : NULL);
		point_untell(gate, point, "it is only in %c", side ? 'B' : 'A');
	}
}

/* ---- the whole ---- */

static void gate_sum(struct gate *gate)
{
	struct gate_point *point;

	for (point = gate->points; point < gate->points + gate->count; point++) {
		gate->verdicts[point->verdict]++;
		if (point->verdict == GATE_SLOWER &&
		    (!gate->worst || point->change_pct > gate->worst->change_pct))
			gate->worst = point;
	}
	/* what other conditions have made slower, the kernel has not */
	if (gate->worst && gate->points[0].verdict == GATE_NOT_SLOWER)
		gate->verdict = GATE_SLOWER;
	else if (gate->verdicts[GATE_UNTOLD])
		gate->verdict = GATE_UNTOLD;
}

/* A pattern must be of some case; whether both sides have that is asked of the rows. */
static int cases_check(const struct set *a, const struct set *b, const char *patterns,
		       struct error *error)
{
	size_t i, count = a->cases_count, most = a->cases_count + b->cases_count;
	const char **names = calloc(most + 1, sizeof(*names));
	bool *chosen = calloc(most + 1, sizeof(*chosen));
	int err = -ENOMEM;

	for (i = 0; names && i < most; i++)
		if (i < a->cases_count)
			names[i] = a->cases[i].name;
		else if (!set_case_find(a, b->cases[i - a->cases_count].name))
			names[count++] = b->cases[i - a->cases_count].name;
	if (names && chosen)
		err = glob_choose("case", patterns, names, count, chosen, error);
	else
		error_set(error, OUTCOME_BROKEN, ENOMEM, "out of memory");
	free(chosen);
	free(names);
	return err;
}

static int gate_compare(struct gate *gate, const struct set *a, const struct set *b,
			const struct gate_options *options, struct error *error)
{
	const struct compare_options compare = {
		.pairs = options->pairs, .pairs_count = options->pairs_count, .threshold_pct = -1,
		.rows_only = true,
	};
	int err = comparison_init(&gate->comparison, a, b, &compare, error);

	if (err && error->outcome == OUTCOME_USE)
		error->outcome = OUTCOME_UNTOLD;
	return err;
}

int gate_init(struct gate *gate, const struct set *a, const struct set *b,
	      const struct gate_options *options, struct error *error)
{
	size_t i;
	int err;

	memset(gate, 0, sizeof(*gate));
	gate->limit_pct = options->limit_pct;
	err = options->cases ? cases_check(a, b, options->cases, error) : 0;
	if (!err)
		err = gate_compare(gate, a, b, options, error);
	if (err)
		return err;
	if (gate->comparison.exact)
		gate->limit_pct = fmax(gate->limit_pct, COMPARE_TOLERANCE_PCT);
	gate->points = calloc(1 + gate->comparison.rows_count + a->series_count + b->series_count,
			      sizeof(*gate->points));
	if (gate->points) {
		conditions_ask(gate);
		for (i = 0; i < gate->comparison.rows_count; i++)
			if (case_counts(options, gate->comparison.rows[i].a->case_))
				row_ask(gate, &gate->comparison.rows[i]);
		rows_correct(gate);
		lacks_ask(gate, options, 0);
		lacks_ask(gate, options, 1);
		if (!gate->rows)
			point_untell(gate, &gate->points[0], "there is no row that both have");
		gate_sum(gate);
	}
	if (gate->points && !gate->failed)
		return 0;
	gate_cleanup(gate);
	return error_set(error, OUTCOME_BROKEN, ENOMEM, "out of memory");
}

void gate_cleanup(struct gate *gate)
{
	while (gate->count)
		free(gate->points[--gate->count].why);
	free(gate->points);
	comparison_cleanup(&gate->comparison);
}
