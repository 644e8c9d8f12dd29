/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BARMAP_COMMAND_RUN_OPTIONS_H
#define BARMAP_COMMAND_RUN_OPTIONS_H

#include <stdbool.h>

#include "harness/plan.h"
#include "lib/clock.h"
#include "lib/error.h"

/* The options of barmap run. Strings point into argv. */
struct run_options {
	const char *devices[CASE_DEVICES_MAX];	/* the first is the one to measure */
	size_t devices_count;		/* at least 1 */
	int bar;			/* BAR_ANY: the largest */
	struct plan_request plan;
	struct plan_shard shard;
	struct protocol_request protocol;
	enum clock_mode mode;
	const char *kernel_name;	/* NULL: the kernel's release */
	const char *pfnmap;		/* a BAR's file in sysfs; NULL: none */
	const char *output;		/* NULL: not said */
	bool dry_run;			/* only print the plan */
	bool loop;			/* no measurement: repeat the operations, for a profiler */
};

/* Returns 0, or -errno with @error filled. --help prints and exits. */
int run_options_parse(struct run_options *options, int argc, char **argv, struct error *error);

#endif
