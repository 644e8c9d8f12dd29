/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BARMAP_LIB_OUTFILE_H
#define BARMAP_LIB_OUTFILE_H

#include <stdbool.h>
#include <stdio.h>

#include "lib/error.h"

/*
 * outfile: files that appear complete or not at all, and a standard output that is not lost.
 *
 * A file is written under the name PATH.tmp-PID, synced, and renamed. However the program ends, the
 * temporary file goes (interrupt.h). What is no regular file (a terminal, a pipe) is written as it is.
 */

/**
 * struct outfile - a file under way; one at a time
 * @stream: write here
 * @path: where it will be; owned
 * @temporary: where it is; owned, NULL where @path is no regular file
 * @replace: may take the place of another file
 */
struct outfile {
	FILE *stream;
	char *path, *temporary;
	bool replace;
};

/*
 * Begins the file named by @format: its place is claimed now. Returns 0, or -errno with @error set:
 * it is there already and not to be replaced, or cannot be written.
 */
int outfile_open(struct outfile *file, bool replace, struct error *error, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/*
 * Makes the file appear, durable and whole. Returns 0, or -errno with @error set and nothing left.
 * The outfile is cleaned up in any case.
 */
int outfile_commit(struct outfile *file, struct error *error);

/* Gives the file up. */
void outfile_abandon(struct outfile *file);

/* Makes a directory unless it exists. Returns 0, or -errno with @error set. */
int outfile_directory(const char *directory, struct error *error);

/* See to it that the program ends with OUTCOME_FAILED and a line that says why if what it printed
 * on standard output was not written. Where a standard stream is closed it is /dev/null from now
 * on, for children too: the next file that is opened must not take its place. Call once, at the start.
 */
void outfile_watch_stdout(void);

/* From now on the program ends with @outcome then: for one whose OUTCOME_FAILED is an answer. */
void outfile_stdout_fails_as(enum outcome outcome);

#endif
