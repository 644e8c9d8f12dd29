/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BARMAP_LIB_OUTFILE_H
#define BARMAP_LIB_OUTFILE_H

/*
 * output: files that appear complete or not at all.
 *
 * A file is made in memory first. It is written under another name, synced, and renamed, with
 * SIGINT and SIGTERM held back for that moment: an interrupted program leaves nothing half done.
 */

#include <stddef.h>
#include <stdio.h>

#include "lib/error.h"

/**
 * struct output - a file being made
 * @stream: write here
 * @text: what was written so far; owned
 * @length: bytes of it
 */
struct output {
	FILE *stream;
	char *text;
	size_t length;
};

/* Returns 0 or -ENOMEM. */
int output_init(struct output *output);

/*
 * Puts the file at @directory/@name, in place of what was there. Returns 0, or -errno with @error
 * set. The output is cleaned up in either case.
 */
int output_commit(struct output *output, const char *directory, const char *name,
		  struct error *error);

/* Gives the file up. */
void output_cleanup(struct output *output);

/* Makes a directory unless it exists. Returns 0, or -errno with @error set. */
int output_directory(const char *directory, struct error *error);

#endif
