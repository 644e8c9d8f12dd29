// SPDX-License-Identifier: GPL-2.0-or-later
/* How samples are taken: repeats, seeds and what each mode allows. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "harness/protocol.h"
#include "harness/shuffle.h"

#define MS	UINT64_C(1000000)
#define ITEMS	7

static const struct clock_source counting = { .mode = CLOCK_MODE_ICOUNT };
static const struct clock_source timing = { .mode = CLOCK_MODE_METAL };
static const struct protocol protocol = {
	.shuffled = true, .min_time_ns = MS, .repeats_max = PROTOCOL_REPEATS_MAX,
};

static void times_are_read(void **state)
{
	static const struct {
		const char *text;
		uint64_t ns;
	} good[] = {
		{ "0", 0 }, { "0ms", 0 }, { "1ns", 1 }, { "500us", 500000 }, { "1ms", MS },
		{ "60s", PROTOCOL_MIN_TIME_MAX_NS },
	};
	static const char *const bad[] = {
		"", "1", "ms", "-1ms", " 1ms", "1 ms", "1m", "61s", "1.5ms",
		"99999999999999999999s", "18446744073709551615s",
	};
	uint64_t ns;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		assert_int_equal(protocol_time_parse(good[i].text, &ns), 0);
		assert_int_equal(ns, good[i].ns);
	}
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (!protocol_time_parse(bad[i], &ns))
			fail_msg("'%s' was taken", bad[i]);
}

static void counting_repeats_nothing(void **state)
{
	struct protocol_request request = { 0 };
	struct protocol made;
	struct error error;

	(void)state;
	assert_int_equal(protocol_init(&made, &request, &counting, &error), 0);
	assert_false(made.shuffled);
	assert_int_equal(made.seed, 0);
	assert_int_equal(made.warmup, 1);
	assert_int_equal(made.min_time_ns, 0);
	assert_int_equal(made.repeats_max, 1);
	assert_int_equal(protocol_repeats(&made, 1, 0, 0), 1);
	request.has_seed = true;
	assert_int_equal(protocol_init(&made, &request, &counting, &error), -EINVAL);
	assert_int_equal(error.outcome, OUTCOME_USE);
	assert_memory_equal(error.text, "option '--seed': not in icount mode", 35);
	request = (struct protocol_request) { .has_min_time = true };
	assert_int_equal(protocol_init(&made, &request, &counting, &error), -EINVAL);
	request = (struct protocol_request) { .has_warmup = true };
	assert_int_equal(protocol_init(&made, &request, &counting, &error), -EINVAL);
}

static void timing_does_as_it_is_told(void **state)
{
	const struct protocol_request request = {
		.has_seed = true, .has_warmup = true, .has_min_time = true,
		.seed = UINT32_MAX, .warmup = 0, .min_time_ns = 5,
	};
	const struct protocol_request single = { .has_seed = true, .has_min_time = true };
	struct protocol made;
	struct error error;

	(void)state;
	assert_int_equal(protocol_init(&made, &request, &timing, &error), 0);
	assert_true(made.shuffled);
	assert_int_equal(made.seed, UINT32_MAX);
	assert_int_equal(made.warmup, 0);
	assert_int_equal(made.min_time_ns, 5);
	assert_int_equal(made.repeats_max, PROTOCOL_REPEATS_MAX);
	assert_int_equal(protocol_init(&made, &single, &timing, &error), 0);
	assert_int_equal(made.repeats_max, 1);
	assert_int_equal(protocol_repeats(&made, 1, 0, 1000), 1);
}

/* Two that are the same are possible, four are not. */
static void seeds_come_from_the_system(void **state)
{
	const struct protocol_request nothing = { 0 };
	struct protocol made[4];
	struct error error;
	size_t i, same = 0;

	(void)state;
	for (i = 0; i < 4; i++) {
		assert_int_equal(protocol_init(&made[i], &nothing, &timing, &error), 0);
		assert_true(made[i].min_time_ns > 0 && made[i].warmup > 0);
		same += made[i].seed == made[0].seed;
	}
	assert_int_not_equal(same, 4);
}

