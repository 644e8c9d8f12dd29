/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BARMAP_ANALYSIS_PLOTDATA_H
#define BARMAP_ANALYSIS_PLOTDATA_H

/*
 * plotdata: a set as files for gnuplot, which plots/ draws.
 *
 * For each case and operation one table CASE.OP.dat (slashes in CASE become dashes):
 *
 *   column 1       size in bytes
 *   column 2       pages in that size
 *   columns 3+4i   of subject i, from 0: cost, its low and high end, speed-up against the baseline
 *
 * Low and high are the smallest and largest sample in icount mode, else the 95 % interval of the
 * median, or the cost itself where there are too few samples for one. What was not measured is
 * NaN. The file plots.gp says what the columns are and how to title the plots; it sets
 *
 *   barmap_unit, barmap_exact (0 or 1), barmap_conditions, barmap_baseline
 *   barmap_low, barmap_high: smallest cost above 0 and largest in all tables
 *   barmap_size_low, barmap_page_low, barmap_speedup_low, and _high: the same of sizes in bytes,
 *       costs per page, and speed-ups
 *   barmap_labels[], barmap_styles[]: one for each subject; styles are line types of style.gp
 *   barmap_cases[], barmap_names[], barmap_ops[], barmap_compared[]: one for each case: file name
 *       part, name, operations as words, whether there are speed-ups (0 or 1)
 */

#include <stdio.h>

#include "analysis/report.h"
#include "lib/error.h"

/* Writes all files into @directory, which exists. Returns 0, or -errno with @error set. */
int plotdata_write(const struct report *report, const char *directory, struct error *error);

/* The table of one case and operation. */
void plotdata_print(const struct report *report, const struct set_case *case_, const char *op,
		    FILE *out);

/* The file plots.gp. */
void plotdata_print_index(const struct report *report, FILE *out);

#endif
