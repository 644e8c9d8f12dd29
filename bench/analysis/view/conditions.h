/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BARMAP_ANALYSIS_VIEW_CONDITIONS_H
#define BARMAP_ANALYSIS_VIEW_CONDITIONS_H

/*
 * conditions: what a set of records was measured on, in words. A number without this means nothing.
 */

#include <stdio.h>

#include "analysis/model/set.h"
#include "analysis/document/table.h"

#define CONDITIONS_TITLE_BYTES 160

/* Kernel, IOMMU model and mode in one line, for the title of a plot. Returns @text. */
char *conditions_title(const struct set *set, char text[CONDITIONS_TITLE_BYTES]);

/* The lines above the tables: unit, kernels, IOMMU, device, machine, plan, tool. */
void conditions_print(const struct set *set, enum table_format format, FILE *out);

/*
 * Calls @tell for each condition in which @b differs from @a, kernels aside. A value is NULL where
 * the record lacks it. Returns the number of calls.
 */
size_t conditions_compare(const struct record *a, const struct record *b,
			  void (*tell)(const char *path, const json_t *a_value,
				       const json_t *b_value, void *data),
			  void *data);

/* One line "warning" for each such difference. Returns the number of lines. */
size_t conditions_print_differences(const struct record *a, const struct record *b,
				    enum table_format format, FILE *out);

/* A line of the head: @name, and text as by printf(). In HTML a term of a <dl>. */
void conditions_line(enum table_format format, FILE *out, const char *name, const char *text, ...)
	__attribute__((format(printf, 4, 5)));

/* The lines that say what the unit is and what it does not show. */
void conditions_print_unit(const struct set *set, enum table_format format, FILE *out);

#endif
