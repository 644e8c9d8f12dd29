/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BARMAP_TESTS_GUEST_FUZZ_HOST_H
#define BARMAP_TESTS_GUEST_FUZZ_HOST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <time.h>

#include "fuzz.h"

/* The part of the fuzzer that runs on the host. */

/* ---- fuzz_generate.c ---- */

/* Make the program of @seed: the same everywhere, for ever. */
void fuzz_generate(uint64_t seed, struct fuzz_program *program);

/* The next number of a sequence (splitmix64). */
uint64_t fuzz_random(uint64_t *state);

/* ---- fuzz_guests.c: the guests ---- */

struct fuzz_guest {
	const char *name;		/* "untouched", "patched" */
	const char *shared_path;
	char **command;			/* boots it; NULL ends it */
	struct fuzz_shared *shared;
	pid_t pid;			/* of the command; 0: not running */
	unsigned int boots;
};

/* What a guest said of one program. */
struct fuzz_answer {
	char *text;			/* lines; the caller frees it */
	bool lost;			/* the guest died or hung with it */
};

/* Boot both. Dies if one does not come up. */
void fuzz_guests_start(struct fuzz_guest guests[2]);

/* End the guest, if it runs. */
void fuzz_guest_stop(struct fuzz_guest *guest);

/*
 * Run @count programs on both guests, with @lookup on the second. A guest that does not live
 * through one is booted again and goes on behind it. @stock and @subject have room for @count
 * answers: the first guest's, and the second's. Where @stock has answers already (its texts are not
 * NULL), they stay, and the first guest runs nothing.
 */
void fuzz_guests_run(struct fuzz_guest guests[2], const char *lookup, bool verbose,
		     const struct fuzz_program *programs, unsigned int count,
		     struct fuzz_answer *stock, struct fuzz_answer *subject);

/* Their texts are NULL behind it. */
void fuzz_answers_free(struct fuzz_answer *answers, unsigned int count);

/* ---- fuzz_compare.c ---- */

#define FUZZ_TEXT_MAX	320

/* Where two answers differ first. */
struct fuzz_verdict {
	bool differ;
	unsigned int calls;		/* compared */
	const char *listed;		/* a listed difference ended the comparison; its entry */
	char what[32];			/* name of the call, "end", "ended", "fault" */
	char stock[FUZZ_TEXT_MAX], subject[FUZZ_TEXT_MAX];	/* the lines */
};

/*
 * Read the listed differences: those for @kernel and a subject that has @parameters, both as the
 * guest says. Dies if the file is malformed.
 */
void fuzz_differences_read(const char *path, const char *kernel, const char *parameters);

/* How often each entry was met, to standard output. */
void fuzz_differences_print(void);

void fuzz_compare(const char *lookup, const struct fuzz_answer *stock,
		  const struct fuzz_answer *subject, struct fuzz_verdict *verdict);

/* ---- fuzz_shrink.c ---- */

/*
 * Make @program as short and simple as it can be and still differ as @verdict says; @verdict
 * becomes that of the result.
 */
void fuzz_shrink(struct fuzz_guest guests[2], const char *lookup, struct fuzz_program *program,
		 struct fuzz_verdict *verdict);

/* End with a message and a status. */
void fuzz_die(int status, const char *format, ...)
	__attribute__((format(printf, 2, 3), noreturn));

#endif
