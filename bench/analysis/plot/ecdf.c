// SPDX-License-Identifier: GPL-2.0-or-later
/* The share of samples that cost no more than that, where samples are timed and so differ. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_sort.h>

#include "analysis/plot/parts.h"
#include "lib/size.h"

/* Of more samples than this not every step is drawn: a plot has no room for them. */
#define STEPS_MAX 2000

/**
 * struct part - one file
 * @case_: which case, at its largest size
 * @op: which operation
 */
struct part {
	const struct set_case *case_;
	const char *op;
};

static void step_print(double cost, double share, double median, FILE *out)
{
	fprintf(out, "%.17g %.9g %.9g\n", cost, share, cost / median);
}

static void steps_print(const double *costs, size_t count, double median, FILE *out)
{
	size_t steps = count < STEPS_MAX ? count : STEPS_MAX;
	size_t i, rank;

	step_print(costs[0], 0, median, out);
	for (i = 0; i < steps; i++) {
		rank = (i + 1) * count / steps;
		step_print(costs[rank - 1], (double)rank / count, median, out);
	}
}

/* All samples of all boots. */
static void series_print(const struct set_series *series, FILE *out)
{
	size_t count = series->summary.samples, used = 0, i;
	double *costs = malloc(count * sizeof(*costs));

	if (!costs) {
		fputs("NaN NaN NaN\n", out);
		return;
	}
	for (i = 0; i < series->boots_count; i++) {
		memcpy(costs + used, series->boots[i]->cost,
		       series->boots[i]->samples * sizeof(*costs));
		used += series->boots[i]->samples;
	}
	gsl_sort(costs, 1, used);
	steps_print(costs, used, series->summary.median, out);
	free(costs);
}

static void blocks_print(const struct set *set, const void *data, FILE *out)
{
	const struct part *part = data;
	const struct set_case *case_ = part->case_;
	const struct set_series *series;
	size_t i;

	fprintf(out, "# %s, %s: cost in %s, share of the samples, cost / median; a block for each"
		" subject\n",
		case_->name, part->op, set->unit);
	for (i = 0; i < set->subjects_count; i++) {
		series = set_find(set, i, case_, part->op,
				  case_->sizes_bytes[case_->sizes_count - 1]);
		/* An empty block would not count. */
		if (series)
			series_print(series, out);
		else
			fputs("NaN NaN NaN\n", out);
		fputs("\n\n", out);
	}
}

static void scatter_include(const struct set *set, const struct set_case *case_, const char *op,
			    struct plot_range *range)
{
	const struct set_series *series;
	size_t i;

	for (i = 0; i < set->subjects_count; i++) {
		series = set_find(set, i, case_, op,
				  case_->sizes_bytes[case_->sizes_count - 1]);
		if (!series || !(series->summary.median > 0))
			continue;
		plot_range_include(range, series->summary.min / series->summary.median);
		plot_range_include(range, series->summary.max / series->summary.median);
	}
}

void plot_ecdf_index(const struct set *set, FILE *out)
{
	struct plot_range scatter = { .name = "scatter_" };
	const struct set_case *case_;
	char size[SIZE_TEXT_BYTES];
	size_t i, op;

	fprintf(out, "array barmap_largest[%zu]\n", set->cases_count);
	for (i = 0; i < set->cases_count; i++) {
		case_ = &set->cases[i];
		fprintf(out, "barmap_largest[%zu] = '%s'\n", i + 1,
			size_format(case_->sizes_bytes[case_->sizes_count - 1], size));
		for (op = 0; op < case_->ops_count; op++)
			scatter_include(set, case_, case_->ops[op], &scatter);
	}
	plot_range_print(&scatter, out);
}

int plot_ecdf_write(const struct set *set, const char *directory, struct error *error)
{
	char slug[NAME_MAX], op_slug[NAME_MAX], name[2 * NAME_MAX + 8];
	struct part part;
	size_t i, op;
	int err = 0;

	for (i = 0; i < set->cases_count && !set->exact; i++) {
		part.case_ = &set->cases[i];
		for (op = 0; op < part.case_->ops_count && !err; op++) {
			part.op = part.case_->ops[op];
			snprintf(name, sizeof(name), "%s.%s.ecdf",
				 plot_slug(part.case_->name, slug),
				 plot_op_slug(part.op, op_slug));
			err = plot_file(set, directory, name, blocks_print, &part, error);
		}
	}
	return err;
}
