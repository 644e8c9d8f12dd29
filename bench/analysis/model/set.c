// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/model/set.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>

/* What every other variant is read against; its rows stand next to the stock kernel's. */
#define VARIANT_OLD_PATH "follow_pfn"

/* Longer kernel names would make tables too wide: their number stands for them. */
#define LABEL_KERNEL_CHARS 18

/**
 * struct entry - a cell on its way into a series
 * @kernel: index of its kernel
 * @order: index among all cells, to keep boots and first appearance in order
 * @cell: the cell
 */
struct entry {
	size_t kernel;
	size_t order;
	const struct record_cell *cell;
};

static int compare_sizes(uint64_t a, uint64_t b)
{
	return a < b ? -1 : a > b;
}

/* Orders by what makes a series: the kernel and what names a cell. */
static int series_order(size_t kernel_a, const struct record_cell_key *a, size_t kernel_b,
			const struct record_cell_key *b)
{
	int order = compare_sizes(kernel_a, kernel_b);

	if (!order)
		order = strcmp(a->case_name, b->case_name);
	if (!order)
		order = strcmp(a->op, b->op);
	if (!order)
		order = strcmp(a->variant, b->variant);
	return order ? order : compare_sizes(a->size_bytes, b->size_bytes);
}

static int entry_compare(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	int order = series_order(x->kernel, &x->cell->key, y->kernel, &y->cell->key);

	return order ? order : compare_sizes(x->order, y->order);
}

static int series_compare(const void *a, const void *b)
{
	const struct set_series *x = a, *y = b;

	return series_order(x->kernel, x->key, y->kernel, y->key);
}

static bool is_null(const struct record_cell_key *key)
{
	return !strcmp(key->op, SET_OP_NULL);
}

/* The index of the record's kernel, which is added when it is new. */
static size_t set_kernel_add(struct set *set, const struct record *record)
{
	struct set_kernel *kernel;
	size_t i;

	for (i = 0; i < set->kernels_count; i++)
		if (!strcmp(set->kernels[i].name, record->env.kernel_name) &&
		    !strcmp(set->kernels[i].release, record->env.kernel_release))
			return i;
	kernel = &set->kernels[set->kernels_count++];
	kernel->name = record->env.kernel_name;
	kernel->release = record->env.kernel_release;
	kernel->record = record;
	return i;
}

static void set_case_add(struct set *set, const char *name)
{
	size_t i;

	for (i = 0; i < set->cases_count; i++)
		if (!strcmp(set->cases[i].name, name))
			return;
	set->cases[set->cases_count++].name = name;
}

static void set_subject_add(struct set *set, size_t kernel, const char *variant)
{
	struct set_subject *subject;

	if (set_subject_find(set, kernel, variant) >= 0)
		return;
	subject = &set->subjects[set->subjects_count++];
	subject->kernel = kernel;
	subject->variant = variant;
}

static size_t cells_count(const struct record *records, size_t count)
{
	size_t i, cells = 0;

	for (i = 0; i < count; i++)
		cells += records[i].cells.count;
	return cells;
}

/* Room for the worst case: every cell its own series, case and subject. */
static int set_alloc(struct set *set)
{
	size_t cells = cells_count(set->records, set->records_count);

	set->kernels = calloc(set->records_count, sizeof(*set->kernels));
	set->subjects = calloc(cells, sizeof(*set->subjects));
	set->cases = calloc(cells, sizeof(*set->cases));
	set->series = calloc(cells, sizeof(*set->series));
	set->cells = calloc(cells, sizeof(*set->cells));
	set->ops = calloc(cells, sizeof(*set->ops));
	set->sizes_bytes = calloc(cells, sizeof(*set->sizes_bytes));
	if (!set->kernels || !set->subjects || !set->cases || !set->series || !set->cells ||
	    !set->ops || !set->sizes_bytes)
		return -ENOMEM;
	return 0;
}

