// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/plot/index.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/view/conditions.h"
#include "lib/outfile.h"
#include "analysis/plot/parts.h"

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

/* What is about more than one case. */
static const struct {
	void (*index)(const struct report *report, FILE *out);
	int (*write)(const struct report *report, const char *directory, struct error *error);
} parts[] = {
	{ plot_alignment_index, plot_alignment_write },
	{ plot_touch_index, plot_touch_write },
	{ plot_scaling_index, plot_scaling_write },
	{ plot_ecdf_index, plot_ecdf_write },
};

/* A variant looks the same in every plot; line type = index + 1. plots/style.gp has the looks. */
static const char *const styled_variants[] = {
	"stock", "follow_pfn", "leaf", "vma_to_pfn", "vma_to_pfn_page", "vma_to_pfn_checked_page",
	"base_pfn", "base_pfn_page", SET_FLOOR, "vma_first",
};

static size_t variant_style(const char *variant)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(styled_variants); i++)
		if (!strcmp(styled_variants[i], variant))
			break;
	return i + 1;
}

/* Variants without a style of their own get the next ones, in order. */
static size_t subject_style(const struct set *set, size_t subject)
{
	size_t style = variant_style(set->subjects[subject].variant);
	size_t i;

	if (style <= ARRAY_SIZE(styled_variants))
		return style;
	for (i = 0; i < subject; i++)
		style += variant_style(set->subjects[i].variant) > ARRAY_SIZE(styled_variants);
	return style;
}

static void size_print(const struct report *report, const struct set_case *case_, const char *op,
		       uint64_t size_bytes, FILE *out)
{
	const struct set *set = report->set;
	const struct set_series *series;
	uint64_t pages = 0;
	size_t i;

	for (i = 0; i < set->subjects_count && !pages; i++) {
		series = set_find(set, i, case_->name, op, size_bytes);
		pages = series ? series->key->pages : 0;
	}
	fprintf(out, "%" PRIu64 " %" PRIu64, size_bytes, pages);
	for (i = 0; i < set->subjects_count; i++)
		plot_subject(report, set_find(set, i, case_->name, op, size_bytes), out);
	putc('\n', out);
}

void plotdata_print(const struct report *report, const struct set_case *case_, const char *op,
		    FILE *out)
{
	const struct set *set = report->set;
	size_t i;

	fprintf(out, "# %s, %s, costs in %s\n# size_bytes pages", case_->name, op, set->unit);
	for (i = 0; i < set->subjects_count; i++)
		fprintf(out, " \"%s\" low high speed-up", set->subjects[i].label);
	putc('\n', out);
	for (i = 0; i < case_->sizes_count; i++)
		size_print(report, case_, op, case_->sizes_bytes[i], out);
}

static void print_subjects(const struct set *set, FILE *out)
{
	size_t i;

	fprintf(out, "array barmap_labels[%zu]\narray barmap_styles[%zu]\n",
		set->subjects_count, set->subjects_count);
	for (i = 0; i < set->subjects_count; i++) {
		fprintf(out, "barmap_labels[%zu] = ", i + 1);
		plot_quote(set->subjects[i].label, out);
		fprintf(out, "\nbarmap_styles[%zu] = %zu\n", i + 1, subject_style(set, i));
	}
}

/* How many times the floor's cost that of @series is; NaN when there is no floor to it. */
static double series_distance(const struct set *set, const struct set_series *series)
{
	const struct set_series *limit = set_find_floor(set, series);

	return limit && limit->summary.median > 0 ?
		       series->summary.median / limit->summary.median : NAN;
}

static void print_floors(const struct set *set, FILE *out)
{
	size_t i;

	fprintf(out, "array barmap_floors[%zu]\n", set->subjects_count);
	for (i = 0; i < set->subjects_count; i++)
		fprintf(out, "barmap_floors[%zu] = %ld\n", i + 1, set_floor(set, i) + 1);
}

/* Whether the case has a series of @variant to hold others against. */
static bool case_compared(const struct set *set, const struct set_case *case_,
			  const char *variant)
{
	size_t i;

	for (i = 0; i < set->series_count; i++)
		if (!strcmp(set->series[i].key->case_name, case_->name) &&
		    !strcmp(set->series[i].key->variant, variant) &&
		    set->subjects_count > 1)
			return true;
	return false;
}

/* A case of one size has no plot, so its costs need no room on the axes of others. */
static bool series_drawn(const struct set *set, const struct set_series *series)
{
	bool any = false;
	size_t i;

	for (i = 0; i < set->cases_count; i++) {
		if (set->cases[i].sizes_count < 2)
			continue;
		any = true;
		if (!strcmp(set->cases[i].name, series->key->case_name))
			return true;
	}
	return !any;
}

