// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/plotdata.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/conditions.h"
#include "analysis/output.h"

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

/* A variant looks the same in every plot; line type = index + 1. plots/style.gp has the looks. */
static const char *const styled_variants[] = {
	"stock", "follow_pfn", "leaf", "vma_to_pfn", "vma_to_pfn_page", "vma_to_pfn_checked_page",
	"base_pfn", "base_pfn_page", "floor",
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

/* The case as a part of a file name. Returns @slug. */
static char *case_slug(const char *name, char slug[NAME_MAX])
{
	char *slash;

	snprintf(slug, NAME_MAX, "%.200s", name);
	while ((slash = strchr(slug, '/')))
		*slash = '-';
	return slug;
}

/* The ends of what could also be true of the cost; the cost itself when that is not known. */
static struct interval series_range(const struct report *report, const struct set_series *series)
{
	if (set_is_exact(report->set))
		return (struct interval){ series->summary.min, series->summary.max };
	if (!interval_known(&series->interval))
		return (struct interval){ series->summary.median, series->summary.median };
	return series->interval;
}

/* NaN when there is nothing to compare with. */
static double series_speedup(const struct report *report, const struct set_series *series)
{
	long subject = set_subject_find(report->set, series->kernel, series->key->variant);
	const struct set_series *baseline = report_baseline(report, subject, series);

	if (!baseline || !(series->summary.median > 0))
		return NAN;
	return baseline->summary.median / series->summary.median;
}

static void number_print(double number, FILE *out)
{
	if (isnan(number))
		fputs(" NaN", out);
	else
		fprintf(out, " %.9g", number);
}

static void subject_print(const struct report *report, const struct set_series *series, FILE *out)
{
	struct interval range;

	if (!series) {
		fputs(" NaN NaN NaN NaN", out);
		return;
	}
	range = series_range(report, series);
	fprintf(out, " %.17g %.17g %.17g", series->summary.median, range.low, range.high);
	number_print(series_speedup(report, series), out);
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
		subject_print(report, set_find(set, i, case_->name, op, size_bytes), out);
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

/* In single quotes gnuplot takes everything as it is; a quote is doubled. */
static void quoted_print(const char *text, FILE *out)
{
	putc('\'', out);
	for (; *text; text++) {
		if (*text == '\'')
			putc('\'', out);
		putc(*text, out);
	}
	putc('\'', out);
}

static void print_subjects(const struct set *set, FILE *out)
{
	size_t i;

	fprintf(out, "array barmap_labels[%zu]\narray barmap_styles[%zu]\n",
		set->subjects_count, set->subjects_count);
	for (i = 0; i < set->subjects_count; i++) {
		fprintf(out, "barmap_labels[%zu] = ", i + 1);
		quoted_print(set->subjects[i].label, out);
		fprintf(out, "\nbarmap_styles[%zu] = %zu\n", i + 1, subject_style(set, i));
	}
}

/* Whether the case has a baseline to compare with. */
static bool case_compared(const struct report *report, const struct set_case *case_)
{
	const struct set *set = report->set;
	size_t i;

	for (i = 0; i < set->series_count; i++)
		if (!strcmp(set->series[i].key->case_name, case_->name) &&
		    !strcmp(set->series[i].key->variant, report->baseline) &&
		    set->subjects_count > 1)
			return true;
	return false;
}

/**
 * struct range - smallest and largest of some values above 0
 * @name: in plots.gp it is barmap_NAMElow and barmap_NAMEhigh
 * @low: 0 when there are none
 * @high: likewise
 */
struct range {
	const char *name;
	double low;
	double high;
};

static void range_include(struct range *range, double value)
{
	if (!(value > 0) || !isfinite(value))
		return;
	if (!(range->low > 0) || value < range->low)
		range->low = value;
	if (value > range->high)
		range->high = value;
}

static void range_print(const struct range *range, FILE *out)
{
	fprintf(out, "barmap_%slow = %.17g\n", range->name, range->low > 0 ? range->low : 1);
	fprintf(out, "barmap_%shigh = %.17g\n", range->name, range->low > 0 ? range->high : 1);
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
	struct range cost = { .name = "" }, size = { .name = "size_" };
	struct range page = { .name = "page_" }, speedup = { .name = "speedup_" };
	const struct set_series *series;
	struct interval range;
	size_t i;

	for (i = 0; i < report->set->series_count; i++) {
		series = &report->set->series[i];
		if (!strcmp(series->key->op, SET_OP_NULL) || !series_drawn(report->set, series))
			continue;
		range = series_range(report, series);
		range_include(&cost, range.low);
		range_include(&cost, range.high);
		range_include(&size, series->key->size_bytes);
		range_include(&page, series->summary.median / series->key->pages);
		range_include(&speedup, series_speedup(report, series));
	}
	range_print(&cost, out);
	range_print(&size, out);
	range_print(&page, out);
	range_print(&speedup, out);
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
	fprintf(out, "array barmap_sizes[%zu]\n", set->cases_count);
	for (i = 0; i < set->cases_count; i++) {
		fprintf(out, "barmap_cases[%zu] = ", i + 1);
		quoted_print(case_slug(set->cases[i].name, slug), out);
		fprintf(out, "\nbarmap_names[%zu] = ", i + 1);
		quoted_print(set->cases[i].name, out);
		fprintf(out, "\nbarmap_sizes[%zu] = %zu", i + 1, set->cases[i].sizes_count);
		fprintf(out, "\nbarmap_ops[%zu] = '", i + 1);
		for (op = 0; op < set->cases[i].ops_count; op++)
			fprintf(out, "%s%s", op ? " " : "", set->cases[i].ops[op]);
		fprintf(out, "'\nbarmap_compared[%zu] = %d\n", i + 1,
			case_compared(report, &set->cases[i]));
	}
}

void plotdata_print_index(const struct report *report, FILE *out)
{
	const struct set *set = report->set;
	char title[CONDITIONS_TITLE_BYTES];

	fprintf(out, "# Written by barmap report, read by plots/*.gp\nbarmap_unit = '%s'\n",
		set->unit);
	fprintf(out, "barmap_exact = %d\nbarmap_conditions = ", set_is_exact(report->set));
	quoted_print(conditions_title(set, title), out);
	fputs("\nbarmap_baseline = ", out);
	quoted_print(report->baseline, out);
	putc('\n', out);
	print_ranges(report, out);
	print_subjects(set, out);
	print_cases(report, out);
}

static int write_case(const struct report *report, const char *directory,
		      const struct set_case *case_, struct error *error)
{
	char slug[NAME_MAX], name[NAME_MAX + 64];
	struct output output;
	size_t op;
	int err;

	for (op = 0; op < case_->ops_count; op++) {
		if (output_init(&output))
			return error_set(error, OUTCOME_BROKEN, ENOMEM, "out of memory");
		plotdata_print(report, case_, case_->ops[op], output.stream);
		snprintf(name, sizeof(name), "%s.%.40s.dat", case_slug(case_->name, slug),
			 case_->ops[op]);
		err = output_commit(&output, directory, name, error);
		if (err)
			return err;
	}
	return 0;
}

int plotdata_write(const struct report *report, const char *directory, struct error *error)
{
	struct output output;
	size_t i;
	int err;

	for (i = 0; i < report->set->cases_count; i++) {
		err = write_case(report, directory, &report->set->cases[i], error);
		if (err)
			return err;
	}
	if (output_init(&output))
		return error_set(error, OUTCOME_BROKEN, ENOMEM, "out of memory");
	plotdata_print_index(report, output.stream);
	return output_commit(&output, directory, "plots.gp", error);
}
