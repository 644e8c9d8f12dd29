/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BARMAP_ANALYSIS_VIEW_MEMORY_H
#define BARMAP_ANALYSIS_VIEW_MEMORY_H

#include "analysis/view/report.h"

/*
 * Prints the amounts of memory that the records hold, if any: a row for each subject. Returns 0,
 * -ENOMEM, or -EIO when the output took it badly.
 */
int report_memory_print(const struct report *report);

#endif
