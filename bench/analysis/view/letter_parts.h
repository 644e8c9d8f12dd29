/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BARMAP_ANALYSIS_VIEW_LETTER_PARTS_H
#define BARMAP_ANALYSIS_VIEW_LETTER_PARTS_H

/*
 * letter_parts: the parts of the letter. They print lines of any width, which document/mail lays out.
 * Those that return an int return 0, -ENOMEM or -EIO.
 */

#include "analysis/document/table.h"
#include "analysis/model/findings.h"
#include "analysis/view/letter.h"

/* What was emulated, or what the hardware was; always the first lines. */
void letter_head_print(const struct record *record, FILE *out);

/* What the letter compares, and where the two sides differ in other things. */
void letter_conditions_print(const struct sides *sides, FILE *out);

/* The plain mappings at their largest size, all lookups in one table, three digits. */
int letter_result_print(const struct sides *sides, FILE *out);

/* The cost of a page where the lookup goes page by page. */
int letter_pages_print(const struct sides *sides, FILE *out);

/* What became of the other families of cases, as factors. */
int letter_families_print(const struct sides *sides, FILE *out);

/* The plain mappings one by one, with all that is known of each lookup. */
int letter_lookups_print(const struct sides *sides, FILE *out);

/* Every case at its largest size: before against after. */
int letter_cases_print(const struct sides *sides, FILE *out);

/* Every value that became worse, with the reason; that there is none, when there is none. */
void letter_worse_print(const struct sides *sides, FILE *out);

/* Memory that page tables take after the map, and after the first touch. */
int letter_memory_print(const struct sides *sides, FILE *out);

/* What a sceptical reader asks before believing the tables. */
void letter_control_print(const struct sides *sides, FILE *out);

/* The cells of a row behind the first, and their heads. */
void letter_row_heads(const struct comparison *comparison, struct table *table);
void letter_row_cells(const struct comparison *comparison, struct table *table,
		      const struct compare_row *row);

/* The cost as a cell; with ~ where samples differ that should be equal. Returns @text. */
char *letter_cost(const struct set_series *series, bool exact, char *text);

#endif
