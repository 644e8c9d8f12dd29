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

char *plot_slug(const char *name, char slug[NAME_MAX])
{
	char *slash;

	snprintf(slug, NAME_MAX, "%.200s", name);
	while ((slash = strchr(slug, '/')))
		*slash = '-';
	return slug;
}

struct interval plot_interval(const struct report *report, const struct set_series *series)
{
	if (set_is_exact(report->set))
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

void plot_subject(const struct report *report, const struct set_series *series, FILE *out)
{
	struct interval range;

	if (!series) {
		fputs(" NaN NaN NaN NaN", out);
		return;
	}
	range = plot_interval(report, series);
	fprintf(out, " %.17g %.17g %.17g", series->summary.median, range.low, range.high);
	number_print(report_speedup(report, series), out);
}

int plot_file(const struct report *report, const char *directory, const char *name,
	      void (*print)(const struct report *report, const void *data, FILE *out),
	      const void *data, struct error *error)
{
	struct outfile file;
	int err;

	err = outfile_open(&file, true, error, "%s/%s", directory, name);
	if (err)
		return err;
	print(report, data, file.stream);
	return outfile_commit(&file, error);
}
