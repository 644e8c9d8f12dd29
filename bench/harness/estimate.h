/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BARMAP_HARNESS_ESTIMATE_H
#define BARMAP_HARNESS_ESTIMATE_H

#include "harness/plan.h"
#include "lib/clock.h"
#include "lib/variant.h"

/*
 * About how long a run takes, to know whether to wait for it: from what a page cost on Linux 6.12
 * in icount mode, and what an instruction takes. Good to a factor of two or three; nothing of it
 * goes into results.
 */

/* Instructions an emulator executes in a second with icount, on a machine of today. */
#define ESTIMATE_ICOUNT_PER_S	600e6

/*
 * Of one op at @size_bytes with variant @name ("none" if there is none), when a lookup is for
 * @lookup_bytes. Guest instructions.
 */
double estimate_op_insn(const struct case_op *op, const char *name, uint64_t size_bytes,
			uint64_t lookup_bytes);

/* Of one (case, size). In seconds. */
double estimate_cell_s(const struct plan *plan, const struct bench_case *bench_case,
		       uint64_t size_bytes, const struct variant_set *variants,
		       enum clock_mode mode, uint64_t page_bytes);

/* Of one case at all of its sizes in the plan, and of all cases. */
double estimate_case_s(const struct plan *plan, const struct plan_case *plan_case,
		       const struct variant_set *variants, enum clock_mode mode,
		       uint64_t page_bytes);
double estimate_plan_s(const struct plan *plan, const struct variant_set *variants,
		       enum clock_mode mode, uint64_t page_bytes);

#endif
