/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BARMAP_VMM_RUN_H
#define BARMAP_VMM_RUN_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "area.h"
#include "lib/error.h"

/* run: start a monitor with the library preloaded, and see it to its end. */

/**
 * struct run - what became of the monitor
 * @area: what the library wrote; unmapped by run_cleanup()
 * @status: the monitor's, as a shell has it: 128 + N when signal N ended it
 * @whole_ns: from its start to its end
 * @has_teardown: @teardown_ns is known: the process that made the calls ended by itself, and this one
 *                saw it
 * @teardown_ns: from when it said it would end to when the kernel was done with it
 */
struct run {
	struct area *area;
	int area_fd;
	int status;
	uint64_t whole_ns;
	bool has_teardown;
	uint64_t teardown_ns;
};

/* What the library does to where BARs are mapped, in the order of enum area_align. */
#define RUN_ALIGNS(align)								\
	align(AREA_ALIGN_KEEP, "monitor") align(AREA_ALIGN_1G, "1G") align(AREA_ALIGN_4K_OFF, "4K-off")
extern const char *const run_align_names[];

/* Make the area. Returns 0, or -errno with @error filled. */
int run_init(struct run *run, struct error *error);
void run_cleanup(struct run *run);

/*
 * Run @argv with @library preloaded to its end, and to the end of the process that made the last
 * call, if that outlives it. SIGTERM and SIGHUP are passed on to it. Returns 0, or -errno with @error
 * filled: it could not be started.
 */
int run_monitor(struct run *run, const char *library, enum area_align align, char **argv,
		struct error *error);

#endif