/* Lists every cell and notes kernels, cases and subjects as they appear. */
static size_t set_collect(struct set *set, struct entry *entries)
{
	const struct record_cell *cell;
	size_t i, j, kernel, count = 0;

	for (i = 0; i < set->records_count; i++) {
		kernel = set_kernel_add(set, &set->records[i]);
		set->samples += set->records[i].samples;
		for (j = 0; j < set->records[i].cells.count; j++) {
			cell = set->records[i].cells.list[j];
			entries[count] = (struct entry){ kernel, count, cell };
			count++;
			if (is_null(&cell->key))
				continue;
			set_case_add(set, cell->key.case_name);
			set_subject_add(set, kernel, cell->key.variant);
		}
	}
	return count;
}

static void set_group(struct set *set, const struct entry *entries, size_t count)
{
	struct set_series *series = NULL;
	size_t i;

	for (i = 0; i < count; i++) {
		set->cells[i] = entries[i].cell;
		if (!series || series_order(series->kernel, series->key, entries[i].kernel,
					    &entries[i].cell->key)) {
			series = &set->series[set->series_count++];
			series->kernel = entries[i].kernel;
			series->key = &entries[i].cell->key;
			series->boots = &set->cells[i];
		}
		series->boots_count++;
	}
}

static void case_add_op(struct set_case *case_, const char *op)
{
	size_t i;

	for (i = 0; i < case_->ops_count; i++)
		if (!strcmp(case_->ops[i], op))
			return;
	case_->ops[case_->ops_count++] = op;
}

static void case_add_size(struct set_case *case_, uint64_t size_bytes)
{
	size_t i;

	for (i = 0; i < case_->sizes_count; i++)
		if (case_->sizes_bytes[i] == size_bytes)
			return;
	case_->sizes_bytes[case_->sizes_count++] = size_bytes;
}

static int size_compare(const void *a, const void *b)
{
	return compare_sizes(*(const uint64_t *)a, *(const uint64_t *)b);
}

/* A case has at most as many operations, and sizes, as it has cells: the pools suffice. */
static void set_fill_cases(struct set *set, const struct entry *entries, size_t count)
{
	const struct record_cell_key *key;
	const char **ops = set->ops;
	uint64_t *sizes_bytes = set->sizes_bytes;
	struct set_case *case_;
	size_t i, j;

	for (i = 0; i < set->cases_count; i++) {
		case_ = &set->cases[i];
		case_->ops = ops;
		case_->sizes_bytes = sizes_bytes;
		for (j = 0; j < count; j++) {
			key = &entries[j].cell->key;
			if (is_null(key) || strcmp(key->case_name, case_->name))
				continue;
			case_add_op(case_, key->op);
			case_add_size(case_, key->size_bytes);
		}
		qsort(sizes_bytes, case_->sizes_count, sizeof(*sizes_bytes), size_compare);
		ops += case_->ops_count;
		sizes_bytes += case_->sizes_count;
	}
}

static int subject_rank(const struct set_subject *subject)
{
	if (!strcmp(subject->variant, SET_STOCK))
		return 0;
	if (!strcmp(subject->variant, SET_FLOOR))
		return 3;
	return strcmp(subject->variant, VARIANT_OLD_PATH) ? 2 : 1;
}

/* Insertion sort: stable, and there are few. */
static void set_sort_subjects(struct set *set)
{
	struct set_subject subject;
	size_t i, j;

	for (i = 1; i < set->subjects_count; i++) {
		subject = set->subjects[i];
		for (j = i; j && subject_rank(&set->subjects[j - 1]) > subject_rank(&subject); j--)
			set->subjects[j] = set->subjects[j - 1];
		set->subjects[j] = subject;
	}
}

static bool kernel_name_shared(const struct set *set, size_t kernel)
{
	size_t i;

	for (i = 0; i < set->kernels_count; i++)
		if (i != kernel && !strcmp(set->kernels[i].name, set->kernels[kernel].name))
			return true;
	return false;
}

static bool variant_shared(const struct set *set, const struct set_subject *subject)
{
	size_t i;

	for (i = 0; i < set->subjects_count; i++)
		if (set->subjects[i].kernel != subject->kernel &&
		    !strcmp(set->subjects[i].variant, subject->variant))
			return true;
	return false;
}

/* The kernel is named where the variant alone could be mistaken for another kernel's. */
/* Whether the kernel says more about the subject than its number: it has one variant, or a limit. */
static bool subject_named(const struct set *set, const struct set_subject *subject)
{
	bool stock = !strcmp(subject->variant, SET_STOCK);
	bool limit = !strcmp(subject->variant, SET_FLOOR) && variant_shared(set, subject);

	return (stock || limit) &&
	       strlen(set->kernels[subject->kernel].name) <= LABEL_KERNEL_CHARS &&
	       !kernel_name_shared(set, subject->kernel);
}

