// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/view/page.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "analysis/document/html.h"
#include "analysis/model/mode.h"
#include "analysis/view/conditions.h"
#include "analysis/view/page_parts.h"
#include "lib/array.h"
#include "lib/outfile.h"

#define DOCTYPE "<!doctype html>\n"

/**
 * struct page - what the sections are made from
 * @report: the tables, printed as pieces of HTML
 * @figures: what was drawn
 * @result: what comes first
 */
struct page {
	const struct report *report;
	const struct figures *figures;
	struct result result;
};

static int no_memory(struct error *error)
{
	return error_set(error, OUTCOME_BROKEN, ENOMEM, "out of memory");
}

static int section_result(const struct page *page, struct error *error)
{
	const struct report *report = page->report;
	int err;

	if (!page->result.aligned) {
		html_element(report->out, "p", "The records do not hold the plain mappings of a BAR: "
			     "see the tables.");
		return 0;
	}
	err = report_result_print(report);
	if (err)
		return no_memory(error);
	return page_result_plot(report, &page->result, page->figures, error);
}

/* Not by colour alone. */
static int section_findings(const struct page *page, struct error *error)
{
	const struct findings *findings = page->report->findings;
	FILE *out = page->report->out;
	size_t i;

	(void)error;
	fputs("<ul class=\"findings\">\n", out);
	for (i = 0; i < findings->count; i++) {
		fputs(findings->list[i].grave ? "<li class=\"warning\"><strong>Warning:</strong> "
					      : "<li><strong>Note:</strong> ", out);
		html_print(out, "%s.", findings->list[i].text);
		fputs("</li>\n", out);
	}
	fputs("</ul>\n", out);
	return 0;
}

static int section_measured(const struct page *page, struct error *error)
{
	const struct report *report = page->report;

	(void)error;
	fputs("<dl class=\"conditions\">\n", report->out);
	conditions_print(report->set, TABLE_HTML, report->out);
	fputs("</dl>\n", report->out);
	html_element(report->out, "p", "One sample is one step on one mapping size; nothing else is "
		     "in the timed region. Speed-up is the cost of %s divided by the cost of the row.",
		     report->set->baseline);
	return 0;
}

static int section_unit(const struct page *page, struct error *error)
{
	FILE *out = page->report->out;

	(void)error;
	if (!page->report->set->exact) {
		html_element(out, "p", "A cost is the median of the samples, or of the boots' "
			     "medians. Its 95 %% interval is a bootstrap of %d replicates with seed "
			     "%lu. Outliers are counted, not dropped.", BOOTSTRAP_REPLICATES,
			     page->report->seed);
		return 0;
	}
	html_element(out, "p", "The emulator counts the instructions that the guest executes: how much "
		     "work the kernel does, how it grows with size, and what part of it is lookup. Two "
		     "runs of one build agree to the last digit where no timer tick falls into the "
		     "step. Such cells have one figure; a ~ marks the others.");
	html_element(out, "p", "It is not time. An instruction is not a nanosecond: caches, TLB "
		     "misses, memory and the wait for an IOTLB flush cost nothing here, so a ratio "
		     "of times on hardware may well differ from these ratios. To claim time, run "
		     "barmap on hardware.");
	return 0;
}

