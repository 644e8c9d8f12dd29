// SPDX-License-Identifier: GPL-2.0-or-later
/* letter_parts: the tables. */
#include "analysis/view/letter_parts.h"

#include <math.h>
#include <string.h>

#include "lib/number.h"
#include "analysis/model/operations.h"
#include "lib/size.h"
#include "lib/text.h"

#define SUFFIX_WARM "/warm"
#define OP_MAP "map"

char *letter_cost(const struct set_series *series, bool exact, char *text)
{
	bool differ = exact && series->summary.min != series->summary.max;

	text[0] = '~';
	format_cost(series->summary.median, text + differ);
	return text;
}

static bool ends_with(const char *text, const char *suffix)
{
	size_t length = strlen(text), tail = strlen(suffix);

	return length >= tail && !strcmp(text + length - tail, suffix);
}

/* The plain mappings with populated page tables: the claim stands or falls with them. */
static bool case_is_plain(const struct set_case *case_)
{
	return set_case_is_of(case_, SET_FAMILY_PLAIN) &&
	       ends_with(case_->name, SUFFIX_WARM);
}

/* ---- one plain case, all lookups ---- */

static void count_cell(struct table *table, uint64_t count)
{
	char text[FORMAT_TEXT_BYTES];

	if (count == OPERATIONS_NONE)
		table_cell(table, "none");
	else if (count)
		table_cell(table, "%s", format_cost(count, text));
	else
		table_cell(table, "-");
}

/* Both ends of the interval, against the median. */
static void spread_cell(struct table *table, const struct set_series *series)
{
	double median = series->summary.median;

	if (interval_known(&series->interval) && median > 0)
		table_cell(table, "%+.1f..%+.1f %%", 100 * (series->interval.low / median - 1),
			   100 * (series->interval.high / median - 1));
	else
		table_cell(table, "-");
}

/* What the lookup before costs in the place of @series, for speed-ups; NULL when there is none. */
static const struct set_series *before_series(const struct sides *sides,
					      const struct set_series *series)
{
	const struct set_case *case_ = set_case_find(&sides->before, series->case_->name);
	long subject;

	if (!sides->change.rows_count || !case_)
		return NULL;
	subject = set_subject_find(&sides->before, 0, sides->change.rows[0].a->key->variant);
	return set_find(&sides->before, subject, case_, series->key->op, series->key->size_bytes);
}

static void lookup_row(const struct sides *sides, struct table *table, const struct set *set,
		       const struct set_series *series, const char *label)
{
	bool exact = set->exact, map = !strcmp(series->key->op, OP_MAP);
	const struct set_series *before = before_series(sides, series);
	double cost = series->summary.median;
	char text[FORMAT_TEXT_BYTES + 1];

	table_cell(table, "%s", label);
	count_cell(table, map ? operations_lookups(&set->records[0], series->key) : 0);
	table_cell(table, "%s", letter_cost(series, exact, text));
	if (exact && series->key->pages)
		table_cell(table, "%s", format_cost(cost / series->key->pages, text));
	else if (exact)
		table_cell(table, "-");
	else
		spread_cell(table, series);
	if (!exact)
		table_cell(table, "%zu", series->values_count);
	if (before && cost > 0)
		table_cell(table, "%s", format_factor(before->summary.median / cost, text));
	else
		table_cell(table, "-");
}

/* Rows of the lookups in @set; those that go page by page only with @paged. */
static void lookup_rows(const struct sides *sides, struct table *table, const struct set *set,
			const struct set_case *case_, const char *op, size_t number)
{
	const struct set_case *own = set_case_find(set, case_->name);
	const struct set_series *series;
	char label[SET_LABEL_BYTES];
	size_t i;

	for (i = 0; own && i < set->subjects_count; i++) {
		series = set_find(set, i, own, op, set_case_largest(case_));
		if (!series || set->subjects[i].lookup->paged)
			continue;
		/* one limit is enough where the kernel after has one, too */
		if (set != &sides->after && !strcmp(series->key->variant, LOOKUP_FLOOR) &&
		    set_subject_find(&sides->after, 0, LOOKUP_FLOOR) >= 0)
			continue;
		if (number)
			snprintf(label, sizeof(label), "%.24s #%zu", series->key->variant, number);
		else
			snprintf(label, sizeof(label), "%.24s", series->key->variant);
		lookup_row(sides, table, set, series, label);
	}
}