static void repeats_fill_the_minimum(void **state)
{
	uint64_t op_ns;
	unsigned int repeats, grown, steps;

	(void)state;
	for (op_ns = 20; op_ns < 2 * MS; op_ns = op_ns * 3 / 2) {
		repeats = 0;
		grown = 1;
		for (steps = 0; grown > repeats; steps++) {
			repeats = grown;
			grown = protocol_repeats(&protocol, repeats, repeats * op_ns,
						 repeats * op_ns * 3);
			assert_true(grown <= repeats * 10);
		}
		assert_true(repeats * op_ns >= MS || repeats == PROTOCOL_REPEATS_MAX);
		assert_true(repeats == 1 || repeats * op_ns < 2 * MS);
		assert_true(steps < 10);
	}
}

static void repeats_end_at_the_caps(void **state)
{
	(void)state;
	assert_int_equal(protocol_repeats(&protocol, 1, 0, 0), 10);
	assert_int_equal(protocol_repeats(&protocol, PROTOCOL_REPEATS_MAX / 2, 1, 1),
			 PROTOCOL_REPEATS_MAX);
	assert_int_equal(protocol_repeats(&protocol, PROTOCOL_REPEATS_MAX, 1, 1),
			 PROTOCOL_REPEATS_MAX);
	/* what goes before each op takes so long that only a few can be */
	assert_int_equal(protocol_repeats(&protocol, 2, 2, 20 * MS), 5);
	assert_int_equal(protocol_repeats(&protocol, 5, 5, 50 * MS), 5);
	assert_int_equal(protocol_repeats(&protocol, 1, 1, 900 * MS), 1);
}

static void orders_draw(uint32_t seed, size_t items[ITEMS], unsigned int times)
{
	struct shuffle shuffle;
	size_t i;

	for (i = 0; i < ITEMS; i++)
		items[i] = i;
	shuffle_init(&shuffle, seed);
	while (times--)
		shuffle_items(&shuffle, items, ITEMS);
}

static void same_seed_same_order(void **state)
{
	static const size_t known[ITEMS] = { 4, 6, 0, 2, 1, 5, 3 };
	size_t a[ITEMS], b[ITEMS];
	uint32_t seed;
	unsigned int same = 0;

	(void)state;
	orders_draw(1, a, 1);
	assert_memory_equal(a, known, sizeof(a));
	for (seed = 0; seed < 1000; seed++) {
		orders_draw(seed, a, 3);
		orders_draw(seed, b, 3);
		assert_memory_equal(a, b, sizeof(a));
		orders_draw(seed + 1, b, 3);
		same += !memcmp(a, b, sizeof(a));
	}
	/* of 5040 orders */
	assert_true(same < 5);
}

/*
 * Each item is in each place as often as in any other. The sum is 7/6 of a chi-squared with 36
 * degrees of freedom: rows and columns are bound to their totals.
 */
static void no_place_is_favoured(void **state)
{
	unsigned int counts[ITEMS][ITEMS] = { { 0 } }, times = 7000;
	size_t items[ITEMS], i, j;
	struct shuffle shuffle;
	double chi = 0, wanted = times / (double)ITEMS;

	(void)state;
	orders_draw(0, items, 0);
	shuffle_init(&shuffle, 1);
	for (j = 0; j < times; j++) {
		shuffle_items(&shuffle, items, ITEMS);
		for (i = 0; i < ITEMS; i++)
			counts[i][items[i]]++;
	}
	for (i = 0; i < ITEMS; i++)
		for (j = 0; j < ITEMS; j++)
			chi += (counts[i][j] - wanted) * (counts[i][j] - wanted) / wanted;
	/* 1 % of all chi-squared exceed 58.6, 1 % are below 19.2 */
	assert_true(chi * (ITEMS - 1) / ITEMS < 58.6);
	assert_true(chi * (ITEMS - 1) / ITEMS > 19.2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(times_are_read),
		cmocka_unit_test(counting_repeats_nothing),
		cmocka_unit_test(timing_does_as_it_is_told),
		cmocka_unit_test(seeds_come_from_the_system),
		cmocka_unit_test(repeats_fill_the_minimum),
		cmocka_unit_test(repeats_end_at_the_caps),
		cmocka_unit_test(same_seed_same_order),
		cmocka_unit_test(no_place_is_favoured),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
