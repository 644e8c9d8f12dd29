/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BARMAP_LIB_WORKERS_H
#define BARMAP_LIB_WORKERS_H

#include <pthread.h>
#include <semaphore.h>
#include <stddef.h>

/* Threads that do the same thing at the same time, each with data of its own. */

#define WORKERS_MAX	8

/* Something to do; returns 0 or -errno. */
typedef int (*workers_job)(void *data);

struct worker {
	struct workers *workers;
	pthread_t thread;
	sem_t go;
	void *data;
	int result;
};

struct workers {
	struct worker members[WORKERS_MAX];
	size_t count;
	workers_job job;		/* the next one; NULL: there is none, end */
	sem_t done;
};

/*
 * Start @count threads, 1 to WORKERS_MAX, with @data[i] for each, which wait and take no signals.
 * Returns 0 or -errno. @workers must stay where it is.
 */
int workers_start(struct workers *workers, size_t count, void *const *data);

/* Let all do @job. Back when the last has done it, with 0 or what the first that failed returned. */
int workers_run(struct workers *workers, workers_job job);

/* The two halves of workers_run(). */
void workers_begin(struct workers *workers, workers_job job);
int workers_wait(struct workers *workers);

/* End the threads; none may be at work. */
void workers_stop(struct workers *workers);

#endif