static bool both_have_stock(const struct sides *sides)
{
	return set_subject_find(&sides->before, 0, LOOKUP_STOCK) >= 0 &&
	       set_subject_find(&sides->after, 0, LOOKUP_STOCK) >= 0;
}

static void lookup_heads(struct table *table, const struct set *set)
{
	bool exact = set->exact;

	table_init(table, exact ? 5 : 6);
	table_cell(table, "lookup");
	table_cell(table, "lookups");
	table_cell(table, "%s", set->unit);
	table_cell(table, exact ? "/page" : "95 %%");
	if (!exact)
		table_cell(table, "n");
	table_cell(table, "speed-up");
}

static const char *tables_text(const char *tables)
{
	if (!strcmp(tables, "warm"))
		return "page tables populated";
	return strcmp(tables, "cold") ? "no page tables" : "page tables empty";
}

static void align_print(const char *what, uint64_t offset_bytes, FILE *out)
{
	char size[SIZE_TEXT_BYTES];

	if (offset_bytes)
		fprintf(out, ", %s %s off 1G", what, size_format(offset_bytes, size));
	else
		fprintf(out, ", %s aligned to 1G", what);
}

/* The conditions of a case in words, so that no number stands without them. */
static void case_title(const struct record *record, const struct record_cell_key *key, FILE *out)
{
	char size[SIZE_TEXT_BYTES], text[FORMAT_TEXT_BYTES];
	uint64_t ioptes = operations_ioptes(record, key);

	fprintf(out, "\n%s, BAR of %s (%s pages)", key->case_name,
		size_format(key->size_bytes, size), format_cost(key->pages, text));
	align_print("VA", key->va_offset_bytes, out);
	fprintf(out, ", %s, IOVA aligned to %s", tables_text(key->tables),
		size_format(key->iova_align_bytes, size));
	if (ioptes)
		fprintf(out, ", IOPTEs: %s", format_cost(ioptes, text));
	fprintf(out, "\n\n");
}

static int case_lookups_print(const struct sides *sides, const struct set_case *case_, FILE *out)
{
	bool numbered = both_have_stock(sides) && sides_are_two(sides);
	struct table table;
	size_t op;
	int err;

	case_title(&sides->after.records[0],
		   case_->series[case_->series_count - 1].key, out);
	lookup_heads(&table, &sides->after);
	for (op = 0; op < case_->ops_count; op++) {
		table_group(&table, "%s", case_->ops[op]);
		if (sides_are_two(sides))
			lookup_rows(sides, &table, &sides->before, case_, case_->ops[op],
				    numbered ? 1 : 0);
		lookup_rows(sides, &table, &sides->after, case_, case_->ops[op],
			    numbered ? 2 : 0);
	}
	err = table_print(&table, TABLE_TEXT, out);
	table_cleanup(&table);
	return err;
}

int letter_lookups_print(const struct sides *sides, FILE *out)
{
	size_t i;
	int err = 0;

	for (i = 0; i < sides->after.cases_count && !err; i++)
		if (case_is_plain(&sides->after.cases[i]))
			err = case_lookups_print(sides, &sides->after.cases[i], out);
	return err;
}

/* ---- page by page ---- */

static size_t measured_count(const struct set *set, const struct set_case *case_, uint64_t bytes)
{
	size_t i, count = 0;

	for (i = 0; i < set->subjects_count; i++)
		count += set_find(set, i, case_, OP_MAP, bytes) != NULL;
	return count;
}

/* The largest size that as many lookups were measured at as at any: some stop before others. */
static uint64_t common_bytes(const struct set *set, const struct set_case *case_)
{
	uint64_t bytes = set_case_largest(case_);
	size_t i, most = 0, count;

	for (i = case_->sizes_count; i-- > 0; ) {
		count = measured_count(set, case_, case_->sizes_bytes[i]);
		if (count > most) {
			most = count;
			bytes = case_->sizes_bytes[i];
		}
	}
	return bytes;
}

/*
 * Cost of a page of the map of @bytes in @case_, or NaN where the lookup does not go page by page.
 */
static double page_cost(const struct set *set, size_t subject, const struct set_case *case_,
			uint64_t bytes)
{
	const struct set_case *own = set_case_find(set, case_->name);
	const struct set_series *series = own ? set_find(set, subject, own, OP_MAP, bytes) : NULL;

	if (!series || !series->key->pages ||
	    operations_lookups(&set->records[0], series->key) != series->key->pages)
		return NAN;
	return series->summary.median / series->key->pages;
}

