// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The harness, with a clock that only the steps of a made-up case advance: what is in a sample and
 * what is not, to the tick.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "harness/sampling.h"
#include "lib/size.h"

#define MAP_TICKS	100
#define UNMAP_TICKS	30

static uint64_t now;
static unsigned int prepares, reads;

static uint64_t now_read(void)
{
	return now;
}

static int step_prepare(void *state)
{
	(void)state;
	now += 7919;
	prepares++;
	return 0;
}

static int step_other(void *state)
{
	(void)state;
	now += 104729;
	return 0;
}

static int step_map(void *state)
{
	(void)state;
	now += MAP_TICKS;
	return 0;
}

static int step_unmap(void *state)
{
	(void)state;
	now += UNMAP_TICKS;
	return 0;
}

static int step_read(void *state, uint64_t *bytes)
{
	(void)state;
	now += 15485863;
	*bytes = ++reads;
	return 0;
}

static const struct case_op ops[] = {
	{ .name = "map", .ready = step_other, .run = step_map, .check = step_other },
	{ .name = "vmpte-map", .read = step_read },
	{ .name = "unmap", .ready = step_other, .run = step_unmap, .check = step_other },
};
static const struct bench_case bench_case = {
	.name = "bar/aligned/warm", .sized = true, .prepare = step_prepare, .ops = ops,
	.ops_count = 3,
};
static const struct clock_source timing = {
	.mode = CLOCK_MODE_METAL, .unit = "ns", .read = now_read,
};

/**
 * struct run - one run of the case above, with the variants a, b, c, d
 * @plan: what is done
 * @set: its samples
 */
struct run {
	struct plan plan;
	struct sample_set set;
};

static void run_begin(struct run *run, const struct protocol *protocol)
{
	struct variant_set variants = {
		.path = "/dev/null", .names = { "a", "b", "c", "d" }, .count = 4,
		.selectable = true,
	};
	const struct case_target target = { 0 };
	struct error error;

	memset(run, 0, sizeof(*run));
	run->plan.iterations = 12;
	run->plan.protocol = *protocol;
	run->plan.cases[0] = (struct plan_case){ &bench_case, SZ_4K | SZ_2M };
	run->plan.cases_count = 1;
	for (run->plan.variants_count = 0; run->plan.variants_count < 4; run->plan.variants_count++)
		run->plan.variants[run->plan.variants_count] = run->plan.variants_count;
	now = prepares = reads = 0;
	assert_int_equal(sample_set_init(&run->set, plan_samples_count(&run->plan)), 0);
	assert_int_equal(sampling_run(&run->plan, &target, &variants, &timing, &run->set, &error),
			 0);
	assert_int_equal(run->set.count, plan_samples_count(&run->plan));
}

/* Whatever happens between the operations, a sample holds them alone, each by itself. */
static void samples_hold_one_operation(void **state)
{
	const struct protocol protocol = {
		.shuffled = true, .seed = 1, .warmup = 2,
		.min_time_ns = 3000, .repeats_max = PROTOCOL_REPEATS_MAX,
	};
	const struct sample *sample;
	struct run run;
	size_t i;

	(void)state;
	run_begin(&run, &protocol);
	for (i = 0; i < run.set.count; i++) {
		sample = &run.set.samples[i];
		assert_int_equal(sample->order, i);
		if (sample->op == &ops[0])
			assert_int_equal(sample->cost, MAP_TICKS * sample->repeats);
		if (sample->op == &ops[2])
			assert_int_equal(sample->cost, UNMAP_TICKS * sample->repeats);
	}
	sample_set_cleanup(&run.set);
}

/* The wall limit ends it: an operation is 130 ticks of some 16 million. */
static void repeats_grow_to_the_minimum(void **state)
{
	struct protocol protocol = {
		.shuffled = true, .seed = 1, .warmup = 1,
		.min_time_ns = 6000000, .repeats_max = PROTOCOL_REPEATS_MAX,
	};
	struct run run;
	size_t i;

	(void)state;
	run_begin(&run, &protocol);
	for (i = 0; i < run.set.count; i++)
		assert_true(run.set.samples[i].repeats > 10 && run.set.samples[i].repeats <= 19);
	sample_set_cleanup(&run.set);
	protocol.min_time_ns = 1;
	run_begin(&run, &protocol);
	for (i = 0; i < run.set.count; i++)
		assert_int_equal(run.set.samples[i].repeats, 1);
	/* 2 sizes x 4 variants x (12 + the one of the warm-up + the one to find the repeats) */
	assert_int_equal(prepares, 2 * 4 * 14);
	/* of an amount of memory the last is kept */
	assert_int_equal(run.set.samples[run.set.count - 2].cost, prepares);
	sample_set_cleanup(&run.set);
}

