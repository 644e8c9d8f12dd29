// SPDX-License-Identifier: GPL-2.0-or-later
/* Cases named FAMILY/N, where N is how many of something there are at once. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/plot/parts.h"
#include "lib/size.h"

/**
 * struct part - one file
 * @first: the first case of its family
 * @op: which operation
 */
struct part {
	const struct set_case *first;
	const char *op;
};

/* Bytes of the family's name in a case's name with a number at its end, or 0. */
static size_t family_length(const char *name)
{
	const char *slash = strrchr(name, '/');

	if (!slash || !slash[1] || slash[1 + strspn(slash + 1, "0123456789")])
		return 0;
	return slash - name;
}

static bool same_family(const char *a, const char *b)
{
	size_t length = family_length(a);

	return length && family_length(b) == length && !strncmp(a, b, length);
}

/* N of a case of the family of @first, or 0. */
static unsigned long case_number(const struct set_case *case_, const struct set_case *first)
{
	if (!same_family(case_->name, first->name))
		return 0;
	return strtoul(case_->name + family_length(case_->name) + 1, NULL, 10);
}

/* One of them makes no line. */
static bool family_is_line(const struct set *set, const struct set_case *first)
{
	size_t i, count = 0;

	for (i = 0; i < set->cases_count; i++)
		count += same_family(set->cases[i].name, first->name);
	return count > 1;
}

/*
 * The first case of the next family of several from case *@index on, or NULL. Moves *@index behind
 * it.
 */
static const struct set_case *family_next(const struct set *set, size_t *index)
{
	const struct set_case *case_;
	size_t i;

	while (*index < set->cases_count) {
		case_ = &set->cases[(*index)++];
		if (!family_length(case_->name))
			continue;
		for (i = 0; !same_family(set->cases[i].name, case_->name); i++)
			;
		if (&set->cases[i] == case_ && family_is_line(set, case_))
			return case_;
	}
	return NULL;
}

/* The family as a part of a file name. Returns @slug. */
static char *family_slug(const struct set_case *first, char slug[NAME_MAX])
{
	plot_slug(first->name, slug);
	slug[family_length(first->name)] = '\0';
	return slug;
}

/* The largest size that every case of the family has; 0 when there is none. */
static uint64_t family_size(const struct set *set, const struct set_case *first)
{
	const struct set_case *case_;
	size_t i, j, size;

	for (size = first->sizes_count; size-- > 0;) {
		for (i = 0; i < set->cases_count; i++) {
			case_ = &set->cases[i];
			if (!case_number(case_, first))
				continue;
			for (j = 0; j < case_->sizes_count; j++)
				if (case_->sizes_bytes[j] == first->sizes_bytes[size])
					break;
			if (j == case_->sizes_count)
				break;
		}
		if (i == set->cases_count)
			return first->sizes_bytes[size];
	}
	return 0;
}

static void family_print(const struct set *set, const void *data, FILE *out)
{
	const struct part *part = data;
	uint64_t size_bytes = family_size(set, part->first);
	unsigned long number;
	size_t i, subject;

	fprintf(out, "# number of %.*s, size, then as in the other files: %s in %s\n",
		(int)family_length(part->first->name), part->first->name, part->op, set->unit);
	for (i = 0; i < set->cases_count; i++) {
		number = case_number(&set->cases[i], part->first);
		if (!number)
			continue;
		fprintf(out, "%lu %" PRIu64, number, size_bytes);
		for (subject = 0; subject < set->subjects_count; subject++)
			plot_subject(set, set_find(set, subject, &set->cases[i], part->op,
						      size_bytes), out);
		putc('\n', out);
	}
}

static void range_print(const struct set *set, FILE *out)
{
	struct plot_range range = { .name = "scaling_" };
	const struct set_series *series;
	struct interval interval;
	size_t i;

	for (i = 0; i < set->series_count; i++) {
		series = &set->series[i];
		if (!family_length(series->key->case_name))
			continue;
		interval = plot_interval(set, series);
		plot_range_include(&range, interval.low);
		plot_range_include(&range, interval.high);
	}
	plot_range_print(&range, out);
}

static void families_print(const struct set *set, FILE *out)
{
	char size[SIZE_TEXT_BYTES], slug[NAME_MAX];
	const struct set_case *first;
	size_t index = 0, count = 0;

	fprintf(out, "array barmap_scaling[%zu]\narray barmap_scaling_titles[%zu]\n",
		set->cases_count + 1, set->cases_count + 1);
	while ((first = family_next(set, &index))) {
		count++;
		fprintf(out, "barmap_scaling[%zu] = '%s'\n", count, family_slug(first, slug));
		fprintf(out, "barmap_scaling_titles[%zu] = '%.*s, %s each'\n", count,
			(int)family_length(first->name), first->name,
			size_format(family_size(set, first), size));
	}
	fprintf(out, "barmap_scalings = %zu\n", count);
}

void plot_scaling_index(const struct set *set, FILE *out)
{
	const struct set_case *first;
	size_t op;

	families_print(set, out);
	first = family_next(set, &(size_t){ 0 });
	fputs("barmap_scaling_ops = '", out);
	for (op = 0; first && op < first->ops_count; op++)
		fprintf(out, "%s%s", op ? " " : "", first->ops[op]);
	fputs("'\n", out);
	range_print(set, out);
}

int plot_scaling_write(const struct set *set, const char *directory, struct error *error)
{
	char name[2 * NAME_MAX + 16], slug[NAME_MAX], op_slug[NAME_MAX];
	size_t op, index = 0;
	struct part part;
	int err = 0;

	while ((part.first = family_next(set, &index))) {
		for (op = 0; op < part.first->ops_count && !err; op++) {
			part.op = part.first->ops[op];
			snprintf(name, sizeof(name), "scaling-%s.%s.dat",
				 family_slug(part.first, slug),
				 plot_op_slug(part.op, op_slug));
			err = plot_file(set, directory, name, family_print, &part, error);
		}
	}
	return err;
}