static void print_ranges(const struct report *report, FILE *out)
{
	struct plot_range cost = { .name = "" }, size = { .name = "size_" };
	struct plot_range page = { .name = "page_" }, speedup = { .name = "speedup_" };
	struct plot_range distance = { .name = "distance_" };
	const struct set_series *series;
	struct interval range;
	size_t i;

	for (i = 0; i < report->set->series_count; i++) {
		series = &report->set->series[i];
		if (!strcmp(series->key->op, SET_OP_NULL) || !series_drawn(report->set, series))
			continue;
		range = plot_interval(report, series);
		plot_range_include(&cost, range.low);
		plot_range_include(&cost, range.high);
		plot_range_include(&size, series->key->size_bytes);
		plot_range_include(&page, series->summary.median / series->key->pages);
		plot_range_include(&speedup, report_speedup(report, series));
		plot_range_include(&distance, series_distance(report->set, series));
	}
	plot_range_print(&cost, out);
	plot_range_print(&size, out);
	plot_range_print(&page, out);
	plot_range_print(&speedup, out);
	plot_range_print(&distance, out);
}

static void print_cases(const struct report *report, FILE *out)
{
	const struct set *set = report->set;
	char slug[NAME_MAX];
	size_t i, op;

	fprintf(out, "array barmap_cases[%zu]\narray barmap_names[%zu]\n", set->cases_count,
		set->cases_count);
	fprintf(out, "array barmap_ops[%zu]\narray barmap_compared[%zu]\n", set->cases_count,
		set->cases_count);
	fprintf(out, "array barmap_sizes[%zu]\narray barmap_floored[%zu]\n", set->cases_count,
		set->cases_count);
	for (i = 0; i < set->cases_count; i++) {
		fprintf(out, "barmap_cases[%zu] = ", i + 1);
		plot_quote(plot_slug(set->cases[i].name, slug), out);
		fprintf(out, "\nbarmap_names[%zu] = ", i + 1);
		plot_quote(set->cases[i].name, out);
		fprintf(out, "\nbarmap_sizes[%zu] = %zu", i + 1, set->cases[i].sizes_count);
		fprintf(out, "\nbarmap_ops[%zu] = '", i + 1);
		for (op = 0; op < set->cases[i].ops_count; op++)
			fprintf(out, "%s%s", op ? " " : "", set->cases[i].ops[op]);
		fprintf(out, "'\nbarmap_compared[%zu] = %d\n", i + 1,
			case_compared(set, &set->cases[i], report->baseline));
		fprintf(out, "barmap_floored[%zu] = %d\n", i + 1,
			case_compared(set, &set->cases[i], SET_FLOOR));
	}
}

void plotdata_print_index(const struct report *report, FILE *out)
{
	const struct set *set = report->set;
	char title[CONDITIONS_TITLE_BYTES];
	size_t i;

	fprintf(out, "# Written by barmap report, read by plots/*.gp\nbarmap_unit = '%s'\n",
		set->unit);
	fprintf(out, "barmap_exact = %d\nbarmap_conditions = ", set_is_exact(report->set));
	plot_quote(conditions_title(set, title), out);
	fputs("\nbarmap_baseline = ", out);
	plot_quote(report->baseline, out);
	putc('\n', out);
	print_ranges(report, out);
	print_subjects(set, out);
	print_floors(set, out);
	print_cases(report, out);
	for (i = 0; i < ARRAY_SIZE(parts); i++)
		parts[i].index(report, out);
}

static int write_case(const struct report *report, const char *directory,
		      const struct set_case *case_, struct error *error)
{
	char slug[NAME_MAX], name[NAME_MAX + 64];
	struct outfile file;
	size_t op;
	int err;

	for (op = 0; op < case_->ops_count; op++) {
		snprintf(name, sizeof(name), "%s.%.40s.dat", plot_slug(case_->name, slug),
			 case_->ops[op]);
		err = outfile_open(&file, true, error, "%s/%s", directory, name);
		if (err)
			return err;
		plotdata_print(report, case_, case_->ops[op], file.stream);
		err = outfile_commit(&file, error);
		if (err)
			return err;
	}
	return 0;
}

int plotdata_write(const struct report *report, const char *directory, struct error *error)
{
	struct outfile file;
	size_t i;
	int err;

	for (i = 0; i < report->set->cases_count; i++) {
		err = write_case(report, directory, &report->set->cases[i], error);
		if (err)
			return err;
	}
	for (i = 0; i < ARRAY_SIZE(parts); i++) {
		err = parts[i].write(report, directory, error);
		if (err)
			return err;
	}
	err = outfile_open(&file, true, error, "%s/plots.gp", directory);
	if (err)
		return err;
	plotdata_print_index(report, file.stream);
	return outfile_commit(&file, error);
}
