// SPDX-License-Identifier: GPL-2.0-or-later
/* First touch after map: what one lookup does and another leaves to the page faults. */
#include <string.h>

#include "analysis/plot/parts.h"
#include "lib/size.h"

#define FAMILY "touch/"

/* The sum of both: what the BAR has cost once it is mapped and in use. */
static const char *const ops[] = { "map", "touch" };
#define OPS (sizeof(ops) / sizeof(ops[0]))

static bool case_touches(const struct set_case *case_)
{
	return !strncmp(case_->name, FAMILY, strlen(FAMILY));
}

static uint64_t case_largest(const struct set_case *case_)
{
	return case_->sizes_bytes[case_->sizes_count - 1];
}

static const struct set_series *touch_series(const struct set *set, const struct set_case *case_,
					     size_t subject, size_t op)
{
	return set_find(set, subject, case_, ops[op], case_largest(case_));
}

static void subject_print(const struct set *set, const struct set_case *case_, size_t subject,
			  FILE *out)
{
	const struct set_series *map = touch_series(set, case_, subject, 0);
	const struct set_series *touch = touch_series(set, case_, subject, 1);

	if (map && touch)
		fprintf(out, " %.17g %.17g %.17g", map->summary.median, touch->summary.median,
			map->summary.median + touch->summary.median);
	else
		fputs(" NaN NaN NaN", out);
}

static void touch_print(const struct set *set, const void *data, FILE *out)
{
	size_t i, subject, number = 0;

	(void)data;
	fprintf(out, "# number of the case, then for each subject in %s: map, touch, both\n",
		set->unit);
	for (i = 0; i < set->cases_count; i++) {
		if (!case_touches(&set->cases[i]))
			continue;
		fprintf(out, "%zu", ++number);
		for (subject = 0; subject < set->subjects_count; subject++)
			subject_print(set, &set->cases[i], subject, out);
		putc('\n', out);
	}
}

static void case_range(const struct set *set, const struct set_case *case_,
		       struct plot_range *range)
{
	const struct set_series *series[OPS];
	size_t subject;

	for (subject = 0; subject < set->subjects_count; subject++) {
		series[0] = touch_series(set, case_, subject, 0);
		series[1] = touch_series(set, case_, subject, 1);
		if (!series[0] || !series[1])
			continue;
		plot_range_include(range, series[0]->summary.median);
		plot_range_include(range, series[1]->summary.median);
		plot_range_include(range, series[0]->summary.median + series[1]->summary.median);
	}
}

void plot_touch_index(const struct set *set, FILE *out)
{
	struct plot_range range = { .name = "touch_" };
	char size[SIZE_TEXT_BYTES];
	size_t i, number = 0;

	fprintf(out, "array barmap_touch[%zu]\n", set->cases_count + 1);
	for (i = 0; i < set->cases_count; i++) {
		if (!case_touches(&set->cases[i]))
			continue;
		fprintf(out, "barmap_touch[%zu] = \"%s\\n%s\"\n", ++number, set->cases[i].name,
			size_format(case_largest(&set->cases[i]), size));
		case_range(set, &set->cases[i], &range);
	}
	fprintf(out, "barmap_touches = %zu\n", range.low > 0 ? number : 0);
	plot_range_print(&range, out);
}

int plot_touch_write(const struct set *set, const char *directory, struct error *error)
{
	size_t i;

	for (i = 0; i < set->cases_count; i++)
		if (case_touches(&set->cases[i]))
			return plot_file(set, directory, "touch.dat", touch_print, NULL, error);
	return 0;
}
