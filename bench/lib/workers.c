// SPDX-License-Identifier: GPL-2.0-or-later
#include "lib/workers.h"

#include <errno.h>
#include <signal.h>

static void semaphore_take(sem_t *semaphore)
{
	while (sem_wait(semaphore) && errno == EINTR)
		;
}

static void *member_main(void *data)
{
	struct worker *member = data;
	struct workers *workers = member->workers;

	for (;;) {
		semaphore_take(&member->go);
		if (!workers->job)
			return NULL;
		member->result = workers->job(member->data);
		sem_post(&workers->done);
	}
}

static int member_start(struct worker *member, struct workers *workers, void *data)
{
	int ret;

	member->workers = workers;
	member->data = data;
	sem_init(&member->go, 0, 0);
	ret = pthread_create(&member->thread, NULL, member_main, member);
	if (ret)
		sem_destroy(&member->go);
	return -ret;
}

int workers_start(struct workers *workers, size_t count, void *const *data)
{
	sigset_t all, before;
	int ret = 0;

	workers->count = 0;
	sem_init(&workers->done, 0, 0);
	/* signals are the measuring thread's business */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	while (workers->count < count && !ret) {
		ret = member_start(&workers->members[workers->count], workers, data[workers->count]);
		workers->count += !ret;
	}
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (ret)
		workers_stop(workers);
	return ret;
}

void workers_begin(struct workers *workers, workers_job job)
{
	size_t i;

	workers->job = job;
	for (i = 0; i < workers->count; i++)
		sem_post(&workers->members[i].go);
}

int workers_wait(struct workers *workers)
{
	int ret = 0;
	size_t i;

	for (i = 0; i < workers->count; i++)
		semaphore_take(&workers->done);
	for (i = 0; i < workers->count && !ret; i++)
		ret = workers->members[i].result;
	return ret;
}

int workers_run(struct workers *workers, workers_job job)
{
	workers_begin(workers, job);
	return workers_wait(workers);
}

void workers_stop(struct workers *workers)
{
	size_t i;

	workers_begin(workers, NULL);
	for (i = 0; i < workers->count; i++) {
		pthread_join(workers->members[i].thread, NULL);
		sem_destroy(&workers->members[i].go);
	}
	sem_destroy(&workers->done);
	workers->count = 0;
}
