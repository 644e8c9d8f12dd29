/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BARMAP_HARNESS_SAMPLING_H
#define BARMAP_HARNESS_SAMPLING_H

#include <stddef.h>
#include <stdint.h>

#include "harness/case.h"
#include "harness/plan.h"
#include "lib/clock.h"
#include "lib/error.h"
#include "lib/variant.h"

#define SAMPLE_VARIANT_NONE	SIZE_MAX

/* One timed op, or one that reads an amount of memory. */
struct sample {
	const struct bench_case *bench_case;
	const struct case_op *op;
	size_t variant;		/* index into the variant set, or SAMPLE_VARIANT_NONE */
	uint64_t size_bytes;
	unsigned int iteration;
	size_t order;		/* samples taken before it in the run */
	unsigned int repeats;	/* how often the op ran; 1 or more */
	uint64_t cost;		/* of all that, in the clock's unit; bytes if the op reads */
	uint64_t counts[COUNTERS];	/* of all that; see counters_add() */
};

/* A case that this machine could not run, from some size on. */
struct sample_skip {
	const struct bench_case *bench_case;
	uint64_t from_bytes;
	char reason[CASE_REASON_BYTES];
};

/* All of a run, in the order they were taken. Their memory is there before the first is. */
struct sample_set {
	struct sample *samples;
	size_t count, capacity;
	struct sample_skip skips[PLAN_CASES_MAX];
	size_t skips_count;
};

/* Room for @capacity samples, its pages touched. Returns 0 or -ENOMEM. */
int sample_set_init(struct sample_set *set, size_t capacity);
void sample_set_cleanup(struct sample_set *set);

/*
 * Take all samples of @plan. Returns 0; -EINTR, without @error, when told to stop; else -errno with
 * @error filled: what failed, where and why; that all cases had to be skipped is such a failure.
 * Reports progress on stderr between cells, and what is skipped.
 */
int sampling_run(const struct plan *plan, const struct case_target *target,
		 struct variant_set *variants, const struct clock_source *clock,
		 struct sample_set *set, struct error *error);

#endif
