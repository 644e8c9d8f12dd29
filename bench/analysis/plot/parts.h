/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BARMAP_ANALYSIS_PLOT_PARTS_H
#define BARMAP_ANALYSIS_PLOT_PARTS_H

/*
 * plotdata_parts: the pieces that plot data is made of, and the parts of it that are about more
 * than one case. index.h documents the files as a whole.
 *
 * A part prints its variables of plots.gp, and writes its own files. Adding one: a file, and its name
 * in the list here.
 */

#include <limits.h>
#include <stdio.h>

#include "analysis/model/set.h"
#include "lib/error.h"

/**
 * struct plot_range - smallest and largest of some values above 0
 * @name: in plots.gp it is barmap_NAMElow and barmap_NAMEhigh
 * @low: 0 when there are none
 * @high: likewise
 */
struct plot_range {
	const char *name;
	double low;
	double high;
};

void plot_range_include(struct plot_range *range, double value);
void plot_range_print(const struct plot_range *range, FILE *out);

/* In single quotes gnuplot takes everything as it is; a quote is doubled. */
void plot_quote(const char *text, FILE *out);

/*
 * The case as a part of a file name, "-" for "/" and "=" for "-", and a step, which has no dash and no
 * dot: two names never give one. Return @slug.
 */
char *plot_slug(const char *name, char slug[NAME_MAX]);
char *plot_op_slug(const char *op, char slug[NAME_MAX]);

/* The four columns of a subject, each after a blank; NaN where @series is NULL. */
void plot_subject(const struct set *set, const struct set_series *series, FILE *out);

/* The ends of what could also be true of the cost; the cost itself when that is not known. */
struct interval plot_interval(const struct set *set, const struct set_series *series);

/*
 * The file @name in @directory, filled by @print with @data. Returns 0, or -errno with @error set.
 */
int plot_file(const struct set *set, const char *directory, const char *name,
	      void (*print)(const struct set *set, const void *data, FILE *out),
	      const void *data, struct error *error);

/*
 * What is about more than one case: variants against alignments of the virtual address and the IOVA;
 * first touch after map; 1, 2, 4, … threads, containers, devices; how samples are distributed, where
 * they are timed. Each is a file of that name.
 */
#define PLOT_PARTS(part) part(alignment) part(touch) part(scaling) part(ecdf)

#define PLOT_PART_DECLARE(name)								\
	void plot_##name##_index(const struct set *set, FILE *out);			\
	int plot_##name##_write(const struct set *set, const char *directory, struct error *error);
PLOT_PARTS(PLOT_PART_DECLARE)

#endif
