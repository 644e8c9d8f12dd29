// SPDX-License-Identifier: GPL-2.0-or-later
#include "harness/sampling.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "harness/interrupt.h"
#include "harness/progress.h"
#include "lib/size.h"

#define STACK_TOUCH_BYTES	(64 * 1024)

/* One (case, size), with what all of its steps need. */
struct cell {
	struct case_context context;
	void *state;
	const struct plan *plan;
	struct variant_set *variants;
	const struct clock_source *clock;
	struct sample_set *set;
	struct error *error;
};

int sample_set_init(struct sample_set *set, size_t capacity)
{
	set->count = 0;
	set->skips_count = 0;
	set->capacity = capacity;
	set->samples = malloc(capacity * sizeof(*set->samples));
	if (!set->samples)
		return -ENOMEM;
	/* not calloc(): it may leave the pages to be faulted in while measuring */
	memset(set->samples, 0xff, capacity * sizeof(*set->samples));
	return 0;
}

void sample_set_cleanup(struct sample_set *set)
{
	free(set->samples);
}

/* Take page faults of the program itself now. */
static void memory_settle(void)
{
	volatile char stack[STACK_TOUCH_BYTES];
	size_t i;

	for (i = 0; i < sizeof(stack); i += SZ_4K)
		stack[i] = 1;
	/*
	 * Without the privilege the pages stay where they are unless memory runs short; the
	 * device's own mappings come later and are not covered.
	 */
	(void)mlockall(MCL_CURRENT);
}

static const char *variant_name(const struct cell *cell, size_t variant)
{
	return variant == SAMPLE_VARIANT_NONE ? "none" : cell->variants->names[variant];
}

static int cell_error(const struct cell *cell, const char *step, size_t variant, int err)
{
	char size[SIZE_TEXT_BYTES];

	return error_set(cell->error, OUTCOME_FAILED, err, "case '%s': %s of %s with %s: %s",
			 cell->context.bench_case->name, step,
			 size_format(cell->context.size_bytes, size),
			 variant_name(cell, variant), strerror(err));
}

static int cell_select(const struct cell *cell, size_t variant)
{
	int ret;

	if (variant == SAMPLE_VARIANT_NONE)
		return 0;
	ret = variant_select(cell->variants, variant);
	if (!ret)
		return 0;
	return error_set(cell->error, OUTCOME_CANNOT, -ret, "parameter '%s': cannot select %s: %s",
			 cell->variants->path, cell->variants->names[variant], strerror(-ret));
}

/* The timed region. */
static int op_time(const struct case_op *op, void *state, const struct clock_source *clock,
		   uint64_t *cost)
{
	uint64_t start, end;
	int ret;

	start = clock->read();
	ret = op->run(state);
	end = clock->read();
	*cost = end - start;
	return ret;
}

static int op_run(const struct case_op *op, void *state, const struct clock_source *clock,
		  uint64_t *cost)
{
	int ret;

	if (clock->settle)
		clock->settle();
	ret = op->ready ? op->ready(state) : 0;
	if (!ret)
		ret = op_time(op, state, clock, cost);
	return !ret && op->check ? op->check(state) : ret;
}

static int cell_sample_op(const struct cell *cell, const struct case_op *op, size_t variant,
			  unsigned int iteration)
{
	struct sample *sample = &cell->set->samples[cell->set->count];
	int ret;

	if (op->read)
		ret = op->read(cell->state, &sample->cost);
	else
		ret = op_run(op, cell->state, cell->clock, &sample->cost);
	if (ret)
		return cell_error(cell, op->name, variant, -ret);
	sample->bench_case = cell->context.bench_case;
	sample->op = op;
	sample->variant = variant;
	sample->size_bytes = cell->context.size_bytes;
	sample->iteration = iteration;
	sample->order = cell->set->count;
	sample->repeats = 1;
	cell->set->count++;
	return 0;
}

static int cell_sample_variant(const struct cell *cell, size_t variant, unsigned int iteration)
{
	const struct bench_case *bench_case = cell->context.bench_case;
	size_t i;
	int ret;

	ret = cell_select(cell, variant);
	if (ret)
		return ret;
	ret = bench_case->prepare ? bench_case->prepare(cell->state) : 0;
	if (ret)
		return cell_error(cell, "preparation", variant, -ret);
	for (i = 0; i < bench_case->ops_count; i++) {
		ret = cell_sample_op(cell, &bench_case->ops[i], variant, iteration);
		if (ret)
			return ret;
	}
	return 0;
}

