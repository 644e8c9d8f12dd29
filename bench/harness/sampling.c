// SPDX-License-Identifier: GPL-2.0-or-later
#include "harness/sampling.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "lib/interrupt.h"
#include "harness/progress.h"
#include "harness/shuffle.h"
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
	struct shuffle shuffle;
	size_t turns[VARIANTS_MAX];		/* variants in the order of this iteration */
	size_t turns_count;
	unsigned int repeats[VARIANTS_MAX];	/* of each variant */
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

/* The same between two readings of the counters, if the clock has some. */
static int op_count(const struct case_op *op, void *state, const struct clock_source *clock,
		    struct sample *sample, uint64_t *cost)
{
	struct counters_reading before;
	int ret;

	if (!clock->counters)
		return op_time(op, state, clock, cost);
	counters_read(clock->counters, &before);
	ret = op_time(op, state, clock, cost);
	counters_add(clock->counters, &before, sample->counts);
	return ret;
}

static int op_run(const struct case_op *op, void *state, const struct clock_source *clock,
		  struct sample *sample)
{
	uint64_t cost = 0;
	int ret;

	if (clock->wait_tick)
		clock->wait_tick();
	ret = op->ready ? op->ready(state) : 0;
	if (!ret)
		ret = op_count(op, state, clock, sample, &cost);
	sample->cost += cost;
	return !ret && op->check ? op->check(state) : ret;
}

/* Run @op once and add what it cost, or keep what it read. */
static int cell_run_op(const struct cell *cell, const struct case_op *op, struct sample *sample)
{
	if (op->read)
		return op->read(cell->state, &sample->cost);
	return op_run(op, cell->state, cell->clock, sample);
}

/* All ops in turn, once. */
static int cell_run_ops(const struct cell *cell, size_t variant, struct sample *samples)
{
	const struct bench_case *bench_case = cell->context.bench_case;
	size_t i;
	int ret;

	if (interrupt_pending())
		return -EINTR;
	ret = bench_case->prepare ? bench_case->prepare(cell->state) : 0;
	if (ret)
		return cell_error(cell, "preparation", variant, -ret);
	for (i = 0; i < bench_case->ops_count; i++) {
		ret = cell_run_op(cell, &bench_case->ops[i], &samples[i]);
		if (ret)
			return cell_error(cell, bench_case->ops[i].name, variant, -ret);
	}
	return 0;
}

/* A case without variants has its repeats in the first place. */
static unsigned int *cell_repeats(struct cell *cell, size_t variant)
{
	return &cell->repeats[variant == SAMPLE_VARIANT_NONE ? 0 : variant];
}

/* Empty samples, one for each op, behind those that there are. */
static struct sample *cell_samples(struct cell *cell, size_t variant, unsigned int iteration)
{
	struct sample *samples = &cell->set->samples[cell->set->count];
	size_t i;

	for (i = 0; i < cell->context.bench_case->ops_count; i++)
		samples[i] = (struct sample) {
			.bench_case = cell->context.bench_case,
			.op = &cell->context.bench_case->ops[i],
			.variant = variant,
			.size_bytes = cell->context.size_bytes,
			.iteration = iteration,
			.order = cell->set->count + i,
			.repeats = *cell_repeats(cell, variant),
		};
	return samples;
}

/* One sample of each op, which the set does not count yet. */
static int cell_sample_variant(struct cell *cell, size_t variant, unsigned int iteration)
{
	struct sample *samples = cell_samples(cell, variant, iteration);
	unsigned int repeat;
	int ret;

	ret = cell_select(cell, variant);
	for (repeat = 0; repeat < *cell_repeats(cell, variant) && !ret; repeat++)
		ret = cell_run_ops(cell, variant, samples);
	return ret;
}

static int cell_sample_iteration(struct cell *cell, unsigned int iteration)
{
	size_t i;
	int ret;

	if (cell->plan->protocol.shuffled)
		shuffle_items(&cell->shuffle, cell->turns, cell->turns_count);
	for (i = 0; i < cell->turns_count; i++) {
		ret = cell_sample_variant(cell, cell->turns[i], iteration);
		if (ret)
			return ret;
		cell->set->count += cell->context.bench_case->ops_count;
	}
	return 0;
}

static int cell_sample(struct cell *cell)
{
	unsigned int iteration;
	int ret;

	for (iteration = 0; iteration < cell->plan->iterations; iteration++) {
		ret = cell_sample_iteration(cell, iteration);
		if (ret)
			return ret;
	}
	return 0;
}

/* The smallest cost among the samples that were taken last, amounts of memory aside. */
static uint64_t cell_least_cost(const struct cell *cell)
{
	const struct sample *samples = &cell->set->samples[cell->set->count];
	uint64_t cost = UINT64_MAX;
	size_t i;

	for (i = 0; i < cell->context.bench_case->ops_count; i++)
		if (!samples[i].op->read && samples[i].cost < cost)
			cost = samples[i].cost;
	return cost;
}

/* Find how many repeats @variant needs, by samples that are not kept. */
static int cell_grow(struct cell *cell, size_t variant)
{
	unsigned int *repeats = cell_repeats(cell, variant), enough = 1;
	uint64_t start;
	int ret;

	do {
		*repeats = enough;
		start = cell->clock->read();
		ret = cell_sample_variant(cell, variant, 0);
		if (ret)
			return ret;
		enough = protocol_repeats(&cell->plan->protocol, *repeats, cell_least_cost(cell),
					  cell->clock->read() - start);
	} while (enough > *repeats);
	return 0;
}

static int cell_grow_all(struct cell *cell)
{
	int ret = 0;
	size_t i;

	for (i = 0; i < cell->turns_count && !ret; i++)
		ret = cell_grow(cell, cell->turns[i]);
	return ret;
}

/*
 * Iterations that are thrown away. They fill what the kernel keeps per CPU, such as free pages,
 * which is enough once for a case where nothing but instructions counts; elsewhere they warm
 * caches, and those at each size.
 */
static int cell_warm_up(struct cell *cell, bool first)
{
	const struct protocol *protocol = &cell->plan->protocol;
	size_t count = cell->set->count;
	unsigned int iteration;
	int ret = 0;

	if (!first && !protocol->shuffled)
		return 0;
	if (protocol->min_time_ns)
		ret = cell_grow_all(cell);
	for (iteration = 0; iteration < protocol->warmup && !ret; iteration++) {
		ret = cell_sample_iteration(cell, iteration);
		cell->set->count = count;
	}
	return ret;
}

/* Who takes turns, each without repeats at first. */
static void cell_set_turns(struct cell *cell)
{
	size_t i;

	cell->turns_count = plan_variants(cell->plan, cell->context.bench_case,
					  cell->context.size_bytes, cell->turns);
	if (!cell->context.bench_case->sized)
		cell->turns[cell->turns_count++] = SAMPLE_VARIANT_NONE;
	for (i = 0; i < VARIANTS_MAX; i++)
		cell->repeats[i] = 1;
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

static int cell_run(struct cell *cell, bool first)
{
	const struct bench_case *bench_case = cell->context.bench_case;
	int ret;

	ret = cell_setup(cell);
	if (ret)
		return ret;
	cell_set_turns(cell);
	ret = cell_warm_up(cell, first);
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
		.context = { .target = target, .variants = variants },
		.plan = plan,
		.variants = variants,
		.clock = clock,
		.set = set,
		.error = error,
	};
	struct progress progress;
	int ret = 0;
	size_t i;

	shuffle_init(&cell.shuffle, plan->protocol.seed);
	memory_settle();
	progress_init(&progress, plan_cells_count(plan));
	for (i = 0; i < plan->cases_count && !ret; i++)
		ret = case_run(&cell, &plan->cases[i], &progress);
	progress_finish(&progress);
	return ret ? ret : set_check(set, error);
}
