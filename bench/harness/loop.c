// SPDX-License-Identifier: GPL-2.0-or-later
#include "harness/loop.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "lib/interrupt.h"
#include "lib/size.h"

#define PAUSE_TURNS_LOG2	11	/* several times what a page costs, at two instructions a turn */

/* One case at one size. */
struct loop {
	struct case_context context;
	void *state;
	const struct plan *plan;
	struct variant_set *variants;
	struct error *error;
	uint32_t random;
};

/* Xorshift: the same pauses in every run. */
static uint32_t loop_random(struct loop *loop)
{
	loop->random ^= loop->random << 13;
	loop->random ^= loop->random >> 17;
	loop->random ^= loop->random << 5;
	return loop->random;
}

/*
 * Where both the loop over pages and a profiler's clock count instructions they can fall into step,
 * and then samples hit the same few of them. On x86 the counter is in the register that had the
 * number of the ioctl, so that a sample taken here is not taken for one of the op.
 */
static void loop_pause(struct loop *loop)
{
	unsigned long turns = 1 + (loop_random(loop) >> (32 - PAUSE_TURNS_LOG2));

#if defined(__x86_64__)
	__asm__ volatile("1: dec %0; jnz 1b" : "+S" (turns) : : "cc");
#else
	while (turns--)
		__asm__ volatile("");
#endif
}

static int loop_error(const struct loop *loop, const char *step, int err)
{
	char size[SIZE_TEXT_BYTES];

	return error_set(loop->error, OUTCOME_FAILED, err, "case '%s': %s of %s with %s: %s",
			 loop->context.bench_case->name, step,
			 size_format(loop->context.size_bytes, size),
			 loop->variants->names[loop->variants->current], strerror(err));
}

static int loop_select(const struct loop *loop, size_t variant)
{
	int ret = variant_select(loop->variants, variant);

	return ret ? loop_error(loop, "selecting a variant", -ret) : 0;
}

static int loop_ops(struct loop *loop)
{
	const struct bench_case *bench_case = loop->context.bench_case;
	const struct case_op *op;
	int ret;

	ret = bench_case->prepare ? bench_case->prepare(loop->state) : 0;
	if (ret)
		return loop_error(loop, "preparation", -ret);
	for (op = bench_case->ops; op < bench_case->ops + bench_case->ops_count; op++) {
		if (op->read)
			continue;
		loop_pause(loop);
		ret = op->run(loop->state);
		if (!ret && op->check)
			ret = op->check(loop->state);
		if (ret)
			return loop_error(loop, op->name, -ret);
	}
	return 0;
}

/* The clock that perf record -k mono stamps its samples with. */
static uint64_t loop_now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static int loop_variant(struct loop *loop, size_t variant)
{
	uint64_t start_ns;
	unsigned int i;
	int ret;

	ret = loop_select(loop, variant);
	start_ns = loop_now_ns();
	for (i = 0; i < loop->plan->iterations && !ret; i++)
		ret = interrupt_pending() ? -EINTR : loop_ops(loop);
	if (!ret)
		printf("%s\t%" PRIu64 "\t%s\t%u\t%" PRIu64 "\t%" PRIu64 "\n",
		       loop->context.bench_case->name, loop->context.size_bytes,
		       loop->variants->names[variant], i, start_ns, loop_now_ns());
	return ret;
}

static int loop_setup(struct loop *loop)
{
	const struct bench_case *bench_case = loop->context.bench_case;
	int ret;

	loop->state = NULL;
	ret = loop_select(loop, variant_walker(loop->variants));
	if (ret || !bench_case->setup)
		return ret;
	ret = bench_case->setup(&loop->context, &loop->state);
	if (ret == CASE_SKIPPED)
		return error_set(loop->error, OUTCOME_CANNOT, ENODEV, "case '%s': %s",
				 bench_case->name, loop->context.reason);
	return ret ? loop_error(loop, "set-up", -ret) : 0;
}

static int loop_cell(struct loop *loop)
{
	size_t turns[VARIANTS_MAX], count, i;
	int ret;

	ret = loop_setup(loop);
	if (ret)
		return ret;
	count = plan_variants(loop->plan, loop->context.bench_case, loop->context.size_bytes, turns);
	if (!loop->context.bench_case->sized)
		turns[count++] = loop->plan->variants[0];	/* any: it makes no difference */
	for (i = 0; i < count && !ret; i++)
		ret = loop_variant(loop, turns[i]);
	if (loop->context.bench_case->cleanup)
		loop->context.bench_case->cleanup(loop->state);
	return ret;
}

int loop_run(const struct plan *plan, const struct case_target *target,
	     struct variant_set *variants, struct error *error)
{
	char reason[CASE_REASON_BYTES];
	struct loop loop = {
		.context = { .target = target, .variants = variants, .reason = reason },
		.plan = plan,
		.variants = variants,
		.error = error,
		.random = 1,
	};
	int ret = 0;
	size_t i;

	for (i = 0; i < plan->cases_count && !ret; i++) {
		loop.context.bench_case = plan->cases[i].bench_case;
		loop.context.size_bytes = UINT64_MAX;
		while (!ret && plan_next_size(&plan->cases[i], &loop.context.size_bytes))
			ret = loop_cell(&loop);
	}
	return ret;
}
