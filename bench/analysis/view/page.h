/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BARMAP_ANALYSIS_VIEW_PAGE_H
#define BARMAP_ANALYSIS_VIEW_PAGE_H

/*
 * report_html: everything about a set on one HTML page that needs nothing else: no network, no
 * other file, no script.
 */

#include "analysis/plot/figures.h"
#include "analysis/view/report.h"
#include "lib/error.h"

/*
 * Prints the page, with @figures as SVG. The report's format and all do not matter. Returns 0, or
 * -errno with @error set.
 */
int report_html_print(const struct report *report, const struct figures *figures,
		      struct error *error);

/*
 * Writes the page to @path, with the plots in @plots or, when that is NULL, with ones drawn for it.
 * A file that is there is replaced if it is such a page, and refused if not. Returns 0, or -errno
 * with @error set.
 */
int report_html_write(const struct report *report, const char *path, const char *plots,
		      struct error *error);

#endif
