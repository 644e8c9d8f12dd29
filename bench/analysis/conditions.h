/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BARMAP_ANALYSIS_CONDITIONS_H
#define BARMAP_ANALYSIS_CONDITIONS_H

/*
 * conditions: what a set of records was measured on, in words. A number without this means nothing.
 */

#include <stdio.h>

#include "analysis/set.h"
#include "analysis/table.h"

#define CONDITIONS_TITLE_BYTES 160

/* Kernel, IOMMU model and mode in one line, for the title of a plot. Returns @text. */
char *conditions_title(const struct set *set, char text[CONDITIONS_TITLE_BYTES]);

/* The lines above the tables: unit, kernels, IOMMU, device, machine, plan, tool. */
void conditions_print(const struct set *set, enum table_format format, FILE *out);

/*
 * One line for each condition in which a record differs from the first one, kernels aside.
 * Returns the number of lines.
 */
size_t conditions_print_differences(const struct set *set, enum table_format format, FILE *out);

#endif
