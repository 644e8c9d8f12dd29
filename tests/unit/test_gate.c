// SPDX-License-Identifier: GPL-2.0-or-later
/* When a gate says slower, when not slower, and when that it cannot tell. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <gsl/gsl_randist.h>

#include "analysis/view/gate.h"
#include "fixture.h"

#define CASE "bar/aligned/warm"
#define BOOTS_MAX 8
#define LIMIT_PCT 5

static const struct gate_options defaults = { .limit_pct = LIMIT_PCT };

/* Boots of one kernel, made up; what they are called does not matter. */
struct side {
	struct record records[BOOTS_MAX];
	size_t count;
	struct set set;
};

static void side_begin(struct side *side)
{
	memset(side, 0, sizeof(*side));
}

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

/* Adds a boot with @rows rows; each costs about @cost, 1 % more or less from boot to boot. */
static void boot_add(struct side *side, gsl_rng *rng, const char *mode, size_t rows, double cost)
{
	const char *unit = strcmp(mode, "icount") ? "ns" : "insn";
	double boot = strcmp(mode, "icount") ? cost * (1 + gsl_ran_flat(rng, -0.01, 0.01)) : cost;
	struct fixture fixture;
	size_t row, sample;

	fixture_begin(&fixture, "k", mode, unit);
	for (row = 0; row < rows; row++)
		for (sample = 0; sample < 5; sample++)
			fixture_sample(&fixture, CASE, "map", "stock", 4096UL << row,
				       lround(boot + sample));
	fixture_end(&fixture);
	fixture_read(&fixture, &side->records[side->count++]);
}

static void side_make(struct side *side, gsl_rng *rng, const char *mode, size_t boots, size_t rows,
		      double cost)
{
	side_begin(side);
	while (side->count < boots)
		boot_add(side, rng, mode, rows, cost);
	side_finish(side);
}

/* The answer of the whole; @why is of one row, NULL: not asked. */
static enum gate_verdict sides_ask(struct side *a, struct side *b, const char *why)
{
	enum gate_verdict verdict;
	struct error error;
	struct gate gate;
	size_t i;

	assert_int_equal(gate_init(&gate, &a->set, &b->set, &defaults, &error), 0);
	for (i = 0; why && i < gate.count; i++)
		if (gate.points[i].why && strstr(gate.points[i].why, why))
			break;
	if (why && i == gate.count)
		fail_msg("no point says '%s'", why);
	verdict = gate.verdict;
	gate_cleanup(&gate);
	return verdict;
}

static enum gate_verdict ask(const char *mode, size_t boots, size_t rows, double factor,
			     const char *why)
{
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_taus2);
	enum gate_verdict verdict;
	struct side a, b;

	side_make(&a, rng, mode, boots, rows, 100000);
	side_make(&b, rng, mode, boots, rows, 100000 * factor);
	verdict = sides_ask(&a, &b, why);
	side_cleanup(&a);
	side_cleanup(&b);
	gsl_rng_free(rng);
	return verdict;
}

static void three_times_slower_takes_boots(void **state)
{
	const char *const modes[] = { "metal", "kvm", "tcg" };
	size_t i;

	(void)state;
	for (i = 0; i < 3; i++) {
		assert_int_equal(ask(modes[i], 1, 1, 3, "one boot a side"), GATE_UNTOLD);
		assert_int_equal(ask(modes[i], 2, 1, 3, "4 boots a side"), GATE_UNTOLD);
		assert_int_equal(ask(modes[i], 3, 1, 3, "4 boots a side"), GATE_UNTOLD);
		assert_int_equal(ask(modes[i], 8, 1, 3, NULL), GATE_SLOWER);
		assert_int_equal(ask(modes[i], 8, 20, 3, NULL), GATE_SLOWER);
	}
}

