// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Mapping while another thread takes mmap_lock for writing over and over. The lookup of pfns takes
 * it for reading, once or many times, and waits its turn each time. With one CPU there is nobody to
 * wait for until a timer tick lets the other thread in.
 */
#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "cases/mapping.h"
#include "cases/registry.h"
#include "lib/workers.h"
#include "lib/size.h"

struct contention {
	struct mapping mapping;		/* first: its steps take it for the state */
	struct va_range page;		/* of which the other thread changes the protection */
	workers_job disturb;
	struct workers workers;		/* of one */
	sem_t begun;
	atomic_bool stop;
	bool running;
};

/* One turn takes the lock for writing, and gives it back. Returns 0 or -errno. */
typedef int (*contention_turn)(const struct contention *contention);

static int disturb(struct contention *contention, contention_turn turn)
{
	int ret;

	ret = turn(contention);
	sem_post(&contention->begun);
	while (!ret && !atomic_load_explicit(&contention->stop, memory_order_relaxed))
		ret = turn(contention);
	return ret;
}

static int mprotect_turn(const struct contention *contention)
{
	const struct va_range *page = &contention->page;

	if (mprotect(page->base, page->bytes, PROT_READ) ||
	    mprotect(page->base, page->bytes, PROT_NONE))
		return -errno;
	return 0;
}

static int mmap_turn(const struct contention *contention)
{
	void *vaddr;

	vaddr = mmap(NULL, contention->page.bytes, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (vaddr == MAP_FAILED)
		return -errno;
	return munmap(vaddr, contention->page.bytes) ? -errno : 0;
}

static int mprotect_disturb(void *contention)
{
	return disturb(contention, mprotect_turn);
}

static int mmap_disturb(void *contention)
{
	return disturb(contention, mmap_turn);
}

static int contention_begin(void *data)
{
	struct contention *contention = data;
	int ret;

	ret = mapping_fill_free_lists(&contention->mapping);
	if (ret)
		return ret;
	atomic_store(&contention->stop, false);
	contention->running = true;
	workers_begin(&contention->workers, contention->disturb);
	while (sem_wait(&contention->begun) && errno == EINTR)
		;
	return 0;
}

static int contention_end(void *data)
{
	struct contention *contention = data;

	if (!contention->running)
		return 0;
	contention->running = false;
	atomic_store(&contention->stop, true);
	return workers_wait(&contention->workers);
}

static int contention_start(struct contention *contention)
{
	void *data[] = { contention };
	int ret;

	ret = va_range_reserve(&contention->page, SZ_4K, SZ_4K, 0);
	if (ret)
		return ret;
	sem_init(&contention->begun, 0, 0);
	ret = workers_start(&contention->workers, 1, data);
	if (ret)
		va_range_release(&contention->page);
	return ret;
}

static int contention_setup(const struct case_context *context, void **data, workers_job job)
{
	struct contention *contention;
	int ret;

	contention = calloc(1, sizeof(*contention));
	if (!contention)
		return -ENOMEM;
	contention->disturb = job;
	ret = mapping_bar_init(&contention->mapping, context);
	if (ret)
		goto free_contention;
	ret = contention_start(contention);
	if (ret)
		goto release_mapping;
	*data = contention;
	return 0;

release_mapping:
	mapping_release(&contention->mapping);
free_contention:
	free(contention);
	return ret;
}

static int mprotect_setup(const struct case_context *context, void **data)
{
	return contention_setup(context, data, mprotect_disturb);
}

static int mmap_setup(const struct case_context *context, void **data)
{
	return contention_setup(context, data, mmap_disturb);
}

static void contention_cleanup(void *data)
{
	struct contention *contention = data;

	contention_end(contention);
	workers_stop(&contention->workers);
	sem_destroy(&contention->begun);
	va_range_release(&contention->page);
	mapping_cleanup(data);
}

static const struct case_op contention_ops[] = {
	{ .name = "map", .ready = contention_begin, .run = mapping_map, .check = contention_end },
	{ .name = "unmap", .ready = contention_begin, .run = mapping_unmap,
	  .check = contention_end },
};

#define CONTENTION_CASE(suffix, text, setup_function)			\
	{								\
		.name = "contention/" suffix,				\
		.summary = text,					\
		.sized = true,						\
		.needs = BACKEND_PROCESS,				\
		.axes = {						\
			.tables = CASE_TABLES_WARM,			\
			.iova_align_bytes = SZ_1G,			\
		},							\
		.setup = (setup_function),				\
		.ops = contention_ops,					\
		.ops_count = sizeof(contention_ops) / sizeof(contention_ops[0]), \
		.cleanup = contention_cleanup,				\
	}

static const struct bench_case contention_cases[] = {
	CONTENTION_CASE("mprotect", "as bar/aligned/warm, beside a thread that calls mprotect()",
			mprotect_setup),
	CONTENTION_CASE("mmap", "as bar/aligned/warm, beside a thread that calls mmap(), munmap()",
			mmap_setup),
};

const struct case_family case_family_contention = {
	contention_cases, sizeof(contention_cases) / sizeof(contention_cases[0]),
};
