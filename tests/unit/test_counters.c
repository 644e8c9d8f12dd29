// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <linux/perf_event.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include <cmocka.h>

#include "lib/counters.h"
#include "lib/size.h"

#define PAGES	64

/* Events that need no hardware, one that always counts 0, and one that no machine has. */
static const struct counter_event events[COUNTERS] = {
	{ "page-faults", PERF_TYPE_SOFTWARE, PERF_COUNT_SW_PAGE_FAULTS },
	{ "task-clock", PERF_TYPE_SOFTWARE, PERF_COUNT_SW_TASK_CLOCK },
	{ "dummy", PERF_TYPE_SOFTWARE, PERF_COUNT_SW_DUMMY },
	{ "none", PERF_TYPE_SOFTWARE, PERF_COUNT_SW_MAX + 1000 },
};

static void pages_touch(void)
{
	volatile char *memory = mmap(NULL, PAGES * SZ_4K, PROT_READ | PROT_WRITE,
				     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	size_t i;

	assert_ptr_not_equal(memory, MAP_FAILED);
	assert_int_equal(madvise((void *)memory, PAGES * SZ_4K, MADV_NOHUGEPAGE) && errno != EINVAL,
			 0);
	for (i = 0; i < PAGES; i++)
		memory[i * SZ_4K] = 1;
	munmap((void *)memory, PAGES * SZ_4K);
}

static void events_open(struct counters *counters)
{
	counters_open(counters, events);
	if (counters->fds[0] < 0) {
		printf("# perf_event_open: page-faults: %s\n", strerror(-counters->err[0]));
		counters_close(counters);
		skip();
	}
}

static void what_happens_is_counted_once(void **state)
{
	struct counters_reading before;
	struct counters counters;
	uint64_t counts[COUNTERS] = { 0 }, first;

	(void)state;
	events_open(&counters);
	counters_read(&counters, &before);
	pages_touch();
	counters_add(&counters, &before, counts);
	first = counts[0];
	assert_in_range(first, PAGES, PAGES + 8);	/* and a page of a table or two */
	assert_int_equal(counts[2], 0);

	/* a sample of two repeats has both */
	counters_read(&counters, &before);
	pages_touch();
	counters_add(&counters, &before, counts);
	assert_in_range(counts[0], first + PAGES, first + PAGES + 8);
	counters_close(&counters);
}

static void what_cannot_be_had_is_absent(void **state)
{
	struct counters_reading before;
	struct counters counters;
	uint64_t counts[COUNTERS] = { 0 };

	(void)state;
	events_open(&counters);
	assert_true(counters.fds[3] < 0 && counters.err[3] < 0);
	counters_read(&counters, &before);
	counters_add(&counters, &before, counts);
	assert_true(counts[3] == COUNTER_ABSENT);
	counters_close(&counters);

	/* and stays so: a sum of which a part is missing is none */
	counters_add(&counters, &before, counts);
	assert_true(counts[0] == COUNTER_ABSENT);
	events_open(&counters);
	counters_read(&counters, &before);
	counters_add(&counters, &before, counts);
	assert_true(counts[0] == COUNTER_ABSENT);
	counters_close(&counters);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_happens_is_counted_once),
		cmocka_unit_test(what_cannot_be_had_is_absent),
	};

	return cmocka_run_group_tests_name("counters", tests, NULL, NULL);
}
