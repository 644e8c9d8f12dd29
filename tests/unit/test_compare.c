// SPDX-License-Identifier: GPL-2.0-or-later
/* From two sides to verdicts. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <gsl/gsl_randist.h>

#include "analysis/model/compare.h"
#include "analysis/view/comparison.h"
#include "fixture.h"

#define CASE "bar/aligned/warm"
#define BOOTS_MAX 8

static const struct compare_options defaults = { .threshold_pct = -1, .seed = BOOTSTRAP_SEED };

/**
 * struct side - boots of one kernel, made up
 * @records: BOOTS_MAX at most
 * @count: how many
 * @set: the same
 */
struct side {
	struct record records[BOOTS_MAX];
	size_t count;
	struct set set;
};

static void side_finish(struct side *side)
{
	struct error error;

	assert_int_equal(set_init(&side->set, side->records, side->count, &error), 0);
}

static void side_cleanup(struct side *side)
{
	set_cleanup(&side->set);
	while (side->count--)
		record_cleanup(&side->records[side->count]);
}

/* Counted costs of 11 sizes; @cost of one page, times the pages. */
static void side_counted(struct side *side, const char *kernel, const char *variant, long cost)
{
	struct fixture fixture;
	uint64_t size_bytes;

	fixture_begin(&fixture, kernel, "icount", "insn");
	fixture_sample(&fixture, "null", "null", "none", 0, 30);
	for (size_bytes = 4096; size_bytes <= 4096UL << 10; size_bytes *= 2) {
		fixture_sample(&fixture, CASE, "map", variant, size_bytes,
			       cost * (long)(size_bytes / 4096));
		fixture_sample(&fixture, CASE, "unmap", variant, size_bytes, 100000);
	}
	fixture_end(&fixture);
	side->count = 1;
	fixture_read(&fixture, &side->records[0]);
	side_finish(side);
}

/* @boots boots of @samples timed samples around @cost_ns; 2 % noise, and 0.3 % between boots. */
static void side_timed(struct side *side, gsl_rng *rng, size_t boots, unsigned int samples,
		       double cost_ns)
{
	struct fixture fixture;
	unsigned int i;
	double offset;

	for (side->count = 0; side->count < boots; side->count++) {
		offset = cost_ns * (1 + gsl_ran_gaussian(rng, 0.003));
		fixture_begin(&fixture, "k", "metal", "ns");
		for (i = 0; i < samples; i++)
			fixture_sample(&fixture, CASE, "map", "stock", 4096,
				       lround(offset * (1 + gsl_ran_gaussian(rng, 0.02))));
		fixture_end(&fixture);
		fixture_read(&fixture, &side->records[side->count]);
	}
	side_finish(side);
}

static void same_counts_are_same(void **state)
{
	struct side a, b;
	struct comparison comparison;
	struct error error;
	size_t count;

	(void)state;
	side_counted(&a, "a", "stock", 100000);
	side_counted(&b, "b", "stock", 100000);
	assert_int_equal(comparison_init(&comparison, &a.set, &b.set, &defaults, &error), 0);
	assert_int_equal(comparison.rows_count, 22);
	assert_int_equal(comparison.verdicts[VERDICT_SAME], 22);
	assert_true(comparison_mean_pct(&comparison, NULL, &count) == 0);
	comparison_cleanup(&comparison);
	side_cleanup(&a);
	side_cleanup(&b);
}

static void shift_is_found_in_every_row(void **state)
{
	struct side a, b;
	struct comparison comparison;
	struct error error;
	size_t count;

	(void)state;
	side_counted(&a, "a", "stock", 100000);
	side_counted(&b, "b", "stock", 103000);
	assert_int_equal(comparison_init(&comparison, &a.set, &b.set, &defaults, &error), 0);
	assert_int_equal(comparison.verdicts[VERDICT_SLOWER], 11);
	assert_int_equal(comparison.verdicts[VERDICT_SAME], 11);
	assert_true(fabs(comparison_mean_pct(&comparison, "map", &count) - 3) < 1e-9);
	assert_int_equal(count, 11);
	assert_true(comparison_mean_pct(&comparison, "unmap", &count) == 0);
	assert_true(isnan(comparison_mean_pct(&comparison, "touch", &count)));
	comparison_cleanup(&comparison);
	side_cleanup(&a);
	side_cleanup(&b);
}

