/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BARMAP_LIB_PROGRAM_H
#define BARMAP_LIB_PROGRAM_H

#include <stddef.h>

#include "lib/error.h"

/* program: what barmap and barmap-report are but for their commands. */

/*
 * A command gets its arguments with its own name as the first and prints what it has to say. It
 * returns 0, or -errno with @error filled, whose outcome is then the exit status.
 */
struct command {
	const char *name, *summary;
	int (*run)(int argc, char **argv, struct error *error);
};

struct program {
	const char *name, *version;
	const char *usage;		/* the head of --help, before the commands ... */
	const char *statuses;		/* ... and what exit statuses mean, after them */
	const struct command *commands;
	size_t commands_count;
};

/* Run the command that @argv names, or answer --help and --version. Returns the exit status. */
int program_run(const struct program *program, int argc, char **argv);

#endif