static int cell_sample_iteration(const struct cell *cell, unsigned int iteration)
{
	size_t i;
	int ret;

	if (!cell->context.bench_case->sized)
		return cell_sample_variant(cell, SAMPLE_VARIANT_NONE, iteration);
	for (i = 0; i < cell->plan->variants_count; i++) {
		if (interrupt_pending())
			return -EINTR;
		ret = cell_sample_variant(cell, cell->plan->variants[i], iteration);
		if (ret)
			return ret;
	}
	return 0;
}

static int cell_sample(const struct cell *cell)
{
	unsigned int iteration;
	int ret;

	for (iteration = 0; iteration < cell->plan->iterations; iteration++) {
		if (interrupt_pending())
			return -EINTR;
		ret = cell_sample_iteration(cell, iteration);
		if (ret)
			return ret;
	}
	return 0;
}

/* An iteration that is thrown away: it fills what the kernel keeps per CPU, such as free pages. */
static int cell_rehearse(const struct cell *cell)
{
	size_t count = cell->set->count;
	int ret;

	ret = cell_sample_iteration(cell, 0);
	cell->set->count = count;
	return ret;
}

/* Returns 0, CASE_SKIPPED with the reason in the set, or -errno with the error filled. */
static int cell_setup(struct cell *cell)
{
	const struct bench_case *bench_case = cell->context.bench_case;
	struct sample_skip *skip = &cell->set->skips[cell->set->skips_count];
	size_t walker = variant_walker(cell->variants);
	int ret;

	cell->state = NULL;
	ret = cell_select(cell, walker);
	if (ret)
		return ret;
	cell->context.reason = skip->reason;
	ret = bench_case->setup ? bench_case->setup(&cell->context, &cell->state) : 0;
	if (ret < 0)
		return cell_error(cell, "set-up", walker, -ret);
	if (ret == CASE_SKIPPED) {
		skip->bench_case = bench_case;
		skip->from_bytes = cell->context.size_bytes;
		cell->set->skips_count++;
	}
	return ret;
}

static int cell_run(struct cell *cell, bool rehearse)
{
	const struct bench_case *bench_case = cell->context.bench_case;
	int ret;

	ret = cell_setup(cell);
	if (ret)
		return ret;
	ret = rehearse ? cell_rehearse(cell) : 0;
	if (!ret)
		ret = cell_sample(cell);
	if (bench_case->cleanup)
		bench_case->cleanup(cell->state);
	return ret;
}

/* All sizes of one case. What one size lacks, larger ones lack all the more. */
static int case_run(struct cell *cell, const struct plan_case *plan_case,
		    struct progress *progress)
{
	bool first = true;
	int ret = 0;

	cell->context.bench_case = plan_case->bench_case;
	cell->context.size_bytes = UINT64_MAX;
	while (!ret && plan_next_size(plan_case, &cell->context.size_bytes)) {
		progress_step(progress, plan_case->bench_case->name, cell->context.size_bytes);
		ret = cell_run(cell, first);
		first = false;
	}
	if (ret != CASE_SKIPPED)
		return ret;
	progress_note(progress, "case %s: left out: %s", plan_case->bench_case->name,
		      cell->context.reason);
	return 0;
}

/* A record needs samples. */
static int set_check(const struct sample_set *set, struct error *error)
{
	if (set->count)
		return 0;
	return error_set(error, OUTCOME_CANNOT, ENODATA, "case '%s': %s",
			 set->skips[0].bench_case->name, set->skips[0].reason);
}

int sampling_run(const struct plan *plan, const struct case_target *target,
		 struct variant_set *variants, const struct clock_source *clock,
		 struct sample_set *set, struct error *error)
{
	struct cell cell = {
		.context.target = target,
		.plan = plan,
		.variants = variants,
		.clock = clock,
		.set = set,
		.error = error,
	};
	struct progress progress;
	int ret = 0;
	size_t i;

	memory_settle();
	progress_init(&progress, plan_cells_count(plan));
	for (i = 0; i < plan->cases_count && !ret; i++)
		ret = case_run(&cell, &plan->cases[i], &progress);
	progress_finish(&progress);
	return ret ? ret : set_check(set, error);
}
