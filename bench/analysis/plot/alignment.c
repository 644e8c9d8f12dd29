// SPDX-License-Identifier: GPL-2.0-or-later
/* The cells of the alignment heat map: all variants, all pairs of VA and IOVA. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "lib/number.h"
#include "analysis/plot/parts.h"
#include "lib/array.h"
#include "lib/size.h"

/* What differs between two of these families is alignment, and nothing else does. */
static const char *const families[] = { "bar/", "va/", "iova/" };

/**
 * struct column - a pair of alignments
 * @case_: a case that has it, page tables populated, all in one ioctl
 * @va_align_bytes: of the virtual address, at most 1 GiB
 * @iova_align_bytes: of the IOVA
 * @size_bytes: the grid's, or the largest of a case that has not been measured at that
 */
struct column {
	const struct set_case *case_;
	uint64_t va_align_bytes;
	uint64_t iova_align_bytes;
	uint64_t size_bytes;
};

/**
 * struct grid - the columns at one size
 * @columns: larger alignments first; owned
 * @columns_count: may be 0
 * @size_bytes: the largest of the sizes that most of the cases have
 */
struct grid {
	struct column *columns;
	size_t columns_count;
	uint64_t size_bytes;
};

static bool case_is_aligned(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(families); i++)
		if (!strncmp(name, families[i], strlen(families[i])))
			return true;
	return false;
}

/* Any series of the case at that size, or NULL. */
static const struct set_series *case_series(const struct set *set, const struct set_case *case_,
					    uint64_t size_bytes)
{
	const struct set_series *series = NULL;
	size_t i;

	for (i = 0; i < set->subjects_count && !series; i++)
		series = set_find(set, i, case_, case_->ops[0], size_bytes);
	return series;
}

/* The series that says how the case aligns, or NULL when it is none for the grid. */
static const struct set_series *grid_series(const struct set *set, const struct set_case *case_,
					    uint64_t size_bytes)
{
	const struct set_series *series;

	if (!case_is_aligned(case_->name))
		return NULL;
	series = case_series(set, case_, size_bytes);
	if (!series || strcmp(series->key->tables, "warm") || series->key->chunk_bytes)
		return NULL;
	return series;
}

static size_t size_popularity(const struct set *set, uint64_t size_bytes)
{
	size_t i, count = 0;

	for (i = 0; i < set->cases_count; i++)
		count += grid_series(set, &set->cases[i], size_bytes) != NULL;
	return count;
}

static uint64_t grid_size(const struct set *set)
{
	size_t i, j, count, most = 0;
	uint64_t size_bytes, found = 0;

	for (i = 0; i < set->cases_count; i++) {
		for (j = 0; j < set->cases[i].sizes_count; j++) {
			size_bytes = set->cases[i].sizes_bytes[j];
			count = size_popularity(set, size_bytes);
			if (count > most || (count == most && size_bytes > found)) {
				most = count;
				found = size_bytes;
			}
		}
	}
	return found;
}

static bool grid_has(const struct grid *grid, const struct column *column)
{
	size_t i;

	for (i = 0; i < grid->columns_count; i++)
		if (grid->columns[i].va_align_bytes == column->va_align_bytes &&
		    grid->columns[i].iova_align_bytes == column->iova_align_bytes)
			return true;
	return false;
}

static void grid_add(struct grid *grid, const struct set_case *case_,
		     const struct record_cell_key *key)
{
	uint64_t offset = key->va_offset_bytes;
	struct column column = { case_, SZ_1G, key->iova_align_bytes, key->size_bytes };

	if (offset)
		column.va_align_bytes = offset & -offset;
	if (!grid_has(grid, &column))
		grid->columns[grid->columns_count++] = column;
}

static int column_compare(const void *a, const void *b)
{
	const struct column *x = a, *y = b;

	if (x->va_align_bytes != y->va_align_bytes)
		return x->va_align_bytes > y->va_align_bytes ? -1 : 1;
	if (x->iova_align_bytes == y->iova_align_bytes)
		return 0;
	return x->iova_align_bytes > y->iova_align_bytes ? -1 : 1;
}

