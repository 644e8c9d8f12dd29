// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/view/page_parts.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/document/html.h"

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

/* How to read what a script draws; the long form is in doc/method.md. */
static const struct {
	const char *script;
	const char *heading;
	const char *reading;
} scripts[] = {
	{ "cost", "Cost against size",
	  "A line of slope one is work done page by page; a level line is work done once." },
	{ "page", "Cost per page",
	  "Level is page by page; falling is work done once." },
	{ "speedup", "Speed-up",
	  "What grows with size is fewer lookups; what stays the same is a cheaper lookup." },
	{ "floor", "Distance to the floor",
	  "A multiple of what the IOMMU alone costs: near 1 there is nothing left to gain." },
	{ "cases", "Cases side by side", "All on one scale." },
	{ "alignment", "Alignment",
	  "Along a row, a lookup that does not depend on alignment keeps its colour while the IOMMU's "
	  "entries stay as large." },
	{ "touch", "First touch after map",
	  "What is cheap to map and dear to touch has moved work: the last panel has the sum." },
	{ "scaling", "Several at once",
	  "Cost until all are done. In time, level is perfect and slope one is taking turns; in "
	  "instructions, slope one is the same work for each." },
	{ "ecdf", "Distribution of the samples",
	  "Upright is steady; a step aside is a second mode; a long tail is interruptions." },
	{ "phases", "Phases", "What the instructions of a page are spent on." },
};

/* Said by every one of gnuplot's elements, and so anyway. */
static const char *const redundant[] = {
	" stroke-linecap=\"butt\" stroke-linejoin=\"miter\"",
	" font-family=\"DejaVu Sans\"",
};

/* What none of our plots holds, and no page may take from a file. */
static const char *const foreign[] = {
	"<script", "<foreignObject", "<image", "<iframe", "<style", "<a ", "<animate", "<set",
	"javascript:", " on",
};

/* An attribute that holds, or ends with, an id. */
static const char *const id_starts[] = { " id=\"", " id='", "xlink:href=\"#", "xlink:href='#", "url(#" };

static bool starts(const char *text, const char *with)
{
	return !strncmp(text, with, strlen(with));
}

/* Length of the first of @texts that @at begins with, or 0. */
static size_t match(const char *at, const char *const *texts, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (starts(at, texts[i]))
			return strlen(texts[i]);
	return 0;
}

/* Whether the tag that begins at @tag holds something foreign. */
static bool tag_is_foreign(const char *tag, size_t length)
{
	size_t i, at;

	for (at = 0; at < length; at++) {
		for (i = 0; i < ARRAY_SIZE(foreign); i++)
			if (!strncasecmp(tag + at, foreign[i], strlen(foreign[i])))
				return true;
		if (starts(tag + at, "href=") && tag[at + 6] != '#')
			return true;
	}
	return false;
}

static void tag_print(const char *tag, size_t length, const char *prefix, FILE *out)
{
	size_t at = 0, skip;

	while (at < length) {
		skip = match(tag + at, redundant, ARRAY_SIZE(redundant));
		at += skip;
		if (skip)
			continue;
		skip = match(tag + at, id_starts, ARRAY_SIZE(id_starts));
		if (skip)
			fprintf(out, "%.*s%s", (int)skip, tag + at, prefix);
		else
			putc(tag[at++], out);
		at += skip;
	}
}

/* Where the element at @at ends if it has no content, or is gnuplot's own title; else @at. */
static const char *element_skip(const char *at)
{
	static const char *const own[][2] = { { "<title>", "</title>" }, { "<desc>", "</desc>" } };
	const char *end;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(own); i++) {
		end = starts(at, own[i][0]) ? strstr(at, own[i][1]) : NULL;
		if (end)
			return end + strlen(own[i][1]);
	}
	end = starts(at, "<g ") ? strchr(at, '>') : NULL;
	if (!end)
		return at;
	end += 1 + strspn(end + 1, " \t\n");
	return starts(end, "</g>") ? end + strlen("</g>") : at;
}

