/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BARMAP_LIB_COUNTERS_H
#define BARMAP_LIB_COUNTERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * What the CPU counts beside the time: events of perf_event_open(2), in user space and kernel, of
 * the calling thread and of those that it starts later.
 *
 * A count is the difference of two reads, so it has the end of the first read and the beginning
 * of the second in it, some hundred instructions; the case null shows how much that is.
 */

enum counter {
	COUNTER_CYCLES,
	COUNTER_INSTRUCTIONS,
	COUNTER_DTLB_MISSES,
	COUNTER_LLC_MISSES,
	COUNTERS
};

/* The largest number is no count: the event could not be had, or not all of the time. */
#define COUNTER_ABSENT	UINT64_MAX

/**
 * struct counter_event - what to count
 * @name: as records have it
 * @type, @config: as struct perf_event_attr has them
 */
struct counter_event {
	const char *name;
	uint32_t type;
	uint64_t config;
};

/* What the hardware counts; in the order of enum counter. */
extern const struct counter_event counter_events[COUNTERS];

/**
 * struct counters - those that are open
 * @fds: of each event; -1: it cannot be had
 * @err: why not, -errno
 */
struct counters {
	int fds[COUNTERS];
	int err[COUNTERS];
};

/* What each had counted at a time, with the times in ns that say whether it counted all along. */
struct counters_reading {
	struct {
		uint64_t count, enabled_ns, running_ns;
	} values[COUNTERS];
};

/*
 * Open the COUNTERS @events. What cannot be had is absent, and no error. To be called before the
 * threads are started that are to be counted. counters_close() closes them.
 */
void counters_open(struct counters *counters, const struct counter_event *events);
void counters_close(struct counters *counters);

/* None is open, and none is tried: each is absent. */
void counters_none(struct counters *counters);

void counters_read(const struct counters *counters, struct counters_reading *reading);

/*
 * Add to @counts what happened between @before and now. An event that had to share its place in the
 * hardware meanwhile, or is not open, makes its count COUNTER_ABSENT, which it then stays.
 */
void counters_add(const struct counters *counters, const struct counters_reading *before,
		  uint64_t counts[COUNTERS]);

#endif
