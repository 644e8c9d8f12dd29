// SPDX-License-Identifier: GPL-2.0-or-later
#include "harness/estimate.h"

#include <fnmatch.h>
#include <string.h>

#include "lib/array.h"
#include "lib/lookup.h"
#include "lib/size.h"


/* What an op costs apart from its pages, and what goes before it: ready(), the choice. */
#define OP_INSN		4000.0
#define READY_INSN	50000.0

/* The repeats of the warm-up grow in steps; all of them together are some more than the last. */
#define GROWTH_SAMPLES	1.5

/*
 * What a page costs by the name of the op, the last for names that are not there. With variants
 * that look up each page; with others nothing, unless it says always.
 */
static const struct {
	const char *op;
	double page_insn;
	bool always;
} op_costs[] = {
	{ "null", 0, false },
	{ "unmap*", 160, false },
	{ "touch*", 2000, true },
	{ "replay", 150, false },
	{ "join", 0, false },
	{ "boot", 5500, false },
	{ "disable", 180, false },
	{ "size", 0, false },
	{ "off", 0, false },
	{ "back", 0, false },
	{ "export", 0, false },
	{ "close", 0, false },
	{ "*", 1100, false },
};

/* Nanoseconds an instruction takes. */
static const double mode_insn_ns[CLOCK_MODES] = {
	[CLOCK_MODE_ICOUNT] = 1e9 / ESTIMATE_ICOUNT_PER_S,
	[CLOCK_MODE_KVM] = 0.3,
	[CLOCK_MODE_TCG] = 2,
	[CLOCK_MODE_METAL] = 0.3,
};

static bool variant_looks_up_pages(const char *name)
{
	enum lookup_stride stride = lookup_find(name)->stride;

	return strcmp(name, "none") && stride != LOOKUP_VMA && stride != LOOKUP_FILE &&
	       stride != LOOKUP_NOTHING;
}

/* How far one lookup of @op reaches: some to the end of the leaf; an unmap asks for each page. */
static uint64_t lookup_reach(const struct bench_case *bench_case, const struct case_op *op,
			     const char *name, uint64_t page_bytes)
{
	uint64_t offset_bytes = bench_case->axes.va_offset_bytes;

	if (lookup_find(name)->stride != LOOKUP_LEAF || !fnmatch("unmap*", op->name, 0) || offset_bytes % SZ_2M)
		return page_bytes;
	return offset_bytes ? SZ_2M : SZ_1G;
}

double estimate_op_insn(const struct case_op *op, const char *name, uint64_t size_bytes,
			uint64_t lookup_bytes)
{
	double pages = (double)size_bytes / (double)lookup_bytes;
	size_t i = 0;

	while (i < ARRAY_SIZE(op_costs) - 1 && fnmatch(op_costs[i].op, op->name, 0))
		i++;
	if (!op_costs[i].always && !variant_looks_up_pages(name))
		pages = 0;
	return OP_INSN + pages * op_costs[i].page_insn;
}

/* One sample of each op with variant @name, in ns, repeats as the protocol finds them. */
static double sample_ns(const struct plan *plan, const struct bench_case *bench_case,
			uint64_t size_bytes, const char *name, double insn_ns, uint64_t page_bytes)
{
	double op_ns, least_ns = 0, turn_ns = READY_INSN * insn_ns, repeats = 1;
	const struct case_op *op;

	for (op = bench_case->ops; op < bench_case->ops + bench_case->ops_count; op++) {
		if (op->read)
			continue;
		op_ns = insn_ns * case_mappings(&bench_case->axes) *
			estimate_op_insn(op, name, size_bytes,
					 lookup_reach(bench_case, op, name, page_bytes));
		least_ns = !least_ns || op_ns < least_ns ? op_ns : least_ns;
		turn_ns += op_ns;
	}
	if (least_ns > 0 && least_ns < (double)plan->protocol.min_time_ns)
		repeats = (double)plan->protocol.min_time_ns / least_ns;
	if (repeats > 1 && repeats * turn_ns > (double)plan->protocol.min_time_ns *
					       PROTOCOL_WALL_FACTOR)
		return (double)plan->protocol.min_time_ns * PROTOCOL_WALL_FACTOR;
	return repeats * turn_ns;
}

double estimate_cell_s(const struct plan *plan, const struct bench_case *bench_case,
		       uint64_t size_bytes, const struct variant_set *variants,
		       enum clock_mode mode, uint64_t page_bytes)
{
	double insn_ns = mode_insn_ns[mode], samples = plan->iterations, ns = 0;
	size_t turns[VARIANTS_MAX], turns_count, i;

	if (plan->protocol.shuffled)
		samples += plan->protocol.warmup;
	if (plan->protocol.min_time_ns)
		samples += GROWTH_SAMPLES;
	if (!bench_case->sized)
		return samples * sample_ns(plan, bench_case, 0, "none", insn_ns, page_bytes) / 1e9;
	/* the walk that populates the page tables */
	if (bench_case->axes.tables == CASE_TABLES_WARM)
		ns = sample_ns(plan, bench_case, size_bytes,
			       variants->names[variant_walker(variants)], insn_ns, page_bytes);
	turns_count = plan_variants(plan, bench_case, size_bytes, turns);
	for (i = 0; i < turns_count; i++)
		ns += samples * sample_ns(plan, bench_case, size_bytes,
					  variants->names[turns[i]], insn_ns, page_bytes);
	return ns / 1e9;
}

double estimate_case_s(const struct plan *plan, const struct plan_case *plan_case,
		       const struct variant_set *variants, enum clock_mode mode,
		       uint64_t page_bytes)
{
	uint64_t size_bytes = UINT64_MAX;
	double seconds = 0;

	while (plan_next_size(plan_case, &size_bytes))
		seconds += estimate_cell_s(plan, plan_case->bench_case, size_bytes, variants, mode,
					   page_bytes);
	return seconds;
}

double estimate_plan_s(const struct plan *plan, const struct variant_set *variants,
		       enum clock_mode mode, uint64_t page_bytes)
{
	double seconds = 0;
	size_t i;

	for (i = 0; i < plan->cases_count; i++)
		seconds += estimate_case_s(plan, &plan->cases[i], variants, mode, page_bytes);
	return seconds;
}