static void page_row(struct table *table, const struct sides *sides, const struct set *set,
		     size_t subject)
{
	const struct set_case *case_;
	char text[FORMAT_TEXT_BYTES];
	double cost;
	size_t i;

	/* the walk for each page is stock's where there is a stock kernel */
	if (set->subjects[subject].lookup->stride == LOOKUP_LEAF ||
	    (set->subjects[subject].lookup->walks && sides->control.rows_count &&
	     set == &sides->after))
		return;
	for (i = 0; i < sides->after.cases_count; i++)
		if (case_is_plain(&sides->after.cases[i]) &&
		    !isnan(page_cost(set, subject, &sides->after.cases[i],
				     common_bytes(&sides->after, &sides->after.cases[i]))))
			break;
	if (i == sides->after.cases_count)
		return;
	table_cell(table, "%.24s", set->subjects[subject].variant);
	for (i = 0; i < sides->after.cases_count; i++) {
		case_ = &sides->after.cases[i];
		if (!case_is_plain(case_))
			continue;
		cost = page_cost(set, subject, case_, common_bytes(&sides->after, case_));
		table_cell(table, "%s", isnan(cost) ? "-" : format_cost(cost, text));
	}
}

/* What tells a plain case from the others, for the head of a column. */
static void plain_head(struct table *table, const struct set_case *case_)
{
	const char *name = case_->name + strlen(SET_FAMILY_PLAIN);

	table_cell(table, "%.*s", (int)(strlen(name) - strlen(SUFFIX_WARM)), name);
}

static size_t plain_count(const struct set *set)
{
	size_t i, count = 0;

	for (i = 0; i < set->cases_count; i++)
		count += case_is_plain(&set->cases[i]);
	return count;
}

int letter_pages_print(const struct sides *sides, FILE *out)
{
	size_t i, columns = plain_count(&sides->after);
	struct table table;
	int err = 0;

	if (!columns || columns >= TABLE_COLUMNS_MAX)
		return 0;
	table_init(&table, 1 + columns);
	table_cell(&table, "%s per page", sides->after.unit);
	for (i = 0; i < sides->after.cases_count; i++)
		if (case_is_plain(&sides->after.cases[i]))
			plain_head(&table, &sides->after.cases[i]);
	for (i = 0; i < sides->before.subjects_count && sides_are_two(sides); i++)
		page_row(&table, sides, &sides->before, i);
	for (i = 0; i < sides->after.subjects_count; i++)
		page_row(&table, sides, &sides->after, i);
	if (table_rows(&table) > 1) {
		fprintf(out, "\nMap with one lookup for each page:\n");
		err = table_print(&table, TABLE_TEXT, out);
	}
	table_cleanup(&table);
	return err;
}

/* ---- every case ---- */

void letter_row_heads(const struct comparison *comparison, struct table *table)
{
	table_init(table, comparison->exact ? 4 : 5);
	table_cell(table, "%s", comparison->b->unit);
	table_cell(table, "before");
	table_cell(table, "after");
	if (comparison->exact) {
		table_cell(table, "change");
		return;
	}
	table_cell(table, "95 %% of change");
	table_cell(table, "p");
}

/* Percent say little of large factors. */
static void change_cell(struct table *table, const struct compare_row *row)
{
	double before = row->a->summary.median, after = row->b->summary.median;
	char text[FORMAT_TEXT_BYTES];

	if (row->verdict == VERDICT_SAME)
		table_cell(table, "same");
	else if (before > 0 && after > 2 * before)
		table_cell(table, "%s worse", format_factor(after / before, text));
	else if (after > 0 && before > 2 * after)
		table_cell(table, "%s better", format_factor(before / after, text));
	else
		table_cell(table, "%s", isnan(row->change_pct) ? "-" :
			   format_change(row->change_pct, text));
}

void letter_row_cells(const struct comparison *comparison, struct table *table,
		      const struct compare_row *row)
{
	char text[FORMAT_TEXT_BYTES + 1];

	table_cell(table, "%s", letter_cost(row->a, comparison->exact, text));
	table_cell(table, "%s", letter_cost(row->b, comparison->exact, text));
	if (comparison->exact) {
		change_cell(table, row);
		return;
	}
	if (isnan(row->interval_pct.low))
		table_cell(table, "-");
	else
		table_cell(table, "%+.2f..%+.2f %%", row->interval_pct.low,
			   row->interval_pct.high);
	if (row->p_holm < 0.0001)
		table_cell(table, "<.0001");
	else
		table_cell(table, "%.4f", row->p_holm);
}