/* Returns 0, or -ENOMEM with nothing to clean up. */
static int grid_init(struct grid *grid, const struct set *set)
{
	const struct set_series *series;
	const struct set_case *case_;
	size_t i;

	grid->columns_count = 0;
	grid->size_bytes = grid_size(set);
	grid->columns = calloc(set->cases_count, sizeof(*grid->columns));
	if (!grid->columns)
		return -ENOMEM;
	for (i = 0; i < set->cases_count; i++) {
		case_ = &set->cases[i];
		series = grid_series(set, case_, grid->size_bytes);
		if (!series)
			series = grid_series(set, case_, case_->sizes_bytes[case_->sizes_count - 1]);
		if (series)
			grid_add(grid, case_, series->key);
	}
	qsort(grid->columns, grid->columns_count, sizeof(*grid->columns), column_compare);
	return 0;
}

/**
 * struct part - one file
 * @grid: what it is about
 * @op: and which operation
 */
struct part {
	const struct grid *grid;
	const char *op;
};

static const struct set_series *grid_find(const struct set *set, const struct grid *grid,
					  size_t column, size_t subject, const char *op)
{
	return set_find(set, subject, grid->columns[column].case_, op,
			grid->columns[column].size_bytes);
}

static void cells_print(const struct set *set, const void *data, FILE *out)
{
	const struct part *part = data;
	const struct set_series *series;
	char text[FORMAT_TEXT_BYTES];
	size_t row, column;
	double per_page;

	fprintf(out, "# %s: column, row, cost per page in %s, as text\n", part->op,
		set->unit);
	for (row = 0; row < set->subjects_count; row++) {
		for (column = 0; column < part->grid->columns_count; column++) {
			series = grid_find(set, part->grid, column, row, part->op);
			if (!series)
				continue;
			per_page = series->summary.median / series->key->pages;
			fprintf(out, "%zu %zu %.17g \"%s\"\n", column + 1, row + 1, per_page,
				format_cost(per_page, text));
		}
	}
}

static void ops_print(const struct grid *grid, FILE *out)
{
	const struct set_case *case_;
	size_t i;

	fputs("barmap_alignment_ops = '", out);
	for (i = 0; grid->columns_count && i < grid->columns[0].case_->ops_count; i++) {
		case_ = grid->columns[0].case_;
		fprintf(out, "%s%s", i ? " " : "", case_->ops[i]);
	}
	fputs("'\n", out);
}

static void costs_range(const struct set *set, const struct grid *grid, FILE *out)
{
	struct plot_range range = { .name = "alignment_" };
	const struct set_series *series;
	const struct set_case *case_;
	size_t row, column, op;

	for (column = 0; column < grid->columns_count; column++) {
		case_ = grid->columns[column].case_;
		for (op = 0; op < case_->ops_count; op++) {
			for (row = 0; row < set->subjects_count; row++) {
				series = grid_find(set, grid, column, row, case_->ops[op]);
				if (series)
					plot_range_include(&range, series->summary.median /
							   series->key->pages);
			}
		}
	}
	plot_range_print(&range, out);
}

void plot_alignment_index(const struct set *set, FILE *out)
{
	char va[SIZE_TEXT_BYTES], iova[SIZE_TEXT_BYTES], size[SIZE_TEXT_BYTES];
	struct grid grid;
	size_t i;

	if (grid_init(&grid, set))
		return;
	fprintf(out, "barmap_alignments = %zu\narray barmap_alignment[%zu]\n", grid.columns_count,
		grid.columns_count + 1);
	for (i = 0; i < grid.columns_count; i++)
		fprintf(out, "barmap_alignment[%zu] = \"VA %s\\nIOVA %s\\n%s\"\n", i + 1,
			size_format(grid.columns[i].va_align_bytes, va),
			size_format(grid.columns[i].iova_align_bytes, iova),
			size_format(grid.columns[i].size_bytes, size));
	ops_print(&grid, out);
	costs_range(set, &grid, out);
	free(grid.columns);
}

int plot_alignment_write(const struct set *set, const char *directory, struct error *error)
{
	struct part part;
	struct grid grid;
	char name[NAME_MAX], slug[NAME_MAX];
	size_t i;
	int err;

	err = grid_init(&grid, set);
	if (err)
		return error_set(error, OUTCOME_BROKEN, -err, "out of memory");
	part.grid = &grid;
	for (i = 0; grid.columns_count && i < grid.columns[0].case_->ops_count && !err; i++) {
		part.op = grid.columns[0].case_->ops[i];
		snprintf(name, sizeof(name), "alignment.%.200s.dat", plot_op_slug(part.op, slug));
		err = plot_file(set, directory, name, cells_print, &part, error);
	}
	free(grid.columns);
	return err;
}