static int section_plots(const struct page *page, struct error *error)
{
	return page_plots(page->report, &page->result, page->figures, error);
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

static int section_tables(const struct page *page, struct error *error)
{
	const struct report *report = page->report;
	size_t i;
	int err = 0;

	for (i = 0; i < report->set->cases_count && !err; i++)
		err = case_print(*report, &report->set->cases[i]);
	if (!err)
		err = report_memory_print(report);
	return err ? no_memory(error) : 0;
}

static int section_controls(const struct page *page, struct error *error)
{
	return report_controls_print(page->report) ? no_memory(error) : 0;
}

static int section_records(const struct page *page, struct error *error)
{
	int err;

	fputs("<div class=\"records\">\n", page->report->out);
	err = page_records(page->report, error);
	fputs("</div>\n", page->report->out);
	return err;
}

static int section_stages(const struct page *page, struct error *error)
{
	return page_stages(page->report, error);
}

static int section_reproduce(const struct page *page, struct error *error)
{
	(void)error;
	page_reproduce(page->report);
	return 0;
}

/* In this order; all but the first ones are folded. */
static const struct {
	const char *id;
	const char *heading;
	bool folded;
	int (*print)(const struct page *page, struct error *error);
} sections[] = {
	{ "result", "The result", false, section_result },
	{ "findings", "Before you believe it", false, section_findings },
	{ "measured", "What was measured", true, section_measured },
	{ "unit", "What the numbers are, and are not", true, section_unit },
	{ "plots", "Plots", true, section_plots },
	{ "tables", "Tables", true, section_tables },
	{ "controls", "Controls", true, section_controls },
	{ "records", "Environment of each record", true, section_records },
	{ "stages", "Stages: time and memory", true, section_stages },
	{ "reproduce", "How to reproduce", true, section_reproduce },
};

static void head_print(const struct report *report)
{
	char title[MODE_TITLE_BYTES];
	FILE *out = report->out;

	mode_title(report->set, title);
	fputs(DOCTYPE "<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
	      "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n"
	      "<meta name=\"generator\" content=\"barmap report\">\n", out);
	html_element(out, "title", "barmap: %s", title);
	fprintf(out, "<link rel=\"icon\" href=\"data:,\">\n<style>\n%s</style>\n</head>\n<body>\n"
		"<header>\n", page_style);
	html_element(out, "h1", "What it costs to DMA-map device memory");
	html_element(out, "p", "%s", title);
	fputs("</header>\n<main>\n", out);
}

static int section_print(const struct page *page, size_t index, struct error *error)
{
	FILE *out = page->report->out;
	int err;

	fprintf(out, "<section aria-labelledby=\"%s\">\n%s<h2 id=\"%s\">%s</h2>%s\n",
		sections[index].id, sections[index].folded ? "<details><summary>" : "",
		sections[index].id, sections[index].heading,
		sections[index].folded ? "</summary>" : "");
	err = sections[index].print(page, error);
	fprintf(out, "%s</section>\n", sections[index].folded ? "</details>\n" : "");
	return err;
}

static int page_print(const struct report *report, const struct figures *figures,
		      struct error *error)
{
	struct report pieces = *report;
	struct page page = { .report = &pieces, .figures = figures };
	size_t i;
	int err = 0;

	pieces.format = TABLE_HTML;
	pieces.all = false;
	result_find(report->set, &page.result);
	head_print(&pieces);
	for (i = 0; i < ARRAY_SIZE(sections) && !err; i++)
		err = section_print(&page, i, error);
	fputs("</main>\n</body>\n</html>\n", pieces.out);
	return err;
}

/* A slip of the hand must not cost anyone a record. What is no regular file is not read. */
static int target_check(const char *path, struct error *error)
{
	char begin[sizeof(DOCTYPE)] = "";
	struct stat status;
	size_t bytes;
	FILE *file;

	if (stat(path, &status) || !S_ISREG(status.st_mode))
		return 0;
	file = fopen(path, "re");
	if (!file)
		return error_set(error, OUTCOME_USE, errno, "html '%s': %s", path, strerror(errno));
	bytes = fread(begin, 1, strlen(DOCTYPE), file);
	fclose(file);
	if (!status.st_size || (bytes == strlen(DOCTYPE) && !strcmp(begin, DOCTYPE)))
		return 0;
	return error_set(error, OUTCOME_USE, EEXIST,
			 "html '%s': exists and was not written by barmap; not overwritten", path);
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
	err = page_print(&report, figures, error);
	if (!err)
		return outfile_commit(&file, error);
	outfile_abandon(&file);
	return err;
}

int page_write(const struct report *report, const char *path, const char *plots,
	       struct error *error)
{
	struct figures figures;
	int err;

	err = target_check(path, error);
	if (!err)
		err = plots ? figures_open(&figures, plots, error)
			    : figures_draw(&figures, report->set, "svg", error);
	if (err)
		return err;
	err = page_commit(*report, &figures, path, error);
	figures_cleanup(&figures);
	return err;
}
