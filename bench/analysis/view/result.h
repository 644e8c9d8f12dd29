/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BARMAP_ANALYSIS_VIEW_RESULT_H
#define BARMAP_ANALYSIS_VIEW_RESULT_H

/*
 * result: what was found, in one sentence and one table: the largest plain mapping with page tables
 * populated, its address aligned and off by a page, each lookup that does not go page by page only to
 * be compared. Costs have three digits.
 */

#include "analysis/document/table.h"
#include "analysis/model/set.h"

/**
 * struct result - what the table shows
 * @aligned: the case whose address is aligned, or NULL
 * @off: the one that is least off, or NULL
 */
struct result {
	const struct set_case *aligned;
	const struct set_case *off;
};

/* Finds the cases in @set; either may be missing, then both are NULL. */
void result_find(const struct set *set, struct result *result);

/* Makes @table and its heads. The first says the sizes. */
void result_heads(const struct set *set, const struct result *result, struct table *table);

/*
 * Adds the rows of @set, which need not be that of @result: what is not type1's only with @others,
 * and with @brief without the names of kernels.
 */
void result_rows(const struct set *set, const struct result *result, bool others, bool brief,
		 struct table *table);

/* The sentence, owned by the caller: stock against the series. NULL when the set lacks either. */
char *result_sentence(const struct set *set, const struct result *result);

#endif