static int content_print(const char *at, const char *prefix, FILE *out)
{
	const char *end, *next;

	while (*at) {
		if (*at == '\n') {
			putc('\n', out);
			at += strspn(at, " \t\n");
			continue;
		}
		if (*at != '<') {
			putc(*at++, out);
			continue;
		}
		next = element_skip(at);
		if (next != at) {
			at = next;
			continue;
		}
		end = strchr(at, '>');
		if (!end || tag_is_foreign(at, end - at))
			return -EBADMSG;
		tag_print(at, end + 1 - at, prefix, out);
		at = end + 1;
	}
	return 0;
}

int report_html_svg(const char *svg, const char *prefix, const char *title, FILE *out)
{
	const char *open = strstr(svg, "<svg"), *end = open ? strchr(open, '>') : NULL;
	const char *box = open ? strstr(open, "viewBox=\"") : NULL;
	int width, height;

	if (!end || !box || box > end || sscanf(box, "viewBox=\"0 0 %d %d\"", &width, &height) != 2)
		return -EBADMSG;
	fprintf(out, "<svg role=\"img\" viewBox=\"0 0 %d %d\" aria-label=\"", width, height);
	html_escape(title, out);
	fputs("\">", out);
	return content_print(end + 1, prefix, out);
}

static int figure_print(const struct figures *figures, size_t index, FILE *out,
			struct error *error)
{
	const struct figure *figure = &figures->list[index];
	char prefix[32];
	char *svg;
	int err;

	svg = figures_read(figures, figure, ".svg", error);
	if (!svg)
		return -EIO;
	fputs("<figure>\n<div class=\"scroll card\" role=\"region\" tabindex=\"0\" aria-label=\"", out);
	html_escape(figure->text, out);
	fputs("\">", out);
	snprintf(prefix, sizeof(prefix), "p%zu-", index + 1);
	err = report_html_svg(svg, prefix, figure->text, out);
	free(svg);
	fputs("</div>\n</figure>\n", out);
	return err ? error_set(error, OUTCOME_USE, -err, "plots '%s/%s.svg': is no plot of ours",
			       figures->directory, figure->file) : 0;
}

static bool script_drawn(const struct figures *figures, const char *script)
{
	size_t i;

	for (i = 0; i < figures->count; i++)
		if (!strcmp(figures->list[i].script, script) && strcmp(figures->list[i].file, "-"))
			return true;
	return false;
}

static int script_print(const struct figures *figures, size_t script, FILE *out,
			struct error *error)
{
	size_t i;
	int err = 0;

	if (!script_drawn(figures, scripts[script].script))
		return 0;
	html_element(out, "h3", "%s", scripts[script].heading);
	html_element(out, "p", "%s", scripts[script].reading);
	for (i = 0; i < figures->count && !err; i++)
		if (!strcmp(figures->list[i].script, scripts[script].script) &&
		    strcmp(figures->list[i].file, "-"))
			err = figure_print(figures, i, out, error);
	return err;
}

static void missing_print(const struct figures *figures, FILE *out)
{
	size_t i, count = 0;

	for (i = 0; i < figures->count; i++) {
		if (strcmp(figures->list[i].file, "-"))
			continue;
		fputs(count++ ? "" : "<h3>Left out</h3>\n<ul>\n", out);
		html_element(out, "li", "%s: %s", figures->list[i].script, figures->list[i].text);
	}
	fputs(count ? "</ul>\n" : "", out);
}

int report_html_plots(const struct report *report, const struct figures *figures,
		      struct error *error)
{
	size_t script;
	int err;

	for (script = 0; script < ARRAY_SIZE(scripts); script++) {
		err = script_print(figures, script, report->out, error);
		if (err)
			return err;
	}
	missing_print(figures, report->out);
	return 0;
}