/* Each iteration has each variant once, and iterations differ in their order. */
static void variants_take_turns(void **state)
{
	const struct protocol protocol = { .shuffled = true, .seed = 7, .repeats_max = 1 };
	unsigned int seen, other_orders = 0;
	const struct sample *samples;
	size_t i, turn;
	struct run run;

	(void)state;
	run_begin(&run, &protocol);
	for (i = 0; i < 2 * 12; i++) {
		samples = &run.set.samples[i * 4 * 3];
		for (turn = 0, seen = 0; turn < 4; turn++) {
			assert_int_equal(samples[turn * 3].iteration, i % 12);
			assert_ptr_equal(samples[turn * 3].op, &ops[0]);
			seen |= 1u << samples[turn * 3].variant;
		}
		assert_int_equal(seen, 15);
		other_orders += samples[0].variant != run.set.samples[0].variant;
	}
	assert_true(other_orders > 6);
	assert_int_equal(prepares, 2 * 4 * 12);
	sample_set_cleanup(&run.set);
}

static void seed_fixes_the_order(void **state)
{
	struct protocol protocol = { .shuffled = true, .seed = 7, .repeats_max = 1 };
	struct run a, b, c;
	size_t i, same = 0;

	(void)state;
	run_begin(&a, &protocol);
	run_begin(&b, &protocol);
	protocol.seed++;
	run_begin(&c, &protocol);
	for (i = 0; i < a.set.count; i++) {
		assert_int_equal(a.set.samples[i].variant, b.set.samples[i].variant);
		same += a.set.samples[i].variant == c.set.samples[i].variant;
	}
	assert_true(same < a.set.count / 2);
	sample_set_cleanup(&a.set);
	sample_set_cleanup(&b.set);
	sample_set_cleanup(&c.set);
}

/* As for counted instructions: in the order of the plan, one operation, warmed up once. */
static void fixed_order_is_that_of_the_plan(void **state)
{
	const struct protocol protocol = { .warmup = 1, .repeats_max = 1 };
	struct run run;
	size_t i;

	(void)state;
	run_begin(&run, &protocol);
	for (i = 0; i < run.set.count; i++) {
		assert_int_equal(run.set.samples[i].variant, i / 3 % 4);
		assert_int_equal(run.set.samples[i].repeats, 1);
	}
	assert_int_equal(prepares, 2 * 4 * 12 + 4);
	sample_set_cleanup(&run.set);
}

static size_t selected;

static int step_select(void *state)
{
	const struct variant_set *variants = *(const struct variant_set **)state;

	/* not what a parameter says, but what has its turn */
	selected = variants->current;
	return 0;
}

static int context_keep(const struct case_context *context, void **state)
{
	static const struct variant_set *variants;

	variants = context->variants;
	*state = &variants;
	return 0;
}

static int step_is_floor(void *state)
{
	const struct variant_set *variants = *(const struct variant_set **)state;

	now += variants->current == 2 ? 1 : 10;
	return selected == variants->current ? 0 : -1;
}

/* The floor has its turns in the case that has it, and no other. */
static void floor_takes_turns_where_it_can(void **state)
{
	static const struct case_op op = { .name = "map", .run = step_is_floor };
	static struct bench_case with = {
		.name = "with", .sized = true, .setup = context_keep,
		.prepare = step_select, .ops = &op, .ops_count = 1,
	}, without;
	struct variant_set variants = {
		.path = "/dev/null", .names = { "a", "b" }, .count = 2, .selectable = true,
	};
	const struct case_target target = { 0 };
	struct plan plan = {
		.iterations = 2, .variants = { 0, 1, 2 }, .variants_count = 3, .lacks = { [2] = BACKEND_PROCESS },
		.protocol = { .warmup = 1, .repeats_max = 1 },
		.cases = { { &with, SZ_4K }, { &without, SZ_4K } }, .cases_count = 2,
	};
	struct sample_set set;
	struct error error;
	size_t i, floors = 0;

	(void)state;
	without = with;
	without.name = "without";
	without.needs = BACKEND_PROCESS;
	assert_int_equal(variant_set_add(&variants, LOOKUP_FLOOR), 0);
	assert_int_equal(plan_samples_count(&plan), 2 * 3 + 2 * 2);
	assert_int_equal(sample_set_init(&set, plan_samples_count(&plan)), 0);
	assert_int_equal(sampling_run(&plan, &target, &variants, &timing, &set, &error), 0);
	assert_int_equal(set.count, 10);
	for (i = 0; i < set.count; i++) {
		assert_int_equal(set.samples[i].cost, set.samples[i].variant == 2 ? 1 : 10);
		floors += set.samples[i].variant == 2;
		assert_false(set.samples[i].variant == 2 &&
			     set.samples[i].bench_case == &without);
	}
	assert_int_equal(floors, 2);
	sample_set_cleanup(&set);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(floor_takes_turns_where_it_can),
		cmocka_unit_test(samples_hold_one_operation),
		cmocka_unit_test(repeats_grow_to_the_minimum),
		cmocka_unit_test(variants_take_turns),
		cmocka_unit_test(seed_fixes_the_order),
		cmocka_unit_test(fixed_order_is_that_of_the_plan),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