static void set_label_subjects(struct set *set)
{
	struct set_subject *subject;
	size_t i;

	for (i = 0; i < set->subjects_count; i++) {
		subject = &set->subjects[i];
		if (subject_named(set, subject))
			snprintf(subject->label, sizeof(subject->label), "%s (%s)",
				 subject->variant, set->kernels[subject->kernel].name);
		else if (!strcmp(subject->variant, SET_STOCK) || variant_shared(set, subject))
			snprintf(subject->label, sizeof(subject->label), "%.30s #%zu",
				 subject->variant, subject->kernel + 1);
		else
			snprintf(subject->label, sizeof(subject->label), "%.30s",
				 subject->variant);
	}
}

/* Fills @units with the medians of the boots. @work has room for all samples. */
static void series_boot_medians(const struct set_series *series, double *units, double *work)
{
	const struct record_cell *boot;
	size_t i;

	for (i = 0; i < series->boots_count; i++) {
		boot = series->boots[i];
		memcpy(work, boot->cost, boot->samples * sizeof(*work));
		gsl_sort(work, 1, boot->samples);
		units[i] = gsl_stats_median_from_sorted_data(work, 1, boot->samples);
	}
	gsl_sort(units, 1, series->boots_count);
}

/*
 * Sets the series' summary and units. @units takes the units and, until then, all samples; @work
 * has room for as many. Returns the number of samples.
 */
static size_t series_summarise(struct set_series *series, double *units, double *work)
{
	size_t i, count = 0;

	for (i = 0; i < series->boots_count; i++) {
		memcpy(units + count, series->boots[i]->cost,
		       series->boots[i]->samples * sizeof(*units));
		count += series->boots[i]->samples;
	}
	stats_summarise(units, count, work, &series->summary);
	series->units = units;
	series->units_count = count;
	if (series->boots_count > 1) {
		series_boot_medians(series, units, work);
		series->units_count = series->boots_count;
		series->summary.median = gsl_stats_median_from_sorted_data(units, 1,
									   series->boots_count);
	}
	return count;
}

static int set_summarise(struct set *set)
{
	size_t i, used = 0;
	double *work;

	set->units = calloc(set->samples, sizeof(*set->units));
	work = calloc(set->samples, sizeof(*work));
	if (!set->units || !work) {
		free(work);
		return -ENOMEM;
	}
	for (i = 0; i < set->series_count; i++)
		used += series_summarise(&set->series[i], set->units + used, work);
	free(work);
	return 0;
}

static int set_check_units(struct set *set, struct error *error)
{
	size_t i;

	set->unit = set->records[0].env.unit;
	for (i = 1; i < set->records_count; i++)
		if (strcmp(set->records[i].env.unit, set->unit))
			return error_set(error, OUTCOME_USE, EINVAL,
					 "unit of '%s' is %s, of '%s' %s: units must be the same",
					 set->records[0].path, set->unit, set->records[i].path,
					 set->records[i].env.unit);
	return 0;
}

/* Refuses cells of one case and size that were not measured under the same conditions. */
static int set_check_conditions(const struct set *set, const struct set_case *case_,
				uint64_t size_bytes, struct error *error)
{
	const struct record_cell_key *first = NULL;
	const struct record_cell_key *key;
	size_t i, j;

	for (i = 0; i < set->records_count; i++) {
		for (j = 0; j < set->records[i].cells.count; j++) {
			key = &set->records[i].cells.list[j]->key;
			if (key->size_bytes != size_bytes || strcmp(key->case_name, case_->name))
				continue;
			if (!first)
				first = key;
			if (!record_conditions_equal(first, key))
				return error_set(error, OUTCOME_USE, EINVAL,
						 "%s: case '%s' was measured under other "
						 "conditions before",
						 set->records[i].path, case_->name);
		}
	}
	return 0;
}

