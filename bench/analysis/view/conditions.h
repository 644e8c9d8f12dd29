/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BARMAP_ANALYSIS_VIEW_CONDITIONS_H
#define BARMAP_ANALYSIS_VIEW_CONDITIONS_H

/* conditions: under which a set was measured, as lines of a name and a text. */

#include <stdio.h>

#include "analysis/document/table.h"
#include "analysis/model/set.h"

/* The lines above the tables: unit, kernels, IOMMU, device, machine, plan, tool. */
void conditions_print(const struct set *set, enum table_format format, FILE *out);

/* One line "warning" for each condition in which @b differs from @a. Returns the number of lines. */
size_t conditions_print_differences(const struct record *a, const struct record *b,
				    enum table_format format, FILE *out);

/* A line of the head: @name, and text as by printf(). In HTML a term of a <dl>. */
void conditions_line(enum table_format format, FILE *out, const char *name, const char *text, ...)
	__attribute__((format(printf, 4, 5)));

/* The lines that say what the unit is and what it does not show. */
void conditions_print_unit(const struct set *set, enum table_format format, FILE *out);

#endif
