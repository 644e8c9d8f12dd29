/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BARMAP_ANALYSIS_VIEW_REPORT_H
#define BARMAP_ANALYSIS_VIEW_REPORT_H

/*
 * report: a set as tables: conditions, findings, one table a case, the controls. Functions that return
 * an int return 0, -ENOMEM, or -EIO when the stream took it badly.
 */

#include <stdbool.h>
#include <stdio.h>

#include "analysis/document/table.h"
#include "analysis/model/findings.h"
#include "analysis/model/set.h"

/**
 * struct report - what to print and where
 * @set: what was measured
 * @findings: what was found of it
 * @format: text, Markdown, or pieces of an HTML page
 * @all: every size and every finding, instead of the key sizes and the first findings
 * @seed: with which the intervals were found; unused in exact modes
 * @out: where to
 */
struct report {
	const struct set *set;
	const struct findings *findings;
	enum table_format format;
	bool all;
	unsigned long seed;
	FILE *out;
};

/* Prints everything, in text or Markdown. */
int report_print(const struct report *report);

/* Prints the sentence and the table of the result, if there is one. */
int report_result_print(const struct report *report);

/* Prints the tables of a case: sizes as groups, subjects as rows. */
int report_case_print(const struct report *report, const struct set_case *case_);

/* Prints the tables of the controls. */
int report_controls_print(const struct report *report);

/* Prints a table of amounts of memory, if any were read: the most of each. */
int report_memory_print(const struct report *report);

/* Prints a heading with a blank line above and below. */
void report_title(const struct report *report, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Prints a sentence as by printf(); what surrounds it in text or Markdown is part of it. */
void report_say(const struct report *report, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif
