// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/model/set.h"

#include <errno.h>
#include <math.h>
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>

#include "lib/text.h"

#define NO_CASE SIZE_MAX

/**
 * struct cell_entry - a cell on its way into a series
 * @memory: an amount of memory
 * @case_: index of the case, NO_CASE for the empty harness
 * @kernel: index
 * @subject: index in order of appearance; the kernel for the empty harness
 * @op: index among the steps of the case, or among the amounts of memory
 * @order: index among all cells, to keep boots and first appearance in order
 * @record: whose cell it is
 * @cell: the cell
 */
struct cell_entry {
	bool memory;
	size_t case_;
	size_t kernel;
	size_t subject;
	size_t op;
	size_t order;
	const struct record *record;
	const struct record_cell *cell;
};

/**
 * struct collector - what is needed while cells are collected
 * @set: being built
 * @entries: one a cell
 * @count: of them
 * @case_names: tree of struct set_case by name
 * @subject_names: tree of struct set_subject by kernel and variant
 * @error: what is wrong
 */
struct collector {
	struct set *set;
	struct cell_entry *entries;
	size_t count;
	void *case_names;
	void *subject_names;
	struct error *error;
};

static int compare_numbers(uint64_t a, uint64_t b)
{
	return a < b ? -1 : a > b;
}

/* Orders by what makes a series. */
static int series_order(const struct cell_entry *a, const struct cell_entry *b)
{
	int order = compare_numbers(a->memory, b->memory);

	if (!order)
		order = compare_numbers(a->case_, b->case_);
	if (!order)
		order = compare_numbers(a->cell->key.size_bytes, b->cell->key.size_bytes);
	if (!order)
		order = compare_numbers(a->subject, b->subject);
	return order ? order : compare_numbers(a->op, b->op);
}

static int entry_compare(const void *a, const void *b)
{
	const struct cell_entry *x = a, *y = b;
	int order = series_order(x, y);

	return order ? order : compare_numbers(x->order, y->order);
}

static int case_compare(const void *a, const void *b)
{
	return strcmp(((const struct set_case *)a)->name, ((const struct set_case *)b)->name);
}

static int name_compare(const void *a, const void *b)
{
	return case_compare(*(const struct set_case *const *)a, *(const struct set_case *const *)b);
}

static int subject_compare(const void *a, const void *b)
{
	const struct set_subject *x = a, *y = b;
	int order = compare_numbers(x->kernel, y->kernel);

	return order ? order : strcmp(x->variant, y->variant);
}

static void node_keep(void *node)
{
	(void)node; /* the set has it */
}

static bool is_null(const struct record_cell_key *key)
{
	return !strcmp(key->op, SET_OP_NULL);
}

/* The index of the record's kernel, which is added when it is new. */
static size_t kernel_add(struct set *set, const struct record *record)
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

/* The case of that name, added when it is new; NULL when memory is out. */
static struct set_case *case_add(struct collector *collector, const char *name)
{
	struct set_case *next = &collector->set->cases[collector->set->cases_count], **node;

	next->name = name;
	node = tsearch(next, &collector->case_names, case_compare);
	if (!node)
		return NULL;
	collector->set->cases_count += *node == next;
	return *node;
}

static struct set_subject *subject_add(struct collector *collector, size_t kernel,
				       const char *variant)
{
	struct set_subject *next = &collector->set->subjects[collector->set->subjects_count];
	struct set_subject **node;

	next->kernel = kernel;
	next->variant = variant;
	next->lookup = lookup_find(variant);
	node = tsearch(next, &collector->subject_names, subject_compare);
	if (!node)
		return NULL;
	collector->set->subjects_count += *node == next;
	return *node;
}

/* The index of @op among the steps, added when it is new; SET_OPS_MAX when there are too many. */
static size_t op_add(const char **ops, size_t *count, const char *op)
{
	size_t i;

	for (i = 0; i < *count; i++)
		if (!strcmp(ops[i], op))
			return i;
	if (i < SET_OPS_MAX)
		ops[(*count)++] = op;
	return i;
}