/* The smallest p of 4 boots a side is 2/70, enough for one row; of 5 it is 2/252, for six. */
static void few_boots_do_for_few_rows(void **state)
{
	(void)state;
	assert_int_equal(ask("metal", 4, 1, 3, NULL), GATE_SLOWER);
	assert_int_equal(ask("metal", 4, 2, 3, "after Holm over 2 rows 0.0571"), GATE_UNTOLD);
	assert_int_equal(ask("metal", 5, 6, 3, NULL), GATE_SLOWER);
	assert_int_equal(ask("metal", 5, 7, 3, "6 boots a side can show it"), GATE_UNTOLD);
	assert_int_equal(gate_boots_needed(1), 4);
	assert_int_equal(gate_boots_needed(6), 5);
	assert_int_equal(gate_boots_needed(7), 6);
}

static void same_kernel_passes(void **state)
{
	(void)state;
	assert_int_equal(ask("metal", 8, 1, 1, NULL), GATE_NOT_SLOWER);
	assert_int_equal(ask("metal", 8, 20, 1, NULL), GATE_NOT_SLOWER);
	assert_int_equal(ask("metal", 8, 20, 0.3, NULL), GATE_NOT_SLOWER);
	assert_int_equal(ask("metal", 3, 1, 1, "not below 0.05"), GATE_UNTOLD);
	assert_int_equal(ask("metal", 1, 1, 1, "one boot a side"), GATE_UNTOLD);
}

/* As many lie above the limit as below: neither answer holds. */
static void the_limit_itself_is_not_told(void **state)
{
	(void)state;
	assert_int_equal(ask("metal", 8, 1, 1.05, "not below 0.05"), GATE_UNTOLD);
	assert_int_equal(ask("metal", 8, 1, 1.08, NULL), GATE_SLOWER);
	assert_int_equal(ask("metal", 8, 1, 1.02, NULL), GATE_NOT_SLOWER);
}

static void counted_costs_need_one_boot(void **state)
{
	(void)state;
	assert_int_equal(ask("icount", 1, 1, 3, NULL), GATE_SLOWER);
	assert_int_equal(ask("icount", 1, 1, 1, NULL), GATE_NOT_SLOWER);
	assert_int_equal(ask("icount", 1, 1, 1.0501, NULL), GATE_SLOWER);
	assert_int_equal(ask("icount", 1, 1, 1.0499, NULL), GATE_NOT_SLOWER);
	assert_int_equal(ask("icount", 2, 3, 3, NULL), GATE_SLOWER);
}

static void nothing_and_something_is_not_told(void **state)
{
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_taus2);
	struct side a, b;

	(void)state;
	/* of the samples 0 to 4 only the first */
	side_begin(&a);
	boot_add(&a, rng, "icount", 1, 0);
	a.records[0].cells.list[0]->samples = 1;
	side_finish(&a);
	side_make(&b, rng, "icount", 1, 1, 100);
	assert_int_equal(sides_ask(&a, &b, "costs nothing in A"), GATE_UNTOLD);
	assert_int_equal(sides_ask(&a, &a, NULL), GATE_NOT_SLOWER);
	side_cleanup(&a);
	side_cleanup(&b);
	gsl_rng_free(rng);
}

static void missing_rows_are_not_told(void **state)
{
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_taus2);
	struct side two, three, slow;

	(void)state;
	side_make(&two, rng, "icount", 1, 2, 1000);
	side_make(&three, rng, "icount", 1, 3, 1000);
	side_make(&slow, rng, "icount", 1, 2, 3000);
	assert_int_equal(sides_ask(&three, &two, "only in A"), GATE_UNTOLD);
	assert_int_equal(sides_ask(&two, &three, "only in B"), GATE_UNTOLD);
	/* a row that is slower is, whatever others are */
	assert_int_equal(sides_ask(&three, &slow, "only in A"), GATE_SLOWER);
	side_cleanup(&slow);
	side_cleanup(&three);
	side_cleanup(&two);
	gsl_rng_free(rng);
}

