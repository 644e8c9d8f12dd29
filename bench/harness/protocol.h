/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BARMAP_HARNESS_PROTOCOL_H
#define BARMAP_HARNESS_PROTOCOL_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/clock.h"
#include "lib/error.h"

/*
 * How samples are taken. Counted instructions repeat themselves, so that icount mode has a fixed
 * order and samples of one operation. Nanoseconds do not: there the variants take turns in an order
 * drawn anew for each iteration, so that nothing that changes with time favours one of them, and a
 * sample is of as many operations as take long enough for the clock to be no part of it.
 */

#define PROTOCOL_WARMUP_MAX	1000
#define PROTOCOL_MIN_TIME_MAX_NS	UINT64_C(60000000000)

/* No sample is of more operations. */
#define PROTOCOL_REPEATS_MAX	65536

/* Nor of so many that, with what goes before each of them, it takes more than so many minima. */
#define PROTOCOL_WALL_FACTOR	50

struct protocol {
	bool shuffled;
	uint32_t seed;			/* of the orders; 0 if they are fixed */
	unsigned int warmup;		/* iterations thrown away first */
	uint64_t min_time_ns;		/* of each operation's part of a sample; 0: no repeats */
	unsigned int repeats_max;	/* 1 or more */
};

/* As the user put it; only what has_* says. */
struct protocol_request {
	bool has_seed, has_warmup, has_min_time;
	uint32_t seed;
	unsigned int warmup;
	uint64_t min_time_ns;
};

/*
 * Set @protocol up for @clock. A seed that was not asked for comes from the system. Returns 0, or
 * -errno with @error filled: something was asked for that the mode does not have.
 */
int protocol_init(struct protocol *protocol, const struct protocol_request *request,
		  const struct clock_source *clock, struct error *error);

/*
 * How often to repeat the operations of a sample, when @repeats of them took @least_ns (the
 * quickest one, in all) and @wall_ns (all that there is to a sample). Returns @repeats if that is
 * enough or no more are allowed, else more, at most ten times as many.
 */
unsigned int protocol_repeats(const struct protocol *protocol, unsigned int repeats,
			      uint64_t least_ns, uint64_t wall_ns);

/* Read "500us", "1ms", "2s" or "0" into @ns. Returns 0 or -EINVAL. */
int protocol_time_parse(const char *text, uint64_t *ns);

#endif
