/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BARMAP_TESTS_GUEST_STRESS_H
#define BARMAP_TESTS_GUEST_STRESS_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "lib/variant.h"
#include "oracle.h"

/*
 * stress does everything at once that can happen to the device memory of a container while it is
 * mapped for DMA: one thread or more for each operation, in one process, with no locks between
 * them. What each call returns must be one of the few errors that the others can have caused.
 */

/* The window has slots of VMA_BYTES; what may be placed into each is fixed. */
enum {
	SLOT_MEMORY,		/* two slots of cast->memory */
	SLOT_POWER = 2,		/* two slots of cast->power */
	SLOT_GUEST = 4,		/* the device that comes and goes */
	SLOT_RAM,
	SLOT_SYSFS,		/* the BAR of cast->memory, by way of sysfs */
	SLOT_ANY,
	SLOTS
};

/* IOVAs have places, each as large as two mappings of the largest size. */
#define PLACES		16
#define PLACE_BYTES	(4 * VMA_BYTES)

struct operation;

/* One thread. */
struct worker {
	struct stress *stress;
	const struct operation *operation;
	pthread_t thread;
	uint64_t random;	/* state of the generator */
	_Atomic uint64_t done, refused;	/* calls that succeeded, or failed as they may */
};

struct operation {
	const char *name;
	/* Once. Returns 0 or -errno. */
	int (*run)(struct worker *worker);
	unsigned int threads;
	unsigned int pause_us;		/* between two calls, at most */
	int refusals[4];		/* errno values that the others can cause; 0 ends them */
};

/* The rest of a row is the errors that it may be refused with, or 0. */
#define OPERATION(title, function, count, most_us, ...) \
	.name = (title), .run = (function), .threads = (count), .pause_us = (most_us), \
	.refusals = { __VA_ARGS__ }

struct stress {
	struct scene scene;		/* cast->memory; edu comes and goes */
	struct subject power;		/* cast->power */
	pthread_mutex_t command;	/* for the command register of a device */
	const char *guest;		/* address of the device that comes and goes */
	uint64_t guest_bytes;		/* of its memory */
	int sysfs_fd;
	struct variant_set variants;
	uint64_t seed;
	atomic_bool stop;
	atomic_uint failures;
};

extern const struct operation stress_map_operations[];
extern const struct operation stress_vma_operations[];
extern const struct operation stress_device_operations[];

/* The next number of the worker's own sequence, below @limit, which is not 0. */
uint64_t worker_random(struct worker *worker, uint64_t limit);

/* Sleep for a random time below @limit_us. */
void worker_pause(struct worker *worker, unsigned int limit_us);

/* Note that something is wrong, and let everything come to its end. */
void stress_fail(struct stress *stress, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* The address of @slot. */
char *stress_slot(const struct stress *stress, unsigned int slot);

/* Read a word at @vaddr. Returns 0, or -EFAULT if that was answered with a signal. */
int stress_read(const char *vaddr);

/* Catch the signals that stress_read() provokes. */
void stress_read_init(void);

#endif
