/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BARMAP_ANALYSIS_MODEL_SIDES_H
#define BARMAP_ANALYSIS_MODEL_SIDES_H

/* sides: the lookup after a change set against the one before, of one kernel or of two. */

#include <stdbool.h>

#include "analysis/model/compare.h"
#include "analysis/model/set.h"

/**
 * struct sides - what is set against what
 * @before: the boots of the kernel before
 * @after: those of the kernel after; may be the same
 * @change: the variant before against that after; without rows when there is but one
 * @control: stock against the same walk in the patched kernel; without rows when there is none
 * @seed: of the random numbers behind the intervals
 * @gathered: the records of the two kernels, as the sets have them; what they hold is borrowed
 */
struct sides {
	struct set before;
	struct set after;
	struct comparison change;
	struct comparison control;
	unsigned long seed;
	struct record *gathered;
};

/**
 * struct sides_request - what to set against what
 * @records: borrowed; those of the first kernel are before, those of the last are after
 * @count: at least 1, of at most two kernels
 * @before: variant before; NULL: stock, or the lookup that does the same where there is none
 * @after: variant after; NULL: vma_to_pfn, or stock where there is none
 * @seed: of the random numbers behind the intervals
 */
struct sides_request {
	const struct record *records;
	size_t count;
	const char *before;
	const char *after;
	unsigned long seed;
};

/* Returns 0, or -errno with @error set and nothing to clean up. */
int sides_init(struct sides *sides, const struct sides_request *request, struct error *error);
void sides_cleanup(struct sides *sides);

/* Whether before and after are two kernels, not two lookups of one. */
bool sides_are_two(const struct sides *sides);

#endif