static void tolerance_is_the_limit(void **state)
{
	struct compare_options strict = defaults;
	struct side a, b;
	struct comparison comparison;
	struct error error;

	(void)state;
	strict.threshold_pct = 0.1;
	side_counted(&a, "a", "stock", 100000);
	side_counted(&b, "b", "stock", 99810);
	assert_int_equal(comparison_init(&comparison, &a.set, &b.set, &defaults, &error), 0);
	assert_int_equal(comparison.verdicts[VERDICT_SAME], 22);
	comparison_cleanup(&comparison);
	assert_int_equal(comparison_init(&comparison, &a.set, &b.set, &strict, &error), 0);
	assert_int_equal(comparison.verdicts[VERDICT_FASTER], 11);
	comparison_cleanup(&comparison);
	side_cleanup(&a);
	side_cleanup(&b);
}

static void pairs_set_variants_against_each_other(void **state)
{
	const struct compare_pair pair = { "stock", "vma_to_pfn" }, wrong = { "stock", "leaf" };
	struct compare_options options = defaults;
	struct side a, b;
	struct comparison comparison;
	struct error error;

	(void)state;
	side_counted(&a, "a", "stock", 100000);
	side_counted(&b, "b", "vma_to_pfn", 10000);
	assert_int_not_equal(comparison_init(&comparison, &a.set, &b.set, &options, &error), 0);
	assert_non_null(strstr(error.text, "have no case, variant and size in common"));
	assert_int_equal(error.outcome, OUTCOME_USE);

	options.pairs = &wrong;
	options.pairs_count = 1;
	assert_int_not_equal(comparison_init(&comparison, &a.set, &b.set, &options, &error), 0);
	assert_non_null(strstr(error.text, "pair 'stock=leaf': 'leaf' must be a variant in"));

	options.pairs = &pair;
	assert_int_equal(comparison_init(&comparison, &a.set, &b.set, &options, &error), 0);
	assert_int_equal(comparison.verdicts[VERDICT_FASTER], 11);
	comparison_cleanup(&comparison);
	side_cleanup(&a);
	side_cleanup(&b);
}

static void units_must_agree(void **state)
{
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_taus2);
	struct side a, b;
	struct comparison comparison;
	struct error error;

	(void)state;
	side_counted(&a, "a", "stock", 100000);
	side_timed(&b, rng, 1, 10, 1000);
	assert_int_not_equal(comparison_init(&comparison, &a.set, &b.set, &defaults, &error), 0);
	assert_int_equal(error.outcome, OUTCOME_USE);
	assert_non_null(strstr(error.text, "units must be the same"));
	side_cleanup(&a);
	side_cleanup(&b);
	gsl_rng_free(rng);
}

/* The verdict on one timed row whose cost moves by @factor. */
static enum verdict timed_verdict(unsigned long seed, size_t boots, unsigned int samples,
				  double factor)
{
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_taus2);
	struct side a, b;
	struct comparison comparison;
	struct error error;
	enum verdict verdict;

	gsl_rng_set(rng, seed);
	side_timed(&a, rng, boots, samples, 1000000);
	side_timed(&b, rng, boots, samples, 1000000 * factor);
	assert_int_equal(comparison_init(&comparison, &a.set, &b.set, &defaults, &error), 0);
	assert_int_equal(comparison.rows_count, 1);
	assert_true(comparison.limit_pct >= 0);
	verdict = comparison.rows[0].verdict;
	comparison_cleanup(&comparison);
	side_cleanup(&a);
	side_cleanup(&b);
	gsl_rng_free(rng);
	return verdict;
}