static void a_boot_without_the_row_is_not_told(void **state)
{
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_taus2);
	struct side a, b;

	(void)state;
	side_make(&a, rng, "metal", 8, 2, 1000);
	side_begin(&b);
	while (b.count < 8)
		boot_add(&b, rng, "metal", b.count < 7 ? 2 : 1, 1000);
	side_finish(&b);
	assert_int_equal(sides_ask(&a, &b, "in 8 of 8 boots of A, in 7 of 8 of B"), GATE_UNTOLD);
	side_cleanup(&a);
	side_cleanup(&b);
	gsl_rng_free(rng);
}

/* Sets the string at @object.@key of a record's env line. */
static void env_set(struct side *side, const char *object, const char *key, json_t *value)
{
	assert_int_equal(json_object_set_new(json_object_get(side->records[0].json, object), key,
					     value), 0);
}

/* The answer about two equal sides, one three times slower, after B's condition was set. */
static enum gate_verdict condition_ask(const char *object, const char *key, json_t *of_a,
				       json_t *of_b, const char *why)
{
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_taus2);
	enum gate_verdict verdict;
	struct side a, b;

	side_make(&a, rng, "icount", 1, 1, 1000);
	side_make(&b, rng, "icount", 1, 1, 3000);
	env_set(&a, object, key, of_a);
	env_set(&b, object, key, of_b);
	verdict = sides_ask(&a, &b, why);
	side_cleanup(&a);
	side_cleanup(&b);
	gsl_rng_free(rng);
	return verdict;
}

static void other_conditions_are_not_told(void **state)
{
	(void)state;
	assert_int_equal(condition_ask("iommu", "model", json_string("intel"), json_string("amd"),
				       "iommu.model differs: \"intel\" | \"amd\""), GATE_UNTOLD);
	assert_int_equal(condition_ask("machine", "governor", json_string("none"),
				       json_string("powersave"), "machine.governor"), GATE_UNTOLD);
	assert_int_equal(condition_ask("machine", "memory_bytes", json_integer(100000),
				       json_integer(200000), "machine.memory_bytes"), GATE_UNTOLD);
	assert_int_equal(condition_ask("machine", "mitigations", json_string("mds: Not; l1tf: Off"),
				       json_string("mds: Not; l1tf: On"), "machine.mitigations"),
			 GATE_UNTOLD);
	assert_int_equal(condition_ask("machine", "mitigations", json_string(""),
				       json_string("mds: Not; l1tf: On"), "machine.mitigations"),
			 GATE_UNTOLD);
}

/* What another kernel brings with it is no other machine. */
static void another_kernel_is_told(void **state)
{
	(void)state;
	assert_int_equal(condition_ask("machine", "memory_bytes", json_integer(100000),
				       json_integer(99500), NULL), GATE_SLOWER);
	assert_int_equal(condition_ask("machine", "mitigations", json_string("mds: Not; l1tf: Off"),
				       json_string("a: New; mds: Not; l1tf: Off"), NULL),
			 GATE_SLOWER);
}

static void machines_are_not_pooled(void **state)
{
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_taus2);
	const char *const keys[][2] = { { "machine", "cpu" }, { "iommu", "model" } };
	struct error error;
	struct side side;
	size_t i;

	(void)state;
	for (i = 0; i < 2; i++) {
		side_begin(&side);
		boot_add(&side, rng, "metal", 1, 1000);
		boot_add(&side, rng, "metal", 1, 1000);
		env_set(&side, keys[i][0], keys[i][1], json_string("another"));
		assert_int_not_equal(set_init(&side.set, side.records, side.count, &error), 0);
		assert_non_null(strstr(error.text, "one report is of one machine"));
		record_cleanup(&side.records[0]);
		record_cleanup(&side.records[1]);
	}
	side_begin(&side);
	boot_add(&side, rng, "metal", 1, 1000);
	boot_add(&side, rng, "tcg", 1, 1000);
	assert_int_not_equal(set_init(&side.set, side.records, side.count, &error), 0);
	record_cleanup(&side.records[0]);
	record_cleanup(&side.records[1]);
	gsl_rng_free(rng);
}

