/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BARMAP_COMMAND_COMMAND_H
#define BARMAP_COMMAND_COMMAND_H

#include <argp.h>

#include "lib/error.h"

/*
 * The parts of the program, one cmd_NAME.c each. A command gets its arguments with its own name as
 * the first, prints what it has to say, and returns the exit status (enum outcome).
 */
struct command {
	const char *name, *summary;
	int (*run)(int argc, char **argv);
};

int cmd_list(int argc, char **argv);
int cmd_run(int argc, char **argv);
int cmd_verify(int argc, char **argv);
int cmd_report(int argc, char **argv);
int cmd_bench(int argc, char **argv);

/* Print "barmap: TEXT" on stderr; returns the outcome as an exit status. */
int command_fail(const struct error *error);

#endif
