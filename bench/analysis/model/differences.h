/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BARMAP_ANALYSIS_MODEL_DIFFERENCES_H
#define BARMAP_ANALYSIS_MODEL_DIFFERENCES_H

/* differences: conditions in which two records differ, kernels aside. */

#include "record/read.h"

/*
 * Calls @say for each condition in which @b differs from @a. A value is NULL where the record lacks
 * it. Returns the number of calls.
 */
size_t differences_each(const struct record *a, const struct record *b,
			void (*say)(const char *path, const json_t *a_value,
				    const json_t *b_value, void *data),
			void *data);

/*
 * "A | B" of the values, from shortly before where they differ. The caller owns it; NULL when memory
 * is out.
 */
char *differences_text(const json_t *a_value, const json_t *b_value);

#endif