static void units_cannot_be_compared(void **state)
{
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_taus2);
	struct side a, b;
	struct error error;
	struct gate gate;

	(void)state;
	side_make(&a, rng, "icount", 1, 1, 1000);
	side_make(&b, rng, "metal", 1, 1, 1000);
	assert_int_not_equal(gate_init(&gate, &a.set, &b.set, &defaults, &error), 0);
	assert_int_equal(error.outcome, OUTCOME_UNTOLD);
	side_cleanup(&a);
	side_cleanup(&b);
	gsl_rng_free(rng);
}

static void only_the_cases_asked_for_count(void **state)
{
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_taus2);
	struct gate_options options = defaults;
	struct side a, b;
	struct error error;
	struct gate gate;

	(void)state;
	side_make(&a, rng, "icount", 1, 2, 1000);
	side_make(&b, rng, "icount", 1, 2, 1000);
	options.cases = "bar/*";
	assert_int_equal(gate_init(&gate, &a.set, &b.set, &options, &error), 0);
	assert_int_equal(gate.rows, 2);
	gate_cleanup(&gate);
	options.cases = "chunk/*";
	assert_int_not_equal(gate_init(&gate, &a.set, &b.set, &options, &error), 0);
	assert_int_equal(error.outcome, OUTCOME_USE);
	side_cleanup(&a);
	side_cleanup(&b);
	gsl_rng_free(rng);
}

static void text_has(const struct gate *gate, enum gate_format format, const char *part)
{
	size_t length;
	char *text;
	FILE *out = open_memstream(&text, &length);

	assert_int_equal(gate_print(gate, format, out), 0);
	fclose(out);
	if (!strstr(text, part))
		fail_msg("'%s' is not in:\n%s", part, text);
	free(text);
}

static void every_format_is_printed(void **state)
{
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_taus2);
	struct side a, b;
	struct error error;
	struct gate gate;

	(void)state;
	side_make(&a, rng, "icount", 1, 2, 1000);
	side_make(&b, rng, "icount", 1, 1, 3000);
	assert_int_equal(gate_init(&gate, &a.set, &b.set, &defaults, &error), 0);
	text_has(&gate, GATE_TEXT, "cannot tell: " CASE " map stock 8K: it is only in A\n");
	text_has(&gate, GATE_TEXT, "gate: slower by more than 5 %: 1 of 2 rows, 1 and 1 boot; "
				   "worst: " CASE " map stock 4K +199.60 %\n");
	text_has(&gate, GATE_TAP, "1..3\nok 1 - conditions: the same\n"
				  "not ok 2 - " CASE " map stock 4K: +199.60 %\n"
				  "not ok 3 - " CASE " map stock 8K: cannot tell\n"
				  "# it is only in A\n");
	text_has(&gate, GATE_JUNIT, "tests=\"3\" failures=\"1\" errors=\"1\"");
	text_has(&gate, GATE_JUNIT, "8K\"><error message=\"it is only in A\"/>");
	gate_cleanup(&gate);
	side_cleanup(&a);
	side_cleanup(&b);
	gsl_rng_free(rng);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(three_times_slower_takes_boots),
		cmocka_unit_test(few_boots_do_for_few_rows),
		cmocka_unit_test(same_kernel_passes),
		cmocka_unit_test(the_limit_itself_is_not_told),
		cmocka_unit_test(counted_costs_need_one_boot),
		cmocka_unit_test(nothing_and_something_is_not_told),
		cmocka_unit_test(missing_rows_are_not_told),
		cmocka_unit_test(a_boot_without_the_row_is_not_told),
		cmocka_unit_test(other_conditions_are_not_told),
		cmocka_unit_test(another_kernel_is_told),
		cmocka_unit_test(machines_are_not_pooled),
		cmocka_unit_test(units_cannot_be_compared),
		cmocka_unit_test(only_the_cases_asked_for_count),
		cmocka_unit_test(every_format_is_printed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
