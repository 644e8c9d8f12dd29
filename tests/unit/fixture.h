/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BARMAP_TESTS_FIXTURE_H
#define BARMAP_TESTS_FIXTURE_H

/* Records made up for tests. A failure to make one aborts the test program. */

#include <stdint.h>
#include <stdio.h>

#include "record/read.h"

/**
 * struct fixture - a record file being made
 * @out: write lines here
 * @unit: of its samples
 * @samples: number of samples so far
 * @path: where it is, once it is finished
 */
struct fixture {
	FILE *out;
	const char *unit;
	unsigned int samples;
	char path[64];
};

/* A file in the temporary folder with the env line of that kernel. */
void fixture_begin(struct fixture *fixture, const char *kernel, const char *mode,
		   const char *unit);
void fixture_sample(struct fixture *fixture, const char *case_name, const char *op,
		    const char *variant, uint64_t size_bytes, long cost);

/* Adds the end line. */
void fixture_end(struct fixture *fixture);

/* Reads the finished file into @record and removes it. */
void fixture_read(struct fixture *fixture, struct record *record);

/* Writes @length bytes of @text as a file; @path has room for 64 bytes. */
void fixture_text(char *path, const char *text, size_t length);

/* The env line without its newline; static. */
const char *fixture_env(const char *kernel, const char *mode, const char *unit);

#endif