static int set_check_cases(const struct set *set, struct error *error)
{
	size_t i, j;
	int err;

	for (i = 0; i < set->cases_count; i++) {
		for (j = 0; j < set->cases[i].sizes_count; j++) {
			err = set_check_conditions(set, &set->cases[i],
						   set->cases[i].sizes_bytes[j], error);
			if (err)
				return err;
		}
	}
	return 0;
}

static int set_fill(struct set *set)
{
	struct entry *entries;
	size_t count;

	entries = calloc(cells_count(set->records, set->records_count), sizeof(*entries));
	if (!entries)
		return -ENOMEM;
	count = set_collect(set, entries);
	set_fill_cases(set, entries, count);
	qsort(entries, count, sizeof(*entries), entry_compare);
	set_group(set, entries, count);
	free(entries);

	set_sort_subjects(set);
	set_label_subjects(set);
	return set_summarise(set);
}

int set_init(struct set *set, const struct record *records, size_t count, struct error *error)
{
	int err;

	memset(set, 0, sizeof(*set));
	set->records = records;
	set->records_count = count;
	err = set_check_units(set, error);
	if (err)
		return err;

	err = set_alloc(set);
	if (!err)
		err = set_fill(set);
	if (err)
		error_set(error, OUTCOME_BROKEN, -err, "out of memory");
	else
		err = set_check_cases(set, error);
	if (err)
		set_cleanup(set);
	return err;
}

void set_cleanup(struct set *set)
{
	free(set->kernels);
	free(set->subjects);
	free(set->cases);
	free(set->series);
	free(set->cells);
	free(set->ops);
	free(set->sizes_bytes);
	free(set->units);
	memset(set, 0, sizeof(*set));
}

bool set_is_exact(const struct set *set)
{
	return !strcmp(set->records[0].env.mode, "icount");
}

int set_bootstrap(struct set *set, unsigned long seed)
{
	struct bootstrap bootstrap;
	size_t i;

	if (bootstrap_init(&bootstrap, seed))
		return -ENOMEM;
	for (i = 0; i < set->series_count; i++)
		set->series[i].interval = bootstrap_median(&bootstrap, set->series[i].units,
							   set->series[i].units_count);
	bootstrap_cleanup(&bootstrap);
	return 0;
}

const struct set_series *set_find(const struct set *set, size_t subject, const char *case_name,
				  const char *op, uint64_t size_bytes)
{
	const struct record_cell_key key = {
		.case_name = (char *)case_name,
		.op = (char *)op,
		.variant = (char *)set->subjects[subject].variant,
		.size_bytes = size_bytes,
	};
	const struct set_series wanted = {
		.kernel = set->subjects[subject].kernel,
		.key = &key,
	};

	return bsearch(&wanted, set->series, set->series_count, sizeof(*set->series),
		       series_compare);
}

const struct set_series *set_find_null(const struct set *set, size_t kernel)
{
	size_t i;

	for (i = 0; i < set->series_count; i++)
		if (set->series[i].kernel == kernel && is_null(set->series[i].key))
			return &set->series[i];
	return NULL;
}

long set_subject_find(const struct set *set, size_t kernel, const char *variant)
{
	size_t i;

	for (i = 0; i < set->subjects_count; i++)
		if (set->subjects[i].kernel == kernel &&
		    !strcmp(set->subjects[i].variant, variant))
			return i;
	return -1;
}

long set_baseline(const struct set *set, size_t subject, const char *variant)
{
	long found = set_subject_find(set, set->subjects[subject].kernel, variant);
	size_t i;

	for (i = 0; found < 0 && i < set->kernels_count; i++)
		found = set_subject_find(set, i, variant);
	for (i = 0; found < 0 && i < set->kernels_count; i++)
		found = set_subject_find(set, i, SET_STOCK);
	return found;
}

long set_floor(const struct set *set, size_t subject)
{
	long found = set_baseline(set, subject, SET_FLOOR);

	return found >= 0 && !strcmp(set->subjects[found].variant, SET_FLOOR) ? found : -1;
}

const struct set_series *set_find_floor(const struct set *set, const struct set_series *series)
{
	long subject = set_subject_find(set, series->kernel, series->key->variant);
	long floor = subject < 0 ? -1 : set_floor(set, subject);

	if (floor < 0)
		return NULL;
	return set_find(set, floor, series->key->case_name, series->key->op,
			series->key->size_bytes);
}
