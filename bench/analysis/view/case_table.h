/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BARMAP_ANALYSIS_VIEW_CASE_TABLE_H
#define BARMAP_ANALYSIS_VIEW_CASE_TABLE_H

/*
 * report_case: the table of one case: sizes as groups, subjects as rows.
 *
 * Exact modes put the operations side by side, for there is one number to each. Noisy modes need
 * the room for the spread: they get one table an operation.
 */

#include "analysis/view/report.h"

/* Prints the tables of @case_. Returns 0, -ENOMEM or -EIO. */
int report_case_print(const struct report *report, const struct set_case *case_);

#endif
