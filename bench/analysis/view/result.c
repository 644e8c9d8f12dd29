// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/view/result.h"

#include <string.h>

#include "analysis/model/operations.h"
#include "lib/number.h"
#include "lib/size.h"

#define OP_MAP		"map"
#define OP_UNMAP	"unmap"

static const struct record_cell_key *case_key(const struct set_case *case_)
{
	return case_->series[case_->series_count - 1].key;
}

static bool case_is_wanted(const struct set_case *case_)
{
	return set_case_is_of(case_, SET_FAMILY_PLAIN) && case_->series_count &&
	       !strcmp(case_key(case_)->tables, "warm");
}

void result_find(const struct set *set, struct result *result)
{
	const struct set_case *case_;
	uint64_t offset;

	memset(result, 0, sizeof(*result));
	for (case_ = set->cases; case_ < set->cases + set->cases_count; case_++) {
		if (!case_is_wanted(case_))
			continue;
		offset = case_key(case_)->va_offset_bytes;
		if (!offset)
			result->aligned = case_;
		else if (!result->off || offset < case_key(result->off)->va_offset_bytes)
			result->off = case_;
	}
	if (!result->aligned || !result->off)
		memset(result, 0, sizeof(*result));
}

void result_heads(const struct set *set, const struct result *result, struct table *table)
{
	char size[SIZE_TEXT_BYTES], off[SIZE_TEXT_BYTES], offset[SIZE_TEXT_BYTES];

	size_format(set_case_largest(result->aligned), size);
	size_format(set_case_largest(result->off), off);
	size_format(case_key(result->off)->va_offset_bytes, offset);
	table_init(table, 6);
	table_label(table, "The largest mapping, costs in %s", set->unit);
	if (strcmp(size, off))
		table_cell(table, "%s, off %s; %s", size, off, set->unit);
	else
		table_cell(table, "%s, %s", size, set->unit);
	table_cell(table, "lookups");
	table_cell(table, "map");
	table_cell(table, "%s-off lookups", offset);
	table_cell(table, "%s-off map", offset);
	table_cell(table, "unmap");
}

/* @case_ as @set has it, at the size of @case_. */
static const struct set_series *series_find(const struct set *set, size_t subject,
					    const struct set_case *case_, const char *op)
{
	const struct set_case *own = set_case_find(set, case_->name);

	return own ? set_find(set, subject, own, op, set_case_largest(case_)) : NULL;
}

static void lookups_cell(struct table *table, const struct set *set,
			 const struct set_series *series)
{
	char text[FORMAT_TEXT_BYTES];
	uint64_t count = series ? operations_lookups(&set->records[0], series->key) : 0;

	if (count == OPERATIONS_NONE)
		table_cell(table, "none");
	else if (count)
		table_cell(table, "%s", format_cost(count, text));
	else
		table_cell(table, "-");
}

static void cost_cell(struct table *table, const struct set_series *series)
{
	char text[FORMAT_TEXT_BYTES];

	table_cell(table, "%s", series ? format_rounded(series->summary.median, text) : "-");
}

/* Type1 has no part in it: what it costs is the same with each kernel. */
static bool is_other(const struct set_subject *subject)
{
	return subject->lookup->stride == LOOKUP_NOTHING || subject->lookup->stride == LOOKUP_FILE;
}

/* Another kernel's row says the same. */
static bool row_is_repeated(const struct set *set, size_t subject)
{
	size_t i;

	for (i = subject + 1; i < set->subjects_count; i++)
		if (!strcmp(set->subjects[i].variant, set->subjects[subject].variant))
			return is_other(&set->subjects[subject]);
	return false;
}

void result_rows(const struct set *set, const struct result *result, bool others, bool brief,
		 struct table *table)
{
	const struct set_series *map, *off;
	size_t i;

	for (i = 0; i < set->subjects_count; i++) {
		map = series_find(set, i, result->aligned, OP_MAP);
		off = series_find(set, i, result->off, OP_MAP);
		if (set->subjects[i].lookup->paged || (!map && !off) || row_is_repeated(set, i) ||
		    (!others && is_other(&set->subjects[i])))
			continue;
		table_cell(table, "%s", brief ? set->subjects[i].variant :
						  set->subjects[i].label);
		lookups_cell(table, set, map);
		cost_cell(table, map);
		lookups_cell(table, set, off);
		cost_cell(table, off);
		cost_cell(table, series_find(set, i, result->aligned, OP_UNMAP));
	}
}

char *result_sentence(const struct set *set, const struct result *result)
{
	char size[SIZE_TEXT_BYTES], stock[FORMAT_TEXT_BYTES], series[FORMAT_TEXT_BYTES];
	char factor[FORMAT_TEXT_BYTES];
	const struct set_series *own, *map = NULL;
	char *text;
	size_t i;

	for (i = 0; i < set->subjects_count && !map; i++)
		if (!strcmp(set->subjects[i].variant, LOOKUP_SERIES))
			map = series_find(set, i, result->off, OP_MAP);
	own = map ? map->stock ? map->stock : map->baseline : NULL;
	if (!own || !(map->summary.median > 0))
		return NULL;
	if (asprintf(&text, "Mapping %s of a BAR, its virtual address off by one page, takes Linux "
		     "%s %s %s; with %s it takes %s: %s times less.",
		     size_format(set_case_largest(result->off), size),
		     set->kernels[own->kernel].release, format_rounded(own->summary.median, stock),
		     set->unit, LOOKUP_SERIES, format_rounded(map->summary.median, series),
		     format_rounded(own->summary.median / map->summary.median, factor)) < 0)
		return NULL;
	return text;
}
