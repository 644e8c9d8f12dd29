/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BARMAP_ANALYSIS_VIEW_PAGE_PARTS_H
#define BARMAP_ANALYSIS_VIEW_PAGE_PARTS_H

/* page_parts: sections of the page, without their headings. They return 0, or -errno with @error set. */

#include "analysis/plot/figures.h"
#include "analysis/view/page.h"
#include "analysis/view/result.h"

/* The style sheet. */
extern const char page_style[];

/* The plot of the result, if it was drawn. */
int page_result_plot(const struct report *report, const struct result *result,
		     const struct figures *figures, struct error *error);

/* The other plots that the page has room for, and what is missing and why. */
int page_plots(const struct report *report, const struct result *result,
	       const struct figures *figures, struct error *error);

/* Every key of every record's first line, side by side. */
int page_records(const struct report *report, struct error *error);

/* Time and memory of the stages in which the records were made. */
int page_stages(const struct report *report, struct error *error);

/* Commands that make the same again. */
void page_reproduce(const struct report *report);

/* Prints @svg as an <img>, which runs no scripts and loads nothing, named @title. */
void page_image(const char *svg, const char *title, FILE *out);

#endif
