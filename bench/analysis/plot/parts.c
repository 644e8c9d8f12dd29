// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/plot/parts.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#include "lib/outfile.h"

void plot_range_include(struct plot_range *range, double value)
{
	if (!(value > 0) || !isfinite(value))
		return;
	if (!(range->low > 0) || value < range->low)
		range->low = value;
	if (value > range->high)
		range->high = value;
}

void plot_range_print(const struct plot_range *range, FILE *out)
{
	fprintf(out, "barmap_%slow = %.17g\n", range->name, range->low > 0 ? range->low : 1);
	fprintf(out, "barmap_%shigh = %.17g\n", range->name, range->low > 0 ? range->high : 1);
}

void plot_quote(const char *text, FILE *out)
{
	putc('\'', out);
	for (; *text; text++) {
		if (*text == '\'')
			putc('\'', out);
		putc(*text, out);
	}
	putc('\'', out);
}

/* Writes each character of @from as the one of @to in its place; nothing is lost. */
static char *slug_make(const char *name, const char *from, const char *to, char slug[NAME_MAX])
{
	const char *found;
	size_t i;

	for (i = 0; name[i] && i < NAME_MAX - 1; i++) {
		found = strchr(from, name[i]);
		slug[i] = found ? to[found - from] : name[i];
	}
	slug[i] = '\0';
	return slug;
}

char *plot_slug(const char *name, char slug[NAME_MAX])
{
	slug_make(name, "/-", "-=", slug);
	/* a file that begins with a dot is hidden */
	if (*slug == '.')
		*slug = ',';
	return slug;
}

char *plot_op_slug(const char *op, char slug[NAME_MAX])
{
	return slug_make(op, "/-.", "%=,", slug);
}

struct interval plot_interval(const struct set *set, const struct set_series *series)
{
	if (set->exact)
		return (struct interval){ series->summary.min, series->summary.max };
	if (!interval_known(&series->interval))
		return (struct interval){ series->summary.median, series->summary.median };
	return series->interval;
}

static void number_print(double number, FILE *out)
{
	if (isnan(number))
		fputs(" NaN", out);
	else
		fprintf(out, " %.9g", number);
}

void plot_subject(const struct set *set, const struct set_series *series, FILE *out)
{
	struct interval range;

	if (!series) {
		fputs(" NaN NaN NaN NaN", out);
		return;
	}
	range = plot_interval(set, series);
	fprintf(out, " %.17g %.17g %.17g", series->summary.median, range.low, range.high);
	number_print(set_speedup(series), out);
}

int plot_file(const struct set *set, const char *directory, const char *name,
	      void (*print)(const struct set *set, const void *data, FILE *out),
	      const void *data, struct error *error)
{
	struct outfile file;
	int err;

	err = outfile_open(&file, true, error, "%s/%s", directory, name);
	if (err)
		return err;
	print(set, data, file.stream);
	return outfile_commit(&file, error);
}
