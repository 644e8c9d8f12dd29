/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BARMAP_ANALYSIS_VIEW_LETTER_PARTS_H
#define BARMAP_ANALYSIS_VIEW_LETTER_PARTS_H

/*
 * letter_parts: the parts of the letter. They print lines of any width, which letter_text lays out.
 * Those that return an int return 0, -ENOMEM or -EIO.
 */

#include "analysis/view/letter.h"
#include "analysis/document/table.h"

/* Whether before and after are two kernels, not two lookups of one. */
bool letter_is_of_two(const struct letter *letter);

/* What was emulated, or what the hardware was; always the first lines. */
void letter_head_print(const struct record *record, FILE *out);

/* What the letter compares, and where the two sides differ in other things. */
void letter_conditions_print(const struct letter *letter, FILE *out);

/* The plain mappings at their largest size, with all lookups that take large strides. */
int letter_lookups_print(const struct letter *letter, FILE *out);

/* The cost of a page where the lookup goes page by page. */
int letter_pages_print(const struct letter *letter, FILE *out);

/* Every case at its largest size: before against after. */
int letter_cases_print(const struct letter *letter, FILE *out);

/* Rows at any size that became worse; that there are none, when there are none. */
void letter_worse_print(const struct letter *letter, FILE *out);

/* Memory that page tables take after the map, and after the first touch. */
int letter_memory_print(const struct letter *letter, FILE *out);

/* What a sceptical reader asks before believing the tables. */
void letter_control_print(const struct letter *letter, FILE *out);

/* Adds the cells of @row behind the first, as letter_row_heads() names them. */
void letter_row_heads(const struct comparison *comparison, struct table *table);
void letter_row_cells(const struct comparison *comparison, struct table *table,
		      const struct compare_row *row);

/* The cost as a cell; with ~ where samples differ that should be equal. Returns @text. */
char *letter_cost(const struct set_series *series, bool exact, char *text);

/* Whether @row is that of the largest size of its case, operation and variant. */
bool letter_row_is_largest(const struct comparison *comparison, const struct compare_row *row);

#endif
