/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BARMAP_ANALYSIS_VIEW_PAGE_PARTS_H
#define BARMAP_ANALYSIS_VIEW_PAGE_PARTS_H

/*
 * report_html_parts: the sections of the page. Each prints its content to the report's stream, in
 * HTML; the page puts the headings above.
 */

#include "analysis/plot/figures.h"
#include "analysis/view/report.h"
#include "lib/error.h"

/* The style sheet. */
extern const char report_html_style[];

/* What a reader must know before believing a number. Returns 0 or -ENOMEM. */
int report_html_warnings(const struct report *report);

/* What the unit is, what it shows and what not. */
void report_html_unit(const struct report *report);

/* Every key of every record's first line, side by side. Returns 0 or -ENOMEM. */
int report_html_records(const struct report *report);

/* Time and memory of the stages in which the records were made. Returns 0 or -ENOMEM. */
int report_html_stages(const struct report *report);

/* Commands that make the same again. */
void report_html_reproduce(const struct report *report);

/* All figures, with what is missing and why. Returns 0, or -errno with @error set. */
int report_html_plots(const struct report *report, const struct figures *figures,
		      struct error *error);

/*
 * Prints @svg, made by gnuplot, as an element of a page: without what only a file needs, named
 * @title for who cannot see it, and with @prefix before each of its ids, so that those of several
 * do not clash. Returns 0, or -EBADMSG when it is no SVG, or holds what none of ours does.
 */
int report_html_svg(const char *svg, const char *prefix, const char *title, FILE *out);

#endif
