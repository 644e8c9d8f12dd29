/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BARMAP_ANALYSIS_VIEW_COMPARISON_H
#define BARMAP_ANALYSIS_VIEW_COMPARISON_H

/* compare_print: a comparison for people (text, Markdown) and for programs (CSV, JSON). */

#include <stdbool.h>
#include <stdio.h>

#include "analysis/model/compare.h"

/* As options name them, in that order. */
#define COMPARE_FORMATS "text|markdown|csv|json"

enum compare_format {
	COMPARE_TEXT,
	COMPARE_MARKDOWN,
	COMPARE_CSV,
	COMPARE_JSON,
};

/**
 * struct compare_view - how to show comparisons
 * @format: form of the output
 * @all: every row, instead of the changed ones (text and Markdown)
 * @seed: of the intervals, to be told
 * @out: where to
 */
struct compare_view {
	enum compare_format format;
	bool all;
	unsigned long seed;
	FILE *out;
};

/*
 * Prints @count comparisons with the same A, one after the other. Returns 0, -ENOMEM, or -EIO when
 * the stream took it badly.
 */
int compare_print(const struct compare_view *view, const struct comparison *comparisons,
		  size_t count);

#endif