static void timed_shift_is_found(void **state)
{
	unsigned long seed;

	(void)state;
	for (seed = 1; seed <= 20; seed++) {
		assert_int_equal(timed_verdict(seed, 1, 200, 1.05), VERDICT_SLOWER);
		assert_int_equal(timed_verdict(seed, 1, 200, 0.95), VERDICT_FASTER);
		assert_int_equal(timed_verdict(seed, 8, 50, 1.05), VERDICT_SLOWER);
	}
}

/* Without a shift hardly ever a change: at most 5 % by the test alone, less by the A/A floor. */
static void timed_same_is_no_change(void **state)
{
	unsigned long seed;
	enum verdict verdict;
	size_t changes = 0;

	(void)state;
	for (seed = 1; seed <= 100; seed++) {
		verdict = timed_verdict(seed, 8, 20, 1);
		changes += verdict == VERDICT_SLOWER || verdict == VERDICT_FASTER;
	}
	assert_in_range(changes, 0, 6);
}

static void few_samples_are_unclear(void **state)
{
	(void)state;
	assert_int_equal(timed_verdict(1, 1, 3, 2), VERDICT_UNCLEAR);
	assert_int_equal(timed_verdict(1, 3, 100, 2), VERDICT_UNCLEAR);
}

static char *print(const struct comparison *comparison, enum compare_format format)
{
	struct compare_view view = { .format = format, .seed = 1 };
	size_t length;
	char *text;

	view.out = open_memstream(&text, &length);
	assert_int_equal(compare_print(&view, comparison, 1), 0);
	fclose(view.out);
	return text;
}

static void text_has(const char *text, const char *part)
{
	if (!strstr(text, part))
		fail_msg("'%s' is not in:\n%s", part, text);
}

static void every_format_is_printed(void **state)
{
	struct side a, b;
	struct comparison comparison;
	struct error error;
	char *text;
	json_t *json;

	(void)state;
	side_counted(&a, "old", "stock", 100000);
	side_counted(&b, "new", "stock", 103000);
	assert_int_equal(comparison_init(&comparison, &a.set, &b.set, &defaults, &error), 0);

	text = print(&comparison, COMPARE_TEXT);
	text_has(text, "old: Linux 6.12.0; 1 boot, from");
	text_has(text, CASE ", map, stock\n  4K        100,000      103,000  +3.00 %   slower\n");
	text_has(text, "22 rows: 11 same, 11 slower, 0 faster, 0 unclear\n");
	text_has(text, "map +3.00 %; unmap 0.00 %\n");
	free(text);

	text = print(&comparison, COMPARE_MARKDOWN);
	text_has(text, "## barmap compare\n");
	text_has(text, "|   4K | 100,000 | 103,000 | +3.00 % | slower |\n");
	free(text);

	text = print(&comparison, COMPARE_CSV);
	text_has(text, "kernel_a,kernel_b,case,op,variant_a,variant_b,size_bytes,unit,cost_a,");
	text_has(text, "\"old\",\"new\"," CASE
		 ",map,stock,stock,4096,insn,100000,103000,3,,,,,slower\n");
	free(text);

	text = print(&comparison, COMPARE_JSON);
	json = json_loads(text, 0, NULL);
	assert_int_equal(json_array_size(json), 1);
	assert_int_equal(json_array_size(json_object_get(json_array_get(json, 0), "rows")), 22);
	json_decref(json);
	free(text);

	comparison_cleanup(&comparison);
	side_cleanup(&a);
	side_cleanup(&b);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(same_counts_are_same),
		cmocka_unit_test(shift_is_found_in_every_row),
		cmocka_unit_test(tolerance_is_the_limit),
		cmocka_unit_test(pairs_set_variants_against_each_other),
		cmocka_unit_test(units_must_agree),
		cmocka_unit_test(timed_shift_is_found),
		cmocka_unit_test(timed_same_is_no_change),
		cmocka_unit_test(few_samples_are_unclear),
		cmocka_unit_test(every_format_is_printed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
