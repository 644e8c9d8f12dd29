/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BARMAP_ANALYSIS_VIEW_LETTER_H
#define BARMAP_ANALYSIS_VIEW_LETTER_H

/*
 * letter: what was measured, as plain text for a mail that brings patches. What speaks against the
 * change is never left out, nor is the line that says what was emulated.
 */

#include <stdio.h>

#include "analysis/model/sides.h"

/*
 * Prints the results section: the result in sixty lines or less, or with @full every case. Returns 0,
 * -ENOMEM or -EIO.
 */
int letter_print(const struct sides *sides, bool full, FILE *out);

/*
 * Prints the table for the changelog of one patch: @before against @after, namesakes among the
 * variants, in the cases that @patterns match (as glob_matches()), at the largest size of each.
 * Returns 0, or -errno with @error set: -EINVAL when nothing matches.
 */
int letter_changelog_print(const struct record *before, const struct record *after,
			   const char *patterns, unsigned long seed, FILE *out,
			   struct error *error);

#endif
