/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BARMAP_LIB_CLOCK_H
#define BARMAP_LIB_CLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/counters.h"
#include "lib/error.h"

/*
 * What a cost is measured with. Under QEMU's TCG with -icount shift=0 the time stamp counter
 * advances by one per guest instruction; whether it does is proven, not believed. Elsewhere the
 * clock is CLOCK_MONOTONIC_RAW in nanoseconds.
 */

enum clock_mode {
	CLOCK_MODE_AUTO,
	CLOCK_MODE_ICOUNT,	/* guest instructions, deterministic */
	CLOCK_MODE_KVM,		/* nanoseconds in a hardware-assisted guest */
	CLOCK_MODE_TCG,		/* nanoseconds under emulation: no evidence of anything */
	CLOCK_MODE_METAL,	/* nanoseconds without a hypervisor */
	CLOCK_MODES
};

struct clock_source {
	enum clock_mode mode;		/* never CLOCK_MODE_AUTO once initialised */
	const char *unit;		/* "insn" or "ns" */
	unsigned int iterations;	/* samples per point, unless the user says otherwise */
	uint64_t (*read)(void);		/* monotonic; only differences mean something */

	/*
	 * To be called before each timed operation: comes back right after a timer tick, so that
	 * the next one is as far away as can be. NULL where waiting would do more harm, by
	 * cooling caches, than a tick that many samples outvote.
	 */
	void (*wait_tick)(void);

	/* What the hardware counts meanwhile; NULL: it is not asked, as it would change the costs. */
	const struct counters *counters;
};

/* One timed run of @insns instructions, plus a constant overhead, that took @ticks. */
struct clock_point {
	uint64_t insns, ticks;
};

/* The name of a mode as users write it, and back (-EINVAL if there is none such). */
const char *clock_mode_name(enum clock_mode mode);
int clock_mode_parse(const char *name, enum clock_mode *mode);

/*
 * Whether ticks are instructions: between any two points as many of the one as of the other were
 * added, exactly. Needs two points that differ; fewer prove nothing.
 */
bool clock_slope_is_exact(const struct clock_point *points, size_t count);

/* Whether this machine's time stamp counter counts instructions, by experiment. */
bool clock_counts_instructions(void);

/*
 * The hypervisor the CPU reports: "none", "KVM", "TCG", or its 12-letter signature; "unknown" if
 * the architecture has no way to tell. Static storage.
 */
const char *clock_hypervisor(void);

/*
 * Set up @clock for the wanted mode. CLOCK_MODE_AUTO takes icount if proven, else what the
 * hypervisor's name says. Returns 0, or -errno with @error filled: the wanted mode is not what this
 * machine offers, or AUTO cannot tell.
 */
int clock_init(struct clock_source *clock, enum clock_mode wanted, struct error *error);

#endif
