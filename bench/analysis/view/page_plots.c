// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/view/page_parts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/document/html.h"
#include "analysis/plot/parts.h"
#include "lib/array.h"

/* How to read what a script draws; the long form is in doc/method.md. */
static const struct {
	const char *script;
	const char *heading;
	const char *reading;
	bool of_result;		/* only of the cases that the result is about */
} scripts[] = {
	{ "cost", "Cost against size",
	  "A line of slope one is work done page by page; a level line is work done once.", true },
	{ "alignment", "Alignment",
	  "Along a row, a lookup that does not depend on alignment keeps its colour while the IOMMU's "
	  "entries stay as large.", false },
	{ "touch", "First touch after map",
	  "What is cheap to map and dear to touch has moved work: the last panel has the sum.", false },
	{ "scaling", "Several at once",
	  "Cost until all are done. In time, level is perfect and slope one is taking turns; in "
	  "instructions, slope one is the same work for each.", false },
	{ "ecdf", "Distribution of the samples",
	  "Upright is steady; a step aside is a second mode; a long tail is interruptions.", true },
	{ "phases", "Phases", "What the instructions of a page are spent on.", false },
};

/* A newline in a URL would be dropped, a # end it. */
void page_image(const char *svg, const char *title, FILE *out)
{
	fputs("<img alt=\"", out);
	html_escape(title, out);
	fputs("\" src=\"data:image/svg+xml,", out);
	for (; *svg; svg++) {
		if (strchr("\"#%&'", *svg))
			fprintf(out, "%%%02X", (unsigned char)*svg);
		else if (!strchr(" \t\n", *svg))
			putc(*svg, out);
		else if (!svg[1] || !strchr(" \t\n", svg[1]))
			putc(' ', out);
	}
	fputs("\">", out);
}

static bool figure_is_drawn(const struct figure *figure)
{
	return strcmp(figure->file, "-");
}

static bool figure_is_of(const struct figure *figure, const struct set_case *case_)
{
	char slug[NAME_MAX];
	size_t length;

	plot_slug(case_->name, slug);
	length = strlen(slug);
	return !strncmp(figure->file, slug, length) && figure->file[length] == '-';
}

static int figure_print(const struct figures *figures, const struct figure *figure, FILE *out,
			struct error *error)
{
	char *svg = figures_read(figures, figure, ".svg", error);

	if (!svg)
		return -EIO;
	fputs("<figure class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"", out);
	html_escape(figure->text, out);
	fputs("\">", out);
	page_image(svg, figure->text, out);
	fputs("</figure>\n", out);
	free(svg);
	return 0;
}

/* The figure of the result, NULL without one: it stands on top, and there only. */
static const struct figure *result_figure(const struct figures *figures,
					  const struct result *result)
{
	const struct figure *figure;

	for (figure = figures->list; figure < figures->list + figures->count; figure++)
		if (result->off && figure_is_drawn(figure) && !strcmp(figure->script, "cost") &&
		    figure_is_of(figure, result->off))
			return figure;
	return NULL;
}

int page_result_plot(const struct report *report, const struct result *result,
		     const struct figures *figures, struct error *error)
{
	const struct figure *figure = result_figure(figures, result);

	return figure ? figure_print(figures, figure, report->out, error) : 0;
}

/* Whether the page has room for it: all plots together are some megabytes. */
static bool figure_is_shown(const struct figure *figure, size_t script,
			    const struct result *result)
{
	if (!figure_is_drawn(figure) || strcmp(figure->script, scripts[script].script))
		return false;
	return !scripts[script].of_result || !result->aligned ||
	       figure_is_of(figure, result->aligned) || figure_is_of(figure, result->off);
}

static int script_print(const struct report *report, const struct result *result,
			const struct figures *figures, size_t script, struct error *error)
{
	const struct figure *figure;
	bool any = false;
	int err = 0;

	for (figure = figures->list; figure < figures->list + figures->count && !err; figure++) {
		if (figure == result_figure(figures, result) ||
		    !figure_is_shown(figure, script, result))
			continue;
		if (!any) {
			html_element(report->out, "h3", "%s", scripts[script].heading);
			html_element(report->out, "p", "%s", scripts[script].reading);
		}
		any = true;
		err = figure_print(figures, figure, report->out, error);
	}
	return err;
}

static void missing_print(const struct figures *figures, FILE *out)
{
	size_t i, count = 0;

	for (i = 0; i < figures->count; i++) {
		if (figure_is_drawn(&figures->list[i]))
			continue;
		fputs(count++ ? "" : "<h3>Left out</h3>\n<ul>\n", out);
		html_element(out, "li", "%s: %s", figures->list[i].script, figures->list[i].text);
	}
	fputs(count ? "</ul>\n" : "", out);
}

int page_plots(const struct report *report, const struct result *result,
	       const struct figures *figures, struct error *error)
{
	size_t script;
	int err;

	for (script = 0; script < ARRAY_SIZE(scripts); script++) {
		err = script_print(report, result, figures, script, error);
		if (err)
			return err;
	}
	html_element(report->out, "p", "barmap report RECORD... --output DIR and plots/draw DIR draw "
		     "all plots: also the cost, the cost per page, the speed-up and the distance to "
		     "the floor of each case.");
	missing_print(figures, report->out);
	return 0;
}
