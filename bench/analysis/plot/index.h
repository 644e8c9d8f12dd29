/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BARMAP_ANALYSIS_PLOT_INDEX_H
#define BARMAP_ANALYSIS_PLOT_INDEX_H

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
 *   barmap_size_low, barmap_page_low, barmap_speedup_low, barmap_distance_low, and _high: the same
 *       of sizes in bytes, costs per page, speed-ups, and multiples of the floor's cost
 *   barmap_labels[], barmap_styles[]: one for each subject; styles are line types of style.gp
 *   barmap_floors[]: for each subject the number of the floor it is held against, or 0
 *   barmap_cases[], barmap_names[], barmap_ops[], barmap_sizes[], barmap_largest[]: one for each
 *       case: file name part, name, operations as words, how many sizes, the largest as text
 *   barmap_compared[], barmap_floored[]: whether there are speed-ups, and a floor (0 or 1)
 *
 * About more than one case, each left out when the records have nothing of the kind:
 *
 *   alignment.OP.dat  a line for each subject and alignment: number of the alignment, of the
 *       subject, cost per page, the same as text. Page tables are populated. The size is the
 *       largest of those that most alignments were measured with, or the largest there is. In
 *       plots.gp: barmap_alignments (how many), barmap_alignment[] (names, with the size),
 *       barmap_alignment_ops, barmap_alignment_low and _high
 *   touch.dat  a line for each case touch/X: its number, then for each subject the cost of map, of
 *       the first touch, and of both. In plots.gp: barmap_touches, barmap_touch[] (names),
 *       barmap_touch_low and _high
 *   scaling-FAMILY.OP.dat  a line for each case FAMILY/N: N, size, then as CASE.OP.dat. In plots.gp:
 *       barmap_scalings (how many families), barmap_scaling[] (file name parts),
 *       barmap_scaling_titles[], barmap_scaling_ops (words), barmap_scaling_low and _high
 *   CASE.OP.ecdf  a block of lines for each subject: cost, share of the samples that cost no more,
 *       cost / median. Largest size; only where samples are timed. In plots.gp: barmap_scatter_low
 *       and _high, of cost / median
 */

#include <stdio.h>

#include "analysis/model/set.h"
#include "lib/error.h"

/* Writes all files into @directory, which exists. Returns 0, or -errno with @error set. */
int plotdata_write(const struct set *set, const char *directory, struct error *error);

/* The table of one case and operation. */
void plotdata_print(const struct set *set, const struct set_case *case_, const char *op,
		    FILE *out);

/* The file plots.gp. */
void plotdata_print_index(const struct set *set, FILE *out);

#endif
