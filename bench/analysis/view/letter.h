/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BARMAP_ANALYSIS_VIEW_LETTER_H
#define BARMAP_ANALYSIS_VIEW_LETTER_H

/*
 * letter: what was measured, as plain text for a mail that brings patches.
 *
 * It sets the lookup after a change against the one before: the tables of the plain mappings of a
 * BAR with all lookups, one row for everything else, what became worse, and the controls. What
 * speaks against the change is never left out, nor is the line that says what was emulated.
 */

#include <stdbool.h>
#include <stdio.h>

#include "analysis/model/compare.h"
#include "analysis/model/set.h"

/**
 * struct letter - what is set against what
 * @before: the boots of the kernel before
 * @after: those of the kernel after; may be the same
 * @change: the variant before against that after; without rows when there is but one
 * @control: stock against the same walk in the patched kernel; without rows when there is none
 * @seed: of the random numbers behind the intervals
 * @gathered: the records of the two kernels, as the sets have them; what they hold is borrowed
 */
struct letter {
	struct set before;
	struct set after;
	struct comparison change;
	struct comparison control;
	unsigned long seed;
	struct record *gathered;
};

/**
 * struct letter_request - what to set against what
 * @records: borrowed; those of the first kernel are before, those of the last are after
 * @count: at least 1, of at most two kernels
 * @before: variant before; NULL: stock, or follow_pfn where there is no stock
 * @after: variant after; NULL: vma_to_pfn, or stock where there is none
 * @seed: of the random numbers behind the intervals
 */
struct letter_request {
	const struct record *records;
	size_t count;
	const char *before;
	const char *after;
	unsigned long seed;
};

/* Returns 0, or -errno with @error set and nothing to clean up. */
int letter_init(struct letter *letter, const struct letter_request *request, struct error *error);
void letter_cleanup(struct letter *letter);

/* Prints the results section. Returns 0, -ENOMEM or -EIO. */
int letter_print(const struct letter *letter, FILE *out);

/*
 * Prints the table for the changelog of one patch: @before against @after, namesakes among the
 * variants, in the cases that @patterns match (as glob_matches()), at the largest size of each.
 * Returns 0, or -errno with @error set: -EINVAL when nothing matches.
 */
int letter_changelog_print(const struct record *before, const struct record *after,
			   const char *patterns, unsigned long seed, FILE *out,
			   struct error *error);

#endif