static int no_memory(struct error *error)
{
	return error_set(error, OUTCOME_BROKEN, ENOMEM, "out of memory");
}

/* Fills in the entry's case, subject and step. */
static int entry_fill(struct collector *collector, struct cell_entry *entry)
{
	const struct record_cell_key *key = &entry->cell->key;
	struct set *set = collector->set;
	struct set_subject *subject;
	struct set_case *case_;

	entry->case_ = NO_CASE;
	entry->subject = entry->kernel;
	if (is_null(key))
		return 0;
	case_ = case_add(collector, key->case_name);
	subject = subject_add(collector, entry->kernel, key->variant);
	if (!case_ || !subject)
		return no_memory(collector->error);
	if (set->subjects_count > SET_SUBJECTS_MAX)
		return error_set(collector->error, OUTCOME_USE, E2BIG, "variant '%s': one of more "
				 "than %d", key->variant, SET_SUBJECTS_MAX);
	entry->case_ = case_ - set->cases;
	entry->subject = subject - set->subjects;
	entry->op = entry->memory ? op_add(set->memory_ops, &set->memory_ops_count, key->op)
				  : op_add(case_->ops, &case_->ops_count, key->op);
	if (entry->op < SET_OPS_MAX)
		return 0;
	return error_set(collector->error, OUTCOME_USE, E2BIG,
			 "case '%s': has more than %d steps, such as '%s'", key->case_name,
			 SET_OPS_MAX, key->op);
}

static int cells_collect(struct collector *collector, const struct record *record, bool memory)
{
	const struct record_cells *cells = memory ? &record->memory : &record->cells;
	size_t kernel = kernel_add(collector->set, record);
	struct cell_entry *entry;
	size_t i;
	int err = 0;

	for (i = 0; i < cells->count && !err; i++) {
		entry = &collector->entries[collector->count];
		*entry = (struct cell_entry){
			.memory = memory, .kernel = kernel, .order = collector->count,
			.record = record, .cell = cells->list[i],
		};
		collector->count++;
		err = entry_fill(collector, entry);
	}
	return err;
}

/* Lists every cell and notes kernels, cases and subjects as they appear. */
static int set_collect(struct collector *collector)
{
	struct set *set = collector->set;
	size_t i;
	int err = 0;

	for (i = 0; i < set->records_count && !err; i++) {
		set->samples += set->records[i].samples;
		err = cells_collect(collector, &set->records[i], false);
	}
	for (i = 0; i < set->records_count && !err; i++)
		err = cells_collect(collector, &set->records[i], true);
	tdestroy(collector->case_names, node_keep);
	tdestroy(collector->subject_names, node_keep);
	return err;
}

static int subject_rank_compare(const void *a, const void *b)
{
	const struct set_subject *x = a, *y = b;
	int order = compare_numbers(x->lookup->rank, y->lookup->rank);

	return order ? order : compare_numbers(x->number, y->number);
}

/* Sorts the subjects, and has the entries say so. */
static int subjects_sort(struct collector *collector)
{
	struct set *set = collector->set;
	size_t *places = calloc(set->subjects_count + 1, sizeof(*places));
	size_t i;

	if (!places)
		return no_memory(collector->error);
	for (i = 0; i < set->subjects_count; i++)
		set->subjects[i].number = i;
	qsort(set->subjects, set->subjects_count, sizeof(*set->subjects), subject_rank_compare);
	for (i = 0; i < set->subjects_count; i++)
		places[set->subjects[i].number] = i;
	for (i = 0; i < collector->count; i++)
		if (collector->entries[i].case_ != NO_CASE)
			collector->entries[i].subject = places[collector->entries[i].subject];
	free(places);
	return 0;
}

