// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/plot/index.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/model/mode.h"
#include "lib/array.h"
#include "lib/outfile.h"
#include "analysis/plot/parts.h"

/* What is about more than one case. */
static const struct {
	void (*index)(const struct set *set, FILE *out);
	int (*write)(const struct set *set, const char *directory, struct error *error);
} parts[] = {
#define PLOT_PART_ROW(name) { plot_##name##_index, plot_##name##_write },
	PLOT_PARTS(PLOT_PART_ROW)
};

/* How many subjects before that one have a row of the table of lookups in common with it. */
static size_t subject_number(const struct set *set, size_t subject)
{
	size_t i, number = 0;

	for (i = 0; i < subject; i++)
		number += set->subjects[i].lookup == set->subjects[subject].lookup;
	return number;
}

/* A lookup looks the same in every plot; of several kernels that have it each looks its own way. */
static void style_print(const struct set *set, size_t subject, FILE *out)
{
	const struct lookup *lookup = set->subjects[subject].lookup;
	size_t number = subject_number(set, subject);

	fprintf(out, "barmap_colours[%zu] = mixed(%s, %zu)\n", subject + 1, lookup->colour, number);
	fprintf(out, "barmap_points[%zu] = %zu\n", subject + 1,
		(lookup->point + 5 * number - 1) % 15 + 1);
	fprintf(out, "barmap_dashes[%zu] = %zu\n", subject + 1, lookup->dash + number);
	fprintf(out, "barmap_widths[%zu] = %g\nbarmap_sizes_of_points[%zu] = %g\n", subject + 1,
		lookup->width, subject + 1, lookup->size);
}

static void size_print(const struct set *set, const struct set_case *case_, const char *op,
		       uint64_t size_bytes, FILE *out)
{
	const struct set_series *series;
	uint64_t pages = 0;
	size_t i;

	for (i = 0; i < set->subjects_count && !pages; i++) {
		series = set_find(set, i, case_, op, size_bytes);
		pages = series ? series->key->pages : 0;
	}
	fprintf(out, "%" PRIu64 " %" PRIu64, size_bytes, pages);
	for (i = 0; i < set->subjects_count; i++)
		plot_subject(set, set_find(set, i, case_, op, size_bytes), out);
	putc('\n', out);
}

void plotdata_print(const struct set *set, const struct set_case *case_, const char *op,
		    FILE *out)
{
	size_t i;

	fprintf(out, "# %s, %s, costs in %s\n# size_bytes pages", case_->name, op, set->unit);
	for (i = 0; i < set->subjects_count; i++)
		fprintf(out, " \"%s\" low high speed-up", set->subjects[i].label);
	putc('\n', out);
	for (i = 0; i < case_->sizes_count; i++)
		size_print(set, case_, op, case_->sizes_bytes[i], out);
}

static void print_subjects(const struct set *set, FILE *out)
{
	size_t i;

	static const char *const arrays[] = {
		"labels", "colours", "points", "dashes", "widths", "sizes_of_points",
	};

	/* the more a colour is mixed with grey, the further it is from its own */
	fputs("mixed(colour, n) = ((colour >> 16) + 128 * n) / (n + 1) << 16 | "
	      "((colour >> 8 & 255) + 128 * n) / (n + 1) << 8 | "
	      "((colour & 255) + 128 * n) / (n + 1)\n", out);
	for (i = 0; i < ARRAY_SIZE(arrays); i++)
		fprintf(out, "array barmap_%s[%zu]\n", arrays[i], set->subjects_count);
	for (i = 0; i < set->subjects_count; i++) {
		fprintf(out, "barmap_labels[%zu] = ", i + 1);
		plot_quote(set->subjects[i].label, out);
		putc('\n', out);
		style_print(set, i, out);
	}
}

static void print_floors(const struct set *set, FILE *out)
{
	size_t i;

	fprintf(out, "array barmap_floors[%zu]\n", set->subjects_count);
	for (i = 0; i < set->subjects_count; i++)
		fprintf(out, "barmap_floors[%zu] = %ld\n", i + 1, set_floor(set, i) + 1);
}

