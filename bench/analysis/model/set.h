/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BARMAP_ANALYSIS_MODEL_SET_H
#define BARMAP_ANALYSIS_MODEL_SET_H

/*
 * set: several records seen as one body of samples, ordered for tables and plots.
 *
 * Records of the same kernel (name and release) are boots of it and are pooled. A subject is one
 * kernel with one variant: one row of a table, one line of a plot. A series is everything measured
 * of one subject in one case, operation and size.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analysis/stats/bootstrap.h"
#include "record/read.h"
#include "analysis/stats/summary.h"
#include "lib/error.h"

#define SET_LABEL_BYTES 40
#define SET_STOCK "stock"

/* The variant that looks nothing up: the limit for all others. */
#define SET_FLOOR "floor"

/* The op of the cells that measure the empty harness. */
#define SET_OP_NULL "null"

/**
 * struct set_kernel - a kernel that was booted
 * @name: as in its first record, borrowed
 * @release: uname -r, borrowed
 * @record: its first record
 */
struct set_kernel {
	const char *name;
	const char *release;
	const struct record *record;
};

/**
 * struct set_subject - a variant of a kernel
 * @kernel: index into the kernels
 * @variant: name, borrowed
 * @label: how tables and plots call it: the variant; where that is not enough with the kernel's
 *         name in brackets, or its number, from 1, behind a #
 */
struct set_subject {
	size_t kernel;
	const char *variant;
	char label[SET_LABEL_BYTES];
};

/**
 * struct set_case - a case of some subject
 * @name: borrowed
 * @ops: its operations in order of appearance
 * @ops_count: at least 1
 * @sizes_bytes: its sizes, ascending
 * @sizes_count: at least 1
 */
struct set_case {
	const char *name;
	const char **ops;
	size_t ops_count;
	uint64_t *sizes_bytes;
	size_t sizes_count;
};

/**
 * struct set_series - all samples of one subject, case, op and size
 * @kernel: index into the kernels
 * @key: what was done, borrowed from the first boot
 * @boots: the cells, one for each record that has any; borrowed, in the order of the records
 * @boots_count: at least 1
 * @units: what was repeated independently, ascending: the samples of the one boot, or the medians
 *         of several
 * @units_count: at least 1
 * @summary: of all samples of all boots together, but for the median, which is that of @units
 * @interval: of the median; set by set_bootstrap()
 */
struct set_series {
	size_t kernel;
	const struct record_cell_key *key;
	const struct record_cell *const *boots;
	size_t boots_count;
	const double *units;
	size_t units_count;
	struct stats_summary summary;
	struct interval interval;
};

/**
 * struct set - the whole
 * @records: borrowed; @records_count of them, at least 1
 * @unit: of every cost: "insn" or "ns"
 * @kernels: in the order of the records
 * @subjects: stock kernels first, then follow_pfn, then in order of appearance, floors last
 * @cases: in order of appearance, without those of the empty harness
 * @series: sorted for set_find()
 * @cells: what the series' boots point into
 * @ops: what the cases' ops point into
 * @sizes_bytes: what the cases' sizes point into
 * @units: what the series' units point into
 * @samples: in all records
 */
struct set {
	const struct record *records;
	size_t records_count;
	const char *unit;
	struct set_kernel *kernels;
	size_t kernels_count;
	struct set_subject *subjects;
	size_t subjects_count;
	struct set_case *cases;
	size_t cases_count;
	struct set_series *series;
	size_t series_count;
	const struct record_cell **cells;
	const char **ops;
	uint64_t *sizes_bytes;
	double *units;
	size_t samples;
};

/*
 * Orders @count @records, which must outlive the set. Returns 0, or -errno with @error set and
 * nothing to clean up: -EINVAL when the units differ, or the same cell was measured under
 * different conditions.
 */
int set_init(struct set *set, const struct record *records, size_t count, struct error *error);
void set_cleanup(struct set *set);

/* Whether samples of a cell must be equal, for they are counted, not timed. */
bool set_is_exact(const struct set *set);

/* Finds the interval of every series' median. Returns 0 or -ENOMEM. */
int set_bootstrap(struct set *set, unsigned long seed);

/* The series of that subject, or NULL when it was not measured. */
const struct set_series *set_find(const struct set *set, size_t subject, const char *case_name,
				  const char *op, uint64_t size_bytes);

/* The empty harness measured on that kernel, or NULL. */
const struct set_series *set_find_null(const struct set *set, size_t kernel);

/*
 * What @subject is compared with: @variant in the same kernel, else in the first kernel that has
 * it, else the first stock kernel. Returns a subject, or -1 when there is none.
 */
long set_baseline(const struct set *set, size_t subject, const char *variant);

/* The floor of the kernel of @subject, else of the first kernel that has one. A subject, or -1. */
long set_floor(const struct set *set, size_t subject);

/* What the floor costs in the place of @series, or NULL when it was not measured there. */
const struct set_series *set_find_floor(const struct set *set, const struct set_series *series);

/* The subject for a kernel and a variant, or -1. */
long set_subject_find(const struct set *set, size_t kernel, const char *variant);

#endif