static void case_group(struct table *table, const struct sides *sides,
		       const struct compare_row *row)
{
	const struct record *before = &sides->before.records[0];
	const struct record *after = &sides->after.records[0];
	struct record_cell_key key = *row->a->key;
	char size[SIZE_TEXT_BYTES], counts[3][FORMAT_TEXT_BYTES];
	uint64_t was = operations_lookups(before, row->a->key);
	uint64_t is = operations_lookups(after, row->b->key);
	uint64_t ioptes = operations_ioptes(after, &key);

	size_format(key.size_bytes, size);
	if (!was || !is || is == OPERATIONS_NONE || was == OPERATIONS_NONE)
		table_group(table, "%s %s", key.case_name, size);
	else if (!ioptes)
		table_group(table, "%s %s: lookups %s -> %s", key.case_name, size,
			    format_cost(was, counts[0]), format_cost(is, counts[1]));
	else
		table_group(table, "%s %s: lookups %s -> %s, IOPTEs %s", key.case_name, size,
			    format_cost(was, counts[0]), format_cost(is, counts[1]),
			    format_cost(ioptes, counts[2]));
}

int letter_cases_print(const struct sides *sides, FILE *out)
{
	const struct comparison *change = &sides->change;
	const struct compare_row *row;
	const char *case_name = NULL;
	struct table table;
	size_t i;
	int err;

	if (!change->rows_count) {
		fprintf(out, "\nNothing to compare: the records hold one lookup of one kernel.\n");
		return 0;
	}
	fprintf(out, "\nAll cases, each at its largest size: %s -> %s\n\n",
		change->rows[0].a->key->variant, change->rows[0].b->key->variant);
	letter_row_heads(change, &table);
	for (i = 0; i < change->rows_count; i++) {
		row = &change->rows[i];
		if (!row->largest)
			continue;
		if (!case_name || strcmp(case_name, row->b->key->case_name))
			case_group(&table, sides, row);
		case_name = row->b->key->case_name;
		table_cell(&table, "  %s", row->b->key->op);
		letter_row_cells(change, &table, row);
	}
	err = table_print(&table, TABLE_TEXT, out);
	table_cleanup(&table);
	return err;
}

/* ---- memory ---- */

/* What @series is in the set after, with the lookup after, or NULL. */
static const struct set_series *memory_after(const struct sides *sides,
					     const struct set_series *series)
{
	const struct set *set = &sides->after;
	const char *variant = sides->change.rows[0].b->key->variant;
	const struct set_series *other;

	for (other = set->memory; other < set->memory + set->memory_count; other++)
		if (other->key->size_bytes == series->key->size_bytes &&
		    !strcmp(other->key->op, series->key->op) &&
		    !strcmp(other->key->variant, variant) &&
		    !strcmp(other->key->case_name, series->key->case_name))
			return other;
	return NULL;
}

int letter_memory_print(const struct sides *sides, FILE *out)
{
	const struct set *set = &sides->before;
	char size[SIZE_TEXT_BYTES], text[FORMAT_TEXT_BYTES];
	const struct set_series *series, *after;
	struct table table;
	int err = 0;

	if (!sides->change.rows_count)
		return 0;
	table_init(&table, 3);
	table_cell(&table, "bytes of page tables");
	table_cell(&table, "before");
	table_cell(&table, "after");
	for (series = set->memory; series < set->memory + set->memory_count; series++) {
		if (strcmp(series->key->variant, sides->change.rows[0].a->key->variant))
			continue;
		after = memory_after(sides, series);
		if (!after)
			continue;
		table_cell(&table, "%s %s %s", series->key->case_name,
			   size_format(series->key->size_bytes, size), series->key->op);
		table_cell(&table, "%s", format_cost(series->summary.max, text));
		table_cell(&table, "%s", format_cost(after->summary.max, text));
	}
	if (table_rows(&table)) {
		fprintf(out, "\nMemory, after the map and after the first touch\n\n");
		err = table_print(&table, TABLE_TEXT, out);
	}
	table_cleanup(&table);
	return err;
}