/* Whether the case has a series of that lookup to hold others against. */
static bool case_compared(const struct set *set, const struct set_case *case_, const char *variant)
{
	const struct set_series *series;

	for (series = case_->series; series < case_->series + case_->series_count; series++)
		if (!strcmp(series->key->variant, variant))
			return set->subjects_count > 1;
	return false;
}

/* A case of one size has no plot, so its costs need no room on the axes of others. */
static bool series_drawn(const struct set_series *series, bool any)
{
	return series->case_ && (!any || series->case_->sizes_count > 1);
}

static bool sizes_any(const struct set *set)
{
	size_t i;

	for (i = 0; i < set->cases_count; i++)
		if (set->cases[i].sizes_count > 1)
			return true;
	return false;
}

static void print_ranges(const struct set *set, FILE *out)
{
	struct plot_range cost = { .name = "" }, size = { .name = "size_" };
	struct plot_range page = { .name = "page_" }, speedup = { .name = "speedup_" };
	struct plot_range distance = { .name = "distance_" };
	const struct set_series *series;
	bool any = sizes_any(set);
	struct interval range;
	size_t i;

	for (i = 0; i < set->series_count; i++) {
		series = &set->series[i];
		if (!series_drawn(series, any))
			continue;
		range = plot_interval(set, series);
		plot_range_include(&cost, range.low);
		plot_range_include(&cost, range.high);
		plot_range_include(&size, series->key->size_bytes);
		plot_range_include(&page, set_per_page(series));
		plot_range_include(&speedup, set_speedup(series));
		plot_range_include(&distance, set_distance(series));
	}
	plot_range_print(&cost, out);
	plot_range_print(&size, out);
	plot_range_print(&page, out);
	plot_range_print(&speedup, out);
	plot_range_print(&distance, out);
}

static void print_cases(const struct set *set, FILE *out)
{
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
			fprintf(out, "%s%s", op ? " " : "",
				plot_op_slug(set->cases[i].ops[op], slug));
		fprintf(out, "'\nbarmap_compared[%zu] = %d\n", i + 1,
			case_compared(set, &set->cases[i], set->baseline));
		fprintf(out, "barmap_floored[%zu] = %d\n", i + 1,
			case_compared(set, &set->cases[i], LOOKUP_FLOOR));
	}
}

void plotdata_print_index(const struct set *set, FILE *out)
{
	char title[MODE_TITLE_BYTES];
	size_t i;

	fprintf(out, "# Written by barmap report, read by plots/*.gp\nbarmap_unit = '%s'\n",
		set->unit);
	fprintf(out, "barmap_exact = %d\nbarmap_conditions = ", set->exact);
	plot_quote(mode_title(set, title), out);
	fputs("\nbarmap_baseline = ", out);
	plot_quote(set->baseline, out);
	putc('\n', out);
	print_ranges(set, out);
	print_subjects(set, out);
	print_floors(set, out);
	print_cases(set, out);
	for (i = 0; i < ARRAY_SIZE(parts); i++)
		parts[i].index(set, out);
}

static int write_case(const struct set *set, const char *directory,
		      const struct set_case *case_, struct error *error)
{
	char slug[NAME_MAX], op_slug[NAME_MAX];
	struct outfile file;
	size_t op;
	int err;

	for (op = 0; op < case_->ops_count; op++) {
		err = outfile_open(&file, true, error, "%s/%s.%s.dat", directory,
				   plot_slug(case_->name, slug),
				   plot_op_slug(case_->ops[op], op_slug));
		if (err)
			return err;
		plotdata_print(set, case_, case_->ops[op], file.stream);
		err = outfile_commit(&file, error);
		if (err)
			return err;
	}
	return 0;
}

int plotdata_write(const struct set *set, const char *directory, struct error *error)
{
	struct outfile file;
	size_t i;
	int err;

	for (i = 0; i < set->cases_count; i++) {
		err = write_case(set, directory, &set->cases[i], error);
		if (err)
			return err;
	}
	for (i = 0; i < ARRAY_SIZE(parts); i++) {
		err = parts[i].write(set, directory, error);
		if (err)
			return err;
	}
	err = outfile_open(&file, true, error, "%s/plots.gp", directory);
	if (err)
		return err;
	plotdata_print_index(set, file.stream);
	return outfile_commit(&file, error);
}
