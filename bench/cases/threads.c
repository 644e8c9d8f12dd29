// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Several threads that map at the same time, each a mapping of its own: of the same device in one
 * container, whose lock they share; or each of a device in a container of its own. The cost is that
 * from when they are let go to when the last is done. With one CPU they take turns, and it is the
 * work of all.
 */
#include <errno.h>
#include <stdlib.h>

#include "cases/fleet.h"
#include "cases/registry.h"
#include "lib/workers.h"
#include "lib/size.h"

struct threads {
	struct fleet fleet;
	struct workers workers;
};

/* The first turn of a thread takes the page faults of its stack. */
static int thread_rest(void *mapping)
{
	(void)mapping;
	return 0;
}

static int threads_start(struct threads *threads)
{
	void *data[FLEET_MAX];
	size_t i;
	int ret;

	for (i = 0; i < threads->fleet.count; i++)
		data[i] = &threads->fleet.members[i].mapping;
	ret = workers_start(&threads->workers, threads->fleet.count, data);
	return ret ? ret : workers_run(&threads->workers, thread_rest);
}

static int threads_setup(const struct case_context *context, void **data)
{
	struct threads *threads;
	int ret;

	threads = malloc(sizeof(*threads));
	if (!threads)
		return -ENOMEM;
	ret = fleet_open(&threads->fleet, context);
	if (ret)
		goto free_threads;
	ret = threads_start(threads);
	if (ret)
		goto close_fleet;
	*data = threads;
	return 0;

close_fleet:
	fleet_close(&threads->fleet);
free_threads:
	free(threads);
	return ret;
}

static int threads_fill_free_lists(void *data)
{
	struct threads *threads = data;

	return mapping_fill_free_lists(&threads->fleet.members[0].mapping);
}

static int threads_map(void *data)
{
	struct threads *threads = data;

	return workers_run(&threads->workers, mapping_map);
}

static int threads_unmap(void *data)
{
	struct threads *threads = data;

	return workers_run(&threads->workers, mapping_unmap);
}

static void threads_cleanup(void *data)
{
	struct threads *threads = data;

	workers_stop(&threads->workers);
	fleet_close(&threads->fleet);
	free(threads);
}

static const struct case_op threads_ops[] = {
	{ .name = "map", .ready = threads_fill_free_lists, .run = threads_map },
	{ .name = "unmap", .run = threads_unmap },
};

#define CONCURRENT_CASE(where, number, of_each, text)			\
	{								\
		.name = where "/" #number,				\
		.summary = text,					\
		.sized = true,						\
		.needs = BACKEND_DEVICES,				\
		.axes = {						\
			.tables = CASE_TABLES_WARM,			\
			.iova_align_bytes = SZ_1G,			\
			.threads = (number),				\
			.devices = (of_each),				\
			.containers = (of_each),			\
		},							\
		.mappings = (number),					\
		.setup = threads_setup,					\
		.ops = threads_ops,					\
		.ops_count = sizeof(threads_ops) / sizeof(threads_ops[0]), \
		.cleanup = threads_cleanup,				\
	}
#define ONE_CONTAINER_CASE(number) \
	CONCURRENT_CASE("threads", number, 0, "at the same time in one container, threads: " #number)
#define CONTAINERS_CASE(number) \
	CONCURRENT_CASE("containers", number, number, \
		     "threads with a device and a container each, at the same time: " #number)
#define COUNTS(row)	row(1), row(2), row(4), row(8)

static const struct bench_case threads_cases[] = {
	COUNTS(ONE_CONTAINER_CASE), COUNTS(CONTAINERS_CASE),
};

const struct case_family case_family_threads = {
	threads_cases, sizeof(threads_cases) / sizeof(threads_cases[0]),
};
