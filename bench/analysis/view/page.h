/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BARMAP_ANALYSIS_VIEW_PAGE_H
#define BARMAP_ANALYSIS_VIEW_PAGE_H

#include "analysis/view/report.h"
#include "lib/error.h"

/*
 * page: a report as one HTML file that needs nothing else. The result comes first, then the findings;
 * the rest is folded.
 */

/*
 * Writes it to @path, in place of an older one, with plots drawn now, or with those in the folder
 * @plots. Returns 0, or -errno with @error set.
 */
int page_write(const struct report *report, const char *path, const char *plots,
	       struct error *error);

#endif
