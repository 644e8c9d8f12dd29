// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/view/page.h"

#include <errno.h>
#include <libgen.h>
#include <limits.h>
#include <string.h>

#include "analysis/view/conditions.h"
#include "analysis/document/html.h"
#include "lib/outfile.h"
#include "analysis/view/case_table.h"
#include "analysis/view/checks.h"
#include "analysis/view/page_parts.h"
#include "analysis/view/memory.h"
#include "analysis/view/noise.h"

#define DOCTYPE "<!doctype html>\n"

static int section_measured(const struct report *report)
{
	fputs("<dl class=\"conditions\">\n", report->out);
	conditions_print(report->set, TABLE_HTML, report->out);
	fputs("</dl>\n", report->out);
	html_element(report->out, "p", "One sample is one operation on one mapping size; nothing "
		     "else is in the timed region. Speed-up is the cost of %s divided by the cost "
		     "of the row.", report->baseline);
	return 0;
}


static int section_unit(const struct report *report)
{
	report_html_unit(report);
	return 0;
}

/* The key sizes, and every size to be unfolded. */
static int case_print(struct report report, const struct set_case *case_)
{
	int err;

	report.all = false;
	err = report_case_print(&report, case_);
	if (err || case_->sizes_count < 2)
		return err;
	fprintf(report.out, "<details><summary>all %zu sizes</summary>\n", case_->sizes_count);
	report.all = true;
	err = report_case_print(&report, case_);
	fputs("</details>\n", report.out);
	return err;
}

static int section_tables(const struct report *report)
{
	size_t i;
	int err = 0;

	for (i = 0; i < report->set->cases_count && !err; i++)
		err = case_print(*report, &report->set->cases[i]);
	return err ? err : report_memory_print(report);
}

static int section_controls(const struct report *report)
{
	static int (*const controls[])(const struct report *report) = {
		report_stock_print, report_repeats_print, report_drift_print,
		report_outliers_print, report_harness_print,
	};
	size_t i;
	int err = 0;

	for (i = 0; i < sizeof(controls) / sizeof(controls[0]) && !err; i++)
		err = controls[i](report);
	return err;
}

static int section_records(const struct report *report)
{
	int err;

	fputs("<div class=\"records\">\n", report->out);
	err = report_html_records(report);
	fputs("</div>\n", report->out);
	return err;
}

static int section_reproduce(const struct report *report)
{
	report_html_reproduce(report);
	return 0;
}

/* In this order; the plots have no function of this kind, as they have errors of their own. */
static const struct {
	const char *id;
	const char *heading;
	int (*print)(const struct report *report);
} sections[] = {
	{ "measured", "What was measured", section_measured },
	{ "warnings", "Before you believe it", report_html_warnings },
	{ "unit", "What the numbers are, and are not", section_unit },
	{ "plots", "Plots", NULL },
	{ "tables", "Tables", section_tables },
	{ "controls", "Controls", section_controls },
	{ "records", "Environment of each record", section_records },
	{ "stages", "Stages: time and memory", report_html_stages },
	{ "reproduce", "How to reproduce", section_reproduce },
};

#define SECTIONS (sizeof(sections) / sizeof(sections[0]))

static void head_print(const struct report *report)
{
	char title[CONDITIONS_TITLE_BYTES];
	FILE *out = report->out;
	size_t i;

	conditions_title(report->set, title);
	fputs(DOCTYPE "<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
	      "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n"
	      "<meta name=\"generator\" content=\"barmap report\">\n", out);
	html_element(out, "title", "barmap: %s", title);
	fprintf(out, "<link rel=\"icon\" href=\"data:,\">\n<style>\n%s</style>\n</head>\n<body>\n"
		"<header>\n", report_html_style);
	html_element(out, "h1", "What it costs to DMA-map device memory");
	html_element(out, "p", "%s", title);
	fputs("</header>\n<nav aria-label=\"Sections\"><ul>\n", out);
	for (i = 0; i < SECTIONS; i++)
		fprintf(out, "<li><a href=\"#%s\">%s</a></li>\n", sections[i].id,
			sections[i].heading);
	fputs("</ul></nav>\n<main>\n", out);
}

static int section_print(const struct report *report, const struct figures *figures, size_t index,
			 struct error *error)
{
	int err;

	fprintf(report->out, "<section aria-labelledby=\"%s\">\n<h2 id=\"%s\">%s</h2>\n",
		sections[index].id, sections[index].id, sections[index].heading);
	if (!sections[index].print) {
		err = report_html_plots(report, figures, error);
	} else {
		err = sections[index].print(report);
		if (err)
			error_set(error, OUTCOME_BROKEN, -err, "page: %s", strerror(-err));
	}
	fputs("</section>\n", report->out);
	return err;
}

int report_html_print(const struct report *report, const struct figures *figures,
		      struct error *error)
{
	struct report page = *report;
	size_t i;
	int err;

	page.format = TABLE_HTML;
	page.all = false;
	head_print(&page);
	for (i = 0; i < SECTIONS; i++) {
		err = section_print(&page, figures, i, error);
		if (err)
			return err;
	}
	fputs("</main>\n</body>\n</html>\n", page.out);
	return ferror(page.out) ? error_set(error, OUTCOME_BROKEN, ENOMEM, "out of memory") : 0;
}

/* A slip of the hand must not cost anyone a record. */
static int target_check(const char *path, struct error *error)
{
	char begin[sizeof(DOCTYPE)] = "";
	FILE *file = fopen(path, "re");
	size_t bytes;

	if (!file && errno == ENOENT)
		return 0;
	if (!file)
		return error_set(error, OUTCOME_USE, errno, "html '%s': %s", path, strerror(errno));
	bytes = fread(begin, 1, strlen(DOCTYPE), file);
	fclose(file);
	if (bytes == strlen(DOCTYPE) && !strcmp(begin, DOCTYPE))
		return 0;
	return error_set(error, OUTCOME_USE, EEXIST,
			 "html '%s': is there and is no such page; it is not replaced", path);
}

static int page_commit(struct report report, const struct figures *figures, const char *path,
		       struct error *error)
{
	struct outfile file;
	int err;

	err = outfile_open(&file, true, error, "%s", path);
	if (err)
		return err;
	report.out = file.stream;
	err = report_html_print(&report, figures, error);
	if (!err)
		return outfile_commit(&file, error);
	outfile_abandon(&file);
	return err;
}

int report_html_write(const struct report *report, const char *path, const char *plots,
		      struct error *error)
{
	struct figures figures;
	int err;

	err = target_check(path, error);
	if (!err)
		err = plots ? figures_open(&figures, plots, error)
			    : figures_draw(&figures, report, "svg", error);
	if (err)
		return err;
	err = page_commit(*report, &figures, path, error);
	figures_cleanup(&figures);
	return err;
}
