/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BARMAP_COMMAND_PROGRAM_H
#define BARMAP_COMMAND_PROGRAM_H

#include <limits.h>
#include <stdbool.h>

/*
 * program: where what belongs to this program is. A build folder has its own; what was installed is
 * found from where this program is, so that all of it can be moved together, and else where configure
 * was told to put it.
 */

/* From the folder of the program to what was installed with it. */
#define PROGRAM_DATA	"/../share/barmap"
#define PROGRAM_LIBEXEC	"/../libexec/barmap"

/* The path of this program; "barmap" where the system does not tell. */
void program_self(char path[PATH_MAX]);

/* The path of barmap-report; only the name where it has to be looked for in PATH. */
void program_report(char path[PATH_MAX]);

#endif
