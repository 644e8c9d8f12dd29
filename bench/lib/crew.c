// SPDX-License-Identifier: GPL-2.0-or-later
#include "lib/crew.h"

#include <errno.h>
#include <signal.h>

static void semaphore_take(sem_t *semaphore)
{
	while (sem_wait(semaphore) && errno == EINTR)
		;
}

static void *member_main(void *data)
{
	struct crew_member *member = data;
	struct crew *crew = member->crew;

	for (;;) {
		semaphore_take(&member->go);
		if (!crew->job)
			return NULL;
		member->result = crew->job(member->data);
		sem_post(&crew->done);
	}
}

static int member_start(struct crew_member *member, struct crew *crew, void *data)
{
	int ret;

	member->crew = crew;
	member->data = data;
	sem_init(&member->go, 0, 0);
	ret = pthread_create(&member->thread, NULL, member_main, member);
	if (ret)
		sem_destroy(&member->go);
	return -ret;
}

int crew_start(struct crew *crew, size_t count, void *const *data)
{
	sigset_t all, before;
	int ret = 0;

	crew->count = 0;
	sem_init(&crew->done, 0, 0);
	/* signals are the measuring thread's business */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	while (crew->count < count && !ret) {
		ret = member_start(&crew->members[crew->count], crew, data[crew->count]);
		crew->count += !ret;
	}
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (ret)
		crew_stop(crew);
	return ret;
}

void crew_begin(struct crew *crew, crew_job job)
{
	size_t i;

	crew->job = job;
	for (i = 0; i < crew->count; i++)
		sem_post(&crew->members[i].go);
}

int crew_wait(struct crew *crew)
{
	int ret = 0;
	size_t i;

	for (i = 0; i < crew->count; i++)
		semaphore_take(&crew->done);
	for (i = 0; i < crew->count && !ret; i++)
		ret = crew->members[i].result;
	return ret;
}

int crew_run(struct crew *crew, crew_job job)
{
	crew_begin(crew, job);
	return crew_wait(crew);
}

void crew_stop(struct crew *crew)
{
	size_t i;

	crew_begin(crew, NULL);
	for (i = 0; i < crew->count; i++) {
		pthread_join(crew->members[i].thread, NULL);
		sem_destroy(&crew->members[i].go);
	}
	sem_destroy(&crew->done);
	crew->count = 0;
}
