/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BARMAP_LIB_CREW_H
#define BARMAP_LIB_CREW_H

#include <pthread.h>
#include <semaphore.h>
#include <stddef.h>

/* Threads that do the same thing at the same time, each with data of its own. */

#define CREW_MAX	8

/* Something to do; returns 0 or -errno. */
typedef int (*crew_job)(void *data);

struct crew_member {
	struct crew *crew;
	pthread_t thread;
	sem_t go;
	void *data;
	int result;
};

struct crew {
	struct crew_member members[CREW_MAX];
	size_t count;
	crew_job job;		/* the next one; NULL: there is none, end */
	sem_t done;
};

/*
 * Start @count threads, 1 to CREW_MAX, with @data[i] for each, which wait and take no signals.
 * Returns 0 or -errno. @crew must stay where it is.
 */
int crew_start(struct crew *crew, size_t count, void *const *data);

/* Let all do @job. Back when the last has done it, with 0 or what the first that failed returned. */
int crew_run(struct crew *crew, crew_job job);

/* The two halves of crew_run(). */
void crew_begin(struct crew *crew, crew_job job);
int crew_wait(struct crew *crew);

/* End the threads; none may be at work. */
void crew_stop(struct crew *crew);

#endif
