// SPDX-License-Identifier: GPL-2.0-or-later
/* Cases named FAMILY/N, where N is how many of something work at once. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/plotdata_parts.h"
#include "lib/size.h"

static const char *const families[] = { "threads", "containers", "devices" };
#define FAMILIES (sizeof(families) / sizeof(families[0]))

/**
 * struct part - one file
 * @family: what there are N of
 * @op: which operation
 */
struct part {
	const char *family;
	const char *op;
};

/* N of a case of that family, or 0. */
static unsigned long case_number(const struct set_case *case_, const char *family)
{
	size_t length = strlen(family);
	unsigned long number;
	char *end;

	if (strncmp(case_->name, family, length) || case_->name[length] != '/')
		return 0;
	number = strtoul(case_->name + length + 1, &end, 10);
	return *end ? 0 : number;
}

/* The first case of the family, or NULL. */
static const struct set_case *family_case(const struct set *set, const char *family)
{
	size_t i;

	for (i = 0; i < set->cases_count; i++)
		if (case_number(&set->cases[i], family))
			return &set->cases[i];
	return NULL;
}

/* The largest size that every case of the family has; 0 when there is none. */
static uint64_t family_size(const struct set *set, const char *family)
{
	const struct set_case *first = family_case(set, family), *case_;
	size_t i, j, size;

	for (size = first->sizes_count; size-- > 0;) {
		for (i = 0; i < set->cases_count; i++) {
			case_ = &set->cases[i];
			if (!case_number(case_, family))
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

static void family_print(const struct report *report, const void *data, FILE *out)
{
	const struct part *part = data;
	const struct set *set = report->set;
	uint64_t size_bytes = family_size(set, part->family);
	unsigned long number;
	size_t i, subject;

	fprintf(out, "# number of %s, size, then as in the other files: %s in %s\n", part->family,
		part->op, set->unit);
	for (i = 0; i < set->cases_count; i++) {
		number = case_number(&set->cases[i], part->family);
		if (!number)
			continue;
		fprintf(out, "%lu %" PRIu64, number, size_bytes);
		for (subject = 0; subject < set->subjects_count; subject++)
			plot_subject(report, set_find(set, subject, set->cases[i].name, part->op,
						      size_bytes), out);
		putc('\n', out);
	}
}

static void range_print(const struct report *report, FILE *out)
{
	struct plot_range range = { .name = "scaling_" };
	const struct set_series *series;
	struct set_case case_ = { 0 };
	struct interval interval;
	size_t i, family;

	for (i = 0; i < report->set->series_count; i++) {
		series = &report->set->series[i];
		case_.name = series->key->case_name;
		interval = plot_interval(report, series);
		for (family = 0; family < FAMILIES; family++) {
			if (!case_number(&case_, families[family]))
				continue;
			plot_range_include(&range, interval.low);
			plot_range_include(&range, interval.high);
		}
	}
	plot_range_print(&range, out);
}

void plot_scaling_index(const struct report *report, FILE *out)
{
	const struct set_case *first = NULL, *case_;
	char size[SIZE_TEXT_BYTES];
	size_t family, op;

	fputs("barmap_scaling = '", out);
	for (family = 0; family < FAMILIES; family++) {
		case_ = family_case(report->set, families[family]);
		if (!case_)
			continue;
		fprintf(out, "%s%s", first ? " " : "", families[family]);
		first = first ? first : case_;
	}
	fputs("'\nbarmap_scaling_sizes = '", out);
	for (family = 0; family < FAMILIES; family++)
		if (family_case(report->set, families[family]))
			fprintf(out, "%s ", size_format(family_size(report->set, families[family]),
							size));
	fputs("'\nbarmap_scaling_ops = '", out);
	for (op = 0; first && op < first->ops_count; op++)
		fprintf(out, "%s%s", op ? " " : "", first->ops[op]);
	fputs("'\n", out);
	range_print(report, out);
}

int plot_scaling_write(const struct report *report, const char *directory, struct error *error)
{
	const struct set_case *first;
	struct part part;
	char name[NAME_MAX];
	size_t family, op;
	int err = 0;

	for (family = 0; family < FAMILIES; family++) {
		first = family_case(report->set, families[family]);
		for (op = 0; first && op < first->ops_count && !err; op++) {
			part = (struct part){ families[family], first->ops[op] };
			snprintf(name, sizeof(name), "scaling-%s.%.40s.dat", part.family, part.op);
			err = plot_file(report, directory, name, family_print, &part, error);
		}
	}
	return err;
}
