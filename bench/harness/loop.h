/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BARMAP_HARNESS_LOOP_H
#define BARMAP_HARNESS_LOOP_H

#include "harness/case.h"
#include "harness/plan.h"
#include "lib/error.h"
#include "lib/variant.h"

/*
 * Work for a profiler: what sampling_run() does, without a clock or a record. Between two ops is
 * what the case itself needs, and a pause of random length, the same in every run. Each variant does all of its iterations before the next does
 * its first, and what a case would skip is an error.
 *
 * Prints a line when a variant is done: case, size in bytes, variant, iterations, and the
 * CLOCK_MONOTONIC nanoseconds at which its first iteration began and its last ended, with tabs
 * between. What a profiler saw at other times is preparation.
 *
 * Returns 0; -EINTR, without @error, when told to stop; else -errno with @error filled.
 */
int loop_run(const struct plan *plan, const struct case_target *target,
	     struct variant_set *variants, struct error *error);

#endif
