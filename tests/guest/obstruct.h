/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BARMAP_TESTS_GUEST_OBSTRUCT_H
#define BARMAP_TESTS_GUEST_OBSTRUCT_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "lib/bar.h"
#include "lib/vfio.h"

/*
 * obstruct is two users. One is in a MAP_DMA that does not end for seconds, time after time: the
 * obstruction. The other has the functions of a card, and measures each call that it makes on them
 * meanwhile. Before each obstruction the first maps a page of each function as well, so that its
 * container has to do with what becomes of their memory.
 *
 * They are processes, so that they share no mmap_lock; but they have the same files, so that the
 * user can close for good a device that the other has mapped memory of.
 */

#define FUNCTIONS	3
#define STEPS_MAX	32

/* What both see. */
struct stage {
	atomic_uint wanted;		/* rounds that the user has asked for */
	atomic_uint begun, ended;	/* rounds that are or were in MAP_DMA */
	atomic_bool over;		/* no more rounds */
	_Atomic uint64_t begun_insn, ended_insn;	/* when the latest round did so */
	_Atomic uint64_t round_insn;	/* how long each lasts at least */
	_Atomic int fds[FUNCTIONS];	/* the open functions; -1: closed at present */
	uint64_t bar_offset[FUNCTIONS];	/* what of the file is the BAR */
};

/* The obstruction's process: rounds until there are no more. The rest is of main(). */
void obstruction_run(struct stage *stage, const char *address, uint64_t off_bytes,
		     const char *lookup) __attribute__((noreturn));

/* The user: owns the functions and calls what VFIO has. */
struct user {
	struct stage *stage;
	struct vfio_container container;
	struct vfio_device owner;	/* the first function, by which the group was opened */
	const char *const *addresses;
	struct bar bars[FUNCTIONS];
	char *vaddr;			/* where the second function's BAR is mapped */
	unsigned int turn;		/* how many times all steps were done */
};

/* One call. Between two turns of all steps everything is as it was. */
struct step {
	const char *name;
	int (*run)(struct user *user);	/* 0 or -errno */
	void (*prepare)(struct user *user);	/* before it, untimed; NULL: nothing */
};

extern const struct step user_steps[];	/* name NULL ends them */

void user_init(struct user *user, struct stage *stage, const char *const *addresses);

/* End the program: what the test needs could not be done. */
void broken(const char *what, int err) __attribute__((noreturn));

/* Instructions so far: the guest counts them. */
uint64_t insn_now(void);

#endif
