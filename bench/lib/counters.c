// SPDX-License-Identifier: GPL-2.0-or-later
#include "lib/counters.h"

#include <errno.h>
#include <linux/perf_event.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define CACHE_READ_MISS(cache)						\
	((cache) | PERF_COUNT_HW_CACHE_OP_READ << 8 | PERF_COUNT_HW_CACHE_RESULT_MISS << 16)

const struct counter_event counter_events[COUNTERS] = {
	[COUNTER_CYCLES] = { "cycles", PERF_TYPE_HARDWARE, PERF_COUNT_HW_CPU_CYCLES },
	[COUNTER_INSTRUCTIONS] = { "instructions", PERF_TYPE_HARDWARE, PERF_COUNT_HW_INSTRUCTIONS },
	[COUNTER_DTLB_MISSES] = { "dtlb_misses", PERF_TYPE_HW_CACHE, CACHE_READ_MISS(PERF_COUNT_HW_CACHE_DTLB) },
	[COUNTER_LLC_MISSES] = { "llc_misses", PERF_TYPE_HW_CACHE, CACHE_READ_MISS(PERF_COUNT_HW_CACHE_LL) },
};

static int counter_open(const struct counter_event *event)
{
	struct perf_event_attr attr = {
		.type = event->type,
		.size = sizeof(attr),
		.config = event->config,
		.read_format = PERF_FORMAT_TOTAL_TIME_ENABLED | PERF_FORMAT_TOTAL_TIME_RUNNING,
		.inherit = 1,
		.exclude_hv = 1,
	};
	long fd = syscall(SYS_perf_event_open, &attr, 0, -1, -1, PERF_FLAG_FD_CLOEXEC);

	return fd < 0 ? -errno : (int)fd;
}

void counters_open(struct counters *counters, const struct counter_event *events)
{
	size_t i;

	for (i = 0; i < COUNTERS; i++) {
		counters->fds[i] = counter_open(&events[i]);
		counters->err[i] = counters->fds[i] < 0 ? counters->fds[i] : 0;
	}
}

void counters_none(struct counters *counters)
{
	size_t i;

	for (i = 0; i < COUNTERS; i++) {
		counters->fds[i] = -1;
		counters->err[i] = 0;
	}
}

void counters_close(struct counters *counters)
{
	size_t i;

	for (i = 0; i < COUNTERS; i++)
		if (counters->fds[i] >= 0)
			close(counters->fds[i]);
	counters_none(counters);
}

void counters_read(const struct counters *counters, struct counters_reading *reading)
{
	size_t i;

	for (i = 0; i < COUNTERS; i++) {
		if (counters->fds[i] >= 0 &&
		    read(counters->fds[i], &reading->values[i], sizeof(reading->values[i])) !=
		    sizeof(reading->values[i]))
			memset(&reading->values[i], 0, sizeof(reading->values[i]));
	}
}

void counters_add(const struct counters *counters, const struct counters_reading *before,
		  uint64_t counts[COUNTERS])
{
	struct counters_reading after;
	size_t i;

	counters_read(counters, &after);
	for (i = 0; i < COUNTERS; i++) {
		uint64_t enabled = after.values[i].enabled_ns - before->values[i].enabled_ns;
		uint64_t running = after.values[i].running_ns - before->values[i].running_ns;

		if (counters->fds[i] < 0 || !after.values[i].enabled_ns || enabled != running)
			counts[i] = COUNTER_ABSENT;
		else if (counts[i] != COUNTER_ABSENT)
			counts[i] += after.values[i].count - before->values[i].count;
	}
}
