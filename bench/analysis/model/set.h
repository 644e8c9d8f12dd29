/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BARMAP_ANALYSIS_MODEL_SET_H
#define BARMAP_ANALYSIS_MODEL_SET_H

/*
 * set: several records seen as one body of samples, ordered for tables and plots, with all that a row
 * of them is read against. It is built once; who shows it follows pointers.
 *
 * Records of the same kernel (name and release) are boots of it and are pooled. A subject is one
 * kernel with one variant: one row of a table, one line of a plot. A series is everything measured
 * of one subject in one case, step and size.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analysis/stats/bootstrap.h"
#include "analysis/stats/summary.h"
#include "lib/error.h"
#include "lib/lookup.h"
#include "record/read.h"

/* A kernel's name in a label has at most so many characters. */
#define SET_LABEL_CHARS	18
#define SET_LABEL_BYTES	160

/* A case with more steps is refused: no table has room for them. */
#define SET_OPS_MAX	15

/* Nor has a figure for more variants of kernels. */
#define SET_SUBJECTS_MAX	1024

/* The step of the cells that measure the empty harness. */
#define SET_OP_NULL	"null"

/* Families of cases, by the beginning of their names. */
#define SET_FAMILY_CONTROL	"control/"
#define SET_FAMILY_PLAIN	"bar/"

/**
 * struct set_kernel - a kernel that was booted
 * @name: as in its first record, borrowed
 * @release: uname -r, borrowed
 * @record: its first record
 * @null: the empty harness measured on it, or NULL
 * @smallest: the cheapest series of it that maps something, or NULL
 */
struct set_kernel {
	const char *name;
	const char *release;
	const struct record *record;
	const struct set_series *null;
	const struct set_series *smallest;
};

/**
 * struct set_subject - a variant of a kernel
 * @kernel: index into the kernels
 * @variant: name, borrowed
 * @lookup: what is known of it
 * @number: in order of appearance
 * @label: how tables and plots call it: the variant; where that is not enough with the kernel's
 *         name in brackets, or its number, from 1, behind a #
 */
struct set_subject {
	size_t kernel;
	const char *variant;
	const struct lookup *lookup;
	size_t number;
	char label[SET_LABEL_BYTES];
};

/**
 * struct set_case - a case of some subject
 * @name: borrowed
 * @ops: its steps in order of appearance
 * @ops_count: at least 1
 * @sizes_bytes: its sizes, ascending
 * @sizes_count: at least 1
 * @series: its series, by size, subject, step
 * @series_count: at least 1
 */
struct set_case {
	const char *name;
	const char *ops[SET_OPS_MAX];
	size_t ops_count;
	uint64_t *sizes_bytes;
	size_t sizes_count;
	struct set_series *series;
	size_t series_count;
};

/**
 * struct set_series - all samples of one subject, case, step and size
 * @kernel: index into the kernels
 * @subject: index into the subjects; of the empty harness that of none
 * @case_: NULL for the empty harness
 * @op: index into the steps of the case
 * @key: what was done, borrowed from the first boot
 * @boots: the cells, one for each record that has any; borrowed, in the order of the records
 * @boots_count: at least 1
 * @values: what was repeated independently, ascending: the samples of the one boot, or the medians
 *          of several
 * @values_count: at least 1
 * @summary: of all samples of all boots together, but for the median, which is that of @values
 * @interval: of the median; set by set_bootstrap()
 * @largest: of its case, step and variant no larger size was measured
 *
 * What it is read against, each NULL where there is none:
 * @baseline: the same with the lookup that speed-ups are relative to; set by set_relate()
 * @stock: the same on the kernel without patches
 * @floor: the same by the floor; NULL for a floor itself
 */
struct set_series {
	size_t kernel;
	size_t subject;
	const struct set_case *case_;
	size_t op;
	const struct record_cell_key *key;
	const struct record_cell *const *boots;
	size_t boots_count;
	const double *values;
	size_t values_count;
	struct stats_summary summary;
	struct interval interval;
	bool largest;
	const struct set_series *baseline;
	const struct set_series *stock;
	const struct set_series *floor;
};

/**
 * struct set - the whole
 * @records: borrowed; @records_count of them, at least 1, all of one machine
 * @unit: of every cost: "insn" or "ns"
 * @exact: samples of a cell must be equal, for they are counted, not timed
 * @baseline: the variant that speed-ups are relative to
 * @kernels: in the order of the records
 * @subjects: by the rank of their lookups, then in order of appearance
 * @cases: in order of appearance, without those of the empty harness
 * @cases_by_name: the same, sorted for set_case_find()
 * @series: those of a case together, in the order of the cases; the empty harness last
 * @memory: amounts of memory, likewise, with bytes for costs
 * @memory_ops: their names, in order of appearance
 * @samples: in all records
 * The rest is what the pointers above point into.
 */
struct set {
	const struct record *records;
	size_t records_count;
	const char *unit;
	bool exact;
	const char *baseline;
	struct set_kernel *kernels;
	size_t kernels_count;
	struct set_subject *subjects;
	size_t subjects_count;
	struct set_case *cases;
	size_t cases_count;
	const struct set_case **cases_by_name;
	struct set_series *series;
	size_t series_count;
	struct set_series *memory;
	size_t memory_count;
	const char *memory_ops[SET_OPS_MAX];
	size_t memory_ops_count;
	size_t samples;
	const struct record_cell **cells;
	uint64_t *sizes_bytes;
	double *values;
};

/*
 * Orders @count @records, which must outlive the set. Returns 0, or -errno with @error set and
 * nothing to clean up: -EINVAL when they are of different machines, or the same cell was measured
 * under different conditions.
 */
int set_init(struct set *set, const struct record *records, size_t count, struct error *error);
void set_cleanup(struct set *set);

/*
 * Sets what speed-ups are relative to: @baseline in the same kernel, else in the first kernel that has
 * it, else the stock kernel. NULL: the lookup that does what the stock kernel does.
 */
void set_relate(struct set *set, const char *baseline);

/* Finds the interval of every series' median. Returns 0 or -ENOMEM. */
int set_bootstrap(struct set *set, unsigned long seed);

/* The case of that name, or NULL. */
const struct set_case *set_case_find(const struct set *set, const char *name);

/* The series of that subject, or NULL when it was not measured. */
const struct set_series *set_find(const struct set *set, size_t subject,
				  const struct set_case *case_, const char *op,
				  uint64_t size_bytes);

/* The subject for a kernel and a variant, or -1. */
long set_subject_find(const struct set *set, size_t kernel, const char *variant);

/* The floor of the kernel of @subject, else of the first kernel that has one. A subject, or -1. */
long set_floor(const struct set *set, size_t subject);

/* How many times cheaper than its baseline @series is; NaN when there is nothing to compare with. */
double set_speedup(const struct set_series *series);

/* How many times the cost of the floor that of @series is; NaN when that is not known. */
double set_distance(const struct set_series *series);

/* The change from @base to @series in percent; NaN when @base is NULL or costs nothing. */
double set_change_pct(const struct set_series *series, const struct set_series *base);

/* Whether more than one thread takes part: such costs depend on who comes first. */
bool set_is_threaded(const struct set_series *series);

/* The largest size of a case. */
uint64_t set_case_largest(const struct set_case *case_);

/* Whether the case is of a family, such as SET_FAMILY_CONTROL. */
bool set_case_is_of(const struct set_case *case_, const char *family);

/* Cost per page; NaN when nothing is mapped. */
double set_per_page(const struct set_series *series);

/* Widest difference of samples in percent of the median; 0 where they are equal. */
double set_spread_pct(const struct set_series *series);

#endif