static void series_begin(struct set *set, struct set_series *series, const struct cell_entry *entry,
			 const struct record_cell **boots)
{
	struct set_case *case_ = entry->case_ == NO_CASE ? NULL : &set->cases[entry->case_];

	*series = (struct set_series){
		.kernel = entry->kernel, .subject = entry->subject, .case_ = case_,
		.op = entry->op, .key = &entry->cell->key, .boots = boots,
	};
	if (entry->memory) {
		if (!set->memory_count++)
			set->memory = series;
		return;
	}
	set->series_count++;
	if (!case_)
		return;
	if (!case_->series_count++)
		case_->series = series;
	if (!case_->sizes_count ||
	    case_->sizes_bytes[case_->sizes_count - 1] != series->key->size_bytes)
		case_->sizes_bytes[case_->sizes_count++] = series->key->size_bytes;
}

/* Each series may bring a size of its own: the pool suffices. */
static void set_group(struct set *set, const struct cell_entry *entries, size_t count)
{
	struct set_series *series = set->series;
	const struct cell_entry *entry;

	for (entry = entries; entry < entries + count; entry++) {
		set->cells[entry - entries] = entry->cell;
		if (entry == entries || series_order(entry - 1, entry)) {
			series += entry != entries;
			if (entry->case_ != NO_CASE && !set->cases[entry->case_].sizes_bytes)
				set->cases[entry->case_].sizes_bytes =
					set->sizes_bytes + (series - set->series);
			series_begin(set, series, entry, &set->cells[entry - entries]);
		}
		series->boots_count++;
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

/* Whether the kernel's name says more about the subject than its number: type1 has no part in it. */
static bool subject_named(const struct set *set, const struct set_subject *subject, bool shared)
{
	bool stock = !strcmp(subject->variant, LOOKUP_STOCK);
	bool other = shared && (subject->lookup->stride == LOOKUP_NOTHING ||
				subject->lookup->stride == LOOKUP_FILE);

	return (stock || other) &&
	       text_width(set->kernels[subject->kernel].name) <= SET_LABEL_CHARS &&
	       !kernel_name_shared(set, subject->kernel);
}

static void subject_label(struct set *set, struct set_subject *subject, bool shared)
{
	if (subject_named(set, subject, shared))
		snprintf(subject->label, sizeof(subject->label), "%.30s (%s)", subject->variant,
			 set->kernels[subject->kernel].name);
	else if (!strcmp(subject->variant, LOOKUP_STOCK) || shared)
		snprintf(subject->label, sizeof(subject->label), "%.30s #%zu", subject->variant,
			 subject->kernel + 1);
	else
		snprintf(subject->label, sizeof(subject->label), "%.30s", subject->variant);
}

static int variant_compare(const void *a, const void *b)
{
	const struct set_subject *const *x = a, *const *y = b;
	int order = strcmp((*x)->variant, (*y)->variant);

	return order ? order : compare_numbers(*x - *y > 0, *y - *x > 0);
}

/* Names all subjects. */
static int subjects_label(struct set *set, struct error *error)
{
	struct set_subject **sorted = calloc(set->subjects_count + 1, sizeof(*sorted));
	bool before, after;
	size_t i;

	if (!sorted)
		return no_memory(error);
	for (i = 0; i < set->subjects_count; i++)
		sorted[i] = &set->subjects[i];
	qsort(sorted, set->subjects_count, sizeof(*sorted), variant_compare);
	for (i = 0; i < set->subjects_count; i++) {
		before = i && !strcmp(sorted[i - 1]->variant, sorted[i]->variant);
		after = i + 1 < set->subjects_count &&
			!strcmp(sorted[i]->variant, sorted[i + 1]->variant);
		/* the kernel is named where the variant alone could be mistaken for another's */
		subject_label(set, sorted[i], before || after);
	}
	free(sorted);
	return 0;
}

/* Fills @values with the medians of the boots. @work has room for all samples. */
static void series_boot_medians(const struct set_series *series, double *values, double *work)
{
	const struct record_cell *boot;
	size_t i;

	for (i = 0; i < series->boots_count; i++) {
		boot = series->boots[i];
		memcpy(work, boot->cost, boot->samples * sizeof(*work));
		gsl_sort(work, 1, boot->samples);
		values[i] = gsl_stats_median_from_sorted_data(work, 1, boot->samples);
	}
	gsl_sort(values, 1, series->boots_count);
}

/*
 * Sets the series' summary and values. @values takes these and, until then, all samples; @work has
 * room for as many. Returns the number of samples.
 */
static size_t series_summarise(struct set_series *series, double *values, double *work)
{
	size_t i, count = 0;

	for (i = 0; i < series->boots_count; i++) {
		memcpy(values + count, series->boots[i]->cost,
		       series->boots[i]->samples * sizeof(*values));
		count += series->boots[i]->samples;
	}
	stats_summarise(values, count, work, &series->summary);
	series->values = values;
	series->values_count = count;
	if (series->boots_count > 1) {
		series_boot_medians(series, values, work);
		series->values_count = series->boots_count;
		series->summary.median = gsl_stats_median_from_sorted_data(values, 1,
									   series->boots_count);
	}
	return count;
}

static int set_summarise(struct set *set, size_t cells, struct error *error)
{
	size_t i, samples = 0, used = 0, count = set->series_count + set->memory_count;
	double *work;

	for (i = 0; i < cells; i++)
		samples += set->cells[i]->samples;
	set->values = calloc(samples, sizeof(*set->values));
	work = calloc(samples, sizeof(*work));
	for (i = 0; set->values && work && i < count; i++)
		used += series_summarise(&set->series[i], set->values + used, work);
	free(work);
	return used == samples ? 0 : no_memory(error);
}

/* Refuses cells of one case and size that were not measured under the same conditions. */
static int set_check_conditions(const struct set *set, struct error *error)
{
	const struct set_series *series, *first = set->series;
	size_t i;

	for (series = set->series; series < set->series + set->series_count; series++) {
		if (!series->case_)
			continue;
		if (series->case_ != first->case_ || series->key->size_bytes != first->key->size_bytes)
			first = series;
		for (i = 0; i < series->boots_count; i++)
			if (!record_conditions_equal(first->key, &series->boots[i]->key))
				return error_set(error, OUTCOME_USE, EINVAL,
						 "case '%s': was measured under different "
						 "conditions in the records, such as '%s'",
						 series->case_->name, set->records[0].path);
	}
	return 0;
}

/* Boots of one machine are repetitions; those of two are not. */
static int set_check_machine(const struct set *set, struct error *error)
{
	const struct record *first = set->records, *record;
	const char *path, *values[2];

	for (record = first + 1; record < first + set->records_count; record++) {
		path = record_machine_difference(first, record);
		if (!path)
			continue;
		values[0] = record_env_text(first, path);
		values[1] = record_env_text(record, path);
		return error_set(error, OUTCOME_USE, EINVAL, "%s of '%s' is %s, of '%s' %s: one report "
				 "is of one machine", path, first->path,
				 values[0] ? values[0] : "another", record->path,
				 values[1] ? values[1] : "another");
	}
	return 0;
}

/* Marks the largest size of each case, subject and step, and what stands at the same place. */
static void case_relate(struct set *set, const struct set_case *case_)
{
	size_t largest = case_->series_count, i, stock;
	struct set_series *series;
	long floor;

	/* the last is of the largest size; of others what no later size has is */
	for (i = largest; i-- > 0;) {
		series = &case_->series[i];
		series->largest = series->key->size_bytes == set_case_largest(case_) ||
				  !set_find(set, series->subject, case_,
					    case_->ops[series->op], set_case_largest(case_));
		for (stock = 0; stock < set->subjects_count && !series->stock &&
		     set->subjects[stock].lookup->rank == 0; stock++)
			series->stock = set_find(set, stock, case_, case_->ops[series->op],
						 series->key->size_bytes);
		floor = set_floor(set, series->subject);
		if (floor >= 0 && set->subjects[series->subject].lookup->stride != LOOKUP_NOTHING)
			series->floor = set_find(set, floor, case_, case_->ops[series->op],
						 series->key->size_bytes);
	}
}

static void null_relate(struct set *set, const struct set_series *series)
{
	struct set_kernel *kernel = &set->kernels[series->kernel];

	if (!series->case_ && !kernel->null)
		kernel->null = series;
	if (series->key->size_bytes && (!kernel->smallest || series->summary.median <
					kernel->smallest->summary.median))
		kernel->smallest = series;
}

/* Repetitions within a boot say nothing of how boots differ, and a copy of a file nothing at all. */
static int set_check_boots(const struct collector *collector)
{
	const struct cell_entry *entry, *other;

	for (entry = collector->entries; entry < collector->entries + collector->count; entry++)
		for (other = entry; other-- > collector->entries && !series_order(other, entry);)
			if (!entry->memory && entry->case_ != NO_CASE &&
			    record_boot_equal(entry->record, other->record))
				return error_set(collector->error, OUTCOME_USE, EINVAL,
						 "'%s' and '%s' are of the same boot: boots are what "
						 "is repeated", other->record->path,
						 entry->record->path);
	return 0;
}

static int set_fill(struct set *set, struct collector *collector)
{
	struct error *error = collector->error;
	size_t i;
	int err;

	err = set_collect(collector);
	if (!err)
		err = subjects_sort(collector);
	if (err)
		return err;
	qsort(collector->entries, collector->count, sizeof(*collector->entries), entry_compare);
	err = set_check_boots(collector);
	if (err)
		return err;
	set_group(set, collector->entries, collector->count);
	err = set_check_conditions(set, error);
	if (!err)
		err = subjects_label(set, error);
	if (!err)
		err = set_summarise(set, collector->count, error);
	if (err)
		return err;
	for (i = 0; i < set->cases_count; i++) {
		set->cases_by_name[i] = &set->cases[i];
		case_relate(set, &set->cases[i]);
	}
	qsort(set->cases_by_name, set->cases_count, sizeof(*set->cases_by_name), name_compare);
	for (i = 0; i < set->series_count; i++)
		null_relate(set, &set->series[i]);
	return 0;
}

/* Room for the worst case: every cell its own series, case and subject. */
static int set_alloc(struct set *set, struct collector *collector, struct error *error)
{
	size_t i, cells = 1;

	for (i = 0; i < set->records_count; i++)
		cells += set->records[i].cells.count + set->records[i].memory.count;
	set->kernels = calloc(set->records_count, sizeof(*set->kernels));
	set->subjects = calloc(cells, sizeof(*set->subjects));
	set->cases = calloc(cells, sizeof(*set->cases));
	set->series = calloc(cells, sizeof(*set->series));
	set->cells = calloc(cells, sizeof(*set->cells));
	set->sizes_bytes = calloc(cells, sizeof(*set->sizes_bytes));
	set->cases_by_name = calloc(cells, sizeof(*set->cases_by_name));
	collector->entries = calloc(cells, sizeof(*collector->entries));
	return set->kernels && set->subjects && set->cases && set->series && set->cells &&
	       set->sizes_bytes && set->cases_by_name && collector->entries ? 0 : no_memory(error);
}

int set_init(struct set *set, const struct record *records, size_t count, struct error *error)
{
	struct collector collector = { .set = set, .error = error };
	int err;

	memset(set, 0, sizeof(*set));
	set->records = records;
	set->records_count = count;
	set->unit = records[0].env.unit;
	set->exact = record_is_exact(&records[0]);
	err = set_check_machine(set, error);
	if (err)
		return err;
	err = set_alloc(set, &collector, error);
	if (!err)
		err = set_fill(set, &collector);
	free(collector.entries);
	if (err)
		set_cleanup(set);
	else
		set_relate(set, NULL);
	return err;
}

void set_cleanup(struct set *set)
{
	free(set->kernels);
	free(set->subjects);
	free(set->cases);
	free(set->cases_by_name);
	free(set->series);
	free(set->cells);
	free(set->sizes_bytes);
	free(set->values);
	memset(set, 0, sizeof(*set));
}

/* @variant in the same kernel, else in the first that has it, else stock; -1: none. */
static long baseline_find(const struct set *set, size_t subject, const char *variant)
{
	long found = set_subject_find(set, set->subjects[subject].kernel, variant);
	size_t i;

	for (i = 0; found < 0 && i < set->kernels_count; i++)
		found = set_subject_find(set, i, variant);
	for (i = 0; found < 0 && i < set->kernels_count; i++)
		found = set_subject_find(set, i, LOOKUP_STOCK);
	return found;
}

void set_relate(struct set *set, const char *baseline)
{
	const struct lookup *own = lookup_of_release(set->kernels[0].release);
	struct set_series *series;
	size_t subject = SIZE_MAX;
	long found = -1;

	set->baseline = baseline ? baseline : own ? own->name : LOOKUP_STOCK;
	for (series = set->series; series < set->series + set->series_count; series++) {
		if (!series->case_)
			continue;
		if (series->subject != subject)
			found = baseline_find(set, series->subject, set->baseline);
		subject = series->subject;
		series->baseline = found < 0 ? NULL :
			set_find(set, found, series->case_, series->case_->ops[series->op],
				 series->key->size_bytes);
	}
}

int set_bootstrap(struct set *set, unsigned long seed)
{
	struct bootstrap bootstrap;
	size_t i;

	if (bootstrap_init(&bootstrap, seed))
		return -ENOMEM;
	for (i = 0; i < set->series_count; i++)
		set->series[i].interval = bootstrap_median(&bootstrap, set->series[i].values,
							   set->series[i].values_count);
	bootstrap_cleanup(&bootstrap);
	return 0;
}

const struct set_case *set_case_find(const struct set *set, const char *name)
{
	const struct set_case wanted = { .name = name }, *key = &wanted, **found;

	found = bsearch(&key, set->cases_by_name, set->cases_count, sizeof(*found), name_compare);
	return found ? *found : NULL;
}

static int place_compare(const void *a, const void *b)
{
	const struct set_series *x = a, *y = b;
	int order = compare_numbers(x->key->size_bytes, y->key->size_bytes);

	if (!order)
		order = compare_numbers(x->subject, y->subject);
	return order ? order : compare_numbers(x->op, y->op);
}

const struct set_series *set_find(const struct set *set, size_t subject,
				  const struct set_case *case_, const char *op,
				  uint64_t size_bytes)
{
	const struct record_cell_key key = { .size_bytes = size_bytes };
	struct set_series wanted = { .subject = subject, .key = &key };

	(void)set;
	while (wanted.op < case_->ops_count && strcmp(case_->ops[wanted.op], op))
		wanted.op++;
	if (!case_->series_count)
		return NULL;
	return bsearch(&wanted, case_->series, case_->series_count, sizeof(wanted), place_compare);
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

long set_floor(const struct set *set, size_t subject)
{
	long found = -1;
	size_t i;

	/* floors are last */
	for (i = set->subjects_count; i-- > 0 &&
	     set->subjects[i].lookup->stride == LOOKUP_NOTHING;) {
		if (set->subjects[i].kernel == set->subjects[subject].kernel)
			return i;
		found = i;
	}
	return found;
}

double set_change_pct(const struct set_series *series, const struct set_series *base)
{
	if (!base || !(base->summary.median > 0))
		return NAN;
	return stats_change_pct(series->summary.median, base->summary.median);
}

double set_speedup(const struct set_series *series)
{
	if (!series->baseline || !(series->summary.median > 0))
		return NAN;
	return series->baseline->summary.median / series->summary.median;
}

double set_distance(const struct set_series *series)
{
	if (!series->floor || !(series->floor->summary.median > 0))
		return NAN;
	return series->summary.median / series->floor->summary.median;
}

bool set_is_threaded(const struct set_series *series)
{
	return series->key->threads > 1;
}

uint64_t set_case_largest(const struct set_case *case_)
{
	return case_->sizes_bytes[case_->sizes_count - 1];
}

bool set_case_is_of(const struct set_case *case_, const char *family)
{
	return !strncmp(case_->name, family, strlen(family));
}

double set_per_page(const struct set_series *series)
{
	return series->key->pages ? series->summary.median / series->key->pages : NAN;
}

double set_spread_pct(const struct set_series *series)
{
	const struct stats_summary *summary = &series->summary;

	return summary->median > 0 ? 100 * (summary->max - summary->min) / summary->median : 0;
}
