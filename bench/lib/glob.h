/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BARMAP_LIB_GLOB_H
#define BARMAP_LIB_GLOB_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/error.h"

/*
 * Choosing from a list of names by shell patterns ("vma_*,base_pfn"). A star matches a
 * slash as well.
 */

#define GLOB_PATTERN_BYTES	64

/*
 * Set @chosen[i] for each of the @count @names that one of the comma-separated @patterns matches,
 * and clear the others. NULL patterns choose all. Every pattern must match something: otherwise
 * returns -EINVAL with @error saying which does not, what it was meant to be (@what, "case") and
 * what names there are. Returns 0 or -ENOMEM else.
 */
int glob_choose(const char *what, const char *patterns, const char *const *names, size_t count,
		bool *chosen, struct error *error);

/*
 * Whether one of the comma-separated @patterns, each shorter than GLOB_PATTERN_BYTES, matches
 * @name.
 */
bool glob_matches(const char *patterns, const char *name);

/* Write "a, b, c" into @text, cut where it is full. Returns @text. */
char *glob_join(const char *const *names, size_t count, char *text, size_t bytes);

#endif
