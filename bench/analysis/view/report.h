/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BARMAP_ANALYSIS_VIEW_REPORT_H
#define BARMAP_ANALYSIS_VIEW_REPORT_H

/*
 * report: a set as tables: conditions, one table a case, the controls, and what is not clean.
 */

#include <stdbool.h>
#include <stdio.h>

#include "analysis/model/set.h"
#include "analysis/document/table.h"

/**
 * struct report - what to print and where
 * @set: what was measured
 * @format: text, Markdown, or pieces of an HTML page
 * @baseline: variant that speed-ups are relative to
 * @all: every size and every finding, instead of the key sizes and the first findings
 * @seed: with which the intervals were found; unused in exact modes
 * @out: where to
 */
struct report {
	const struct set *set;
	enum table_format format;
	const char *baseline;
	bool all;
	unsigned long seed;
	FILE *out;
};

/* Prints everything, in text or Markdown. Returns 0, -ENOMEM, or -EIO when @out took it badly. */
int report_print(const struct report *report);

/* Prints a heading with a blank line above and below. */
void report_title(const struct report *report, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Prints a sentence as by printf(); what surrounds it in text or Markdown is part of it. */
void report_say(const struct report *report, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* The series that @series of @subject is read against; NULL when there is none. */
const struct set_series *report_baseline(const struct report *report, size_t subject,
					 const struct set_series *series);

/* How many times cheaper than that @series is; NaN when there is nothing to compare with. */
double report_speedup(const struct report *report, const struct set_series *series);

#endif
