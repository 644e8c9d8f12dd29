// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/plot/terminal.h"

#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "analysis/plot/figures.h"

#define COLUMNS_LEAST	80
#define COLUMNS_MOST	160
#define COLUMNS_DEFAULT	100

/* Plots shown when none is asked for. */
#define SHOWN_DEFAULT	2

/* draw reads the width from the environment. */
static void columns_set(void)
{
	unsigned int columns = COLUMNS_DEFAULT;
	struct winsize size;
	char text[16];

	if (!ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) && size.ws_col)
		columns = size.ws_col;
	if (columns < COLUMNS_LEAST)
		columns = COLUMNS_LEAST;
	if (columns > COLUMNS_MOST)
		columns = COLUMNS_MOST;
	snprintf(text, sizeof(text), "%u", columns);
	setenv("COLUMNS", text, 1);
}

static bool figure_is_wanted(const struct figures *figures, size_t index, const char *glob)
{
	const struct figure *figure = &figures->list[index];

	if (!strcmp(figure->file, "-"))
		return false;
	return glob ? !fnmatch(glob, figure->file, 0) : index < SHOWN_DEFAULT;
}

static int figures_print(const struct figures *figures, const char *glob, FILE *out,
			 struct error *error)
{
	size_t i, shown = 0;
	char *text;

	for (i = 0; i < figures->count; i++) {
		if (!figure_is_wanted(figures, i, glob))
			continue;
		text = figures_read(figures, &figures->list[i], ".txt", error);
		if (!text)
			return -EIO;
		fprintf(out, "%s\n", text);
		free(text);
		shown++;
	}
	if (!shown)
		return error_set(error, OUTCOME_USE, EINVAL, "plot 'dumb:%s': names no plot; "
				 "see --plot=dumb for their names", glob ? glob : "");
	return 0;
}

static void others_print(const struct figures *figures, const char *glob, FILE *out)
{
	size_t i;

	fputs("More with --plot=dumb:NAME, where NAME is one of these, or a pattern:\n", out);
	for (i = 0; i < figures->count; i++)
		if (strcmp(figures->list[i].file, "-") && !figure_is_wanted(figures, i, glob))
			fprintf(out, "  %-32s %s\n", figures->list[i].file, figures->list[i].text);
	for (i = 0; i < figures->count; i++)
		if (!strcmp(figures->list[i].file, "-"))
			fprintf(out, "  no %s: %s\n", figures->list[i].script,
				figures->list[i].text);
}

int plot_terminal_print(const struct set *set, const char *glob, struct error *error)
{
	struct figures figures;
	char *text = NULL;
	size_t length = 0;
	FILE *stream = open_memstream(&text, &length);
	int err;

	if (!stream)
		return error_set(error, OUTCOME_BROKEN, ENOMEM, "out of memory");
	columns_set();
	err = figures_draw(&figures, set, "dumb", error);
	if (!err) {
		err = figures_print(&figures, glob, stream, error);
		if (!err && !glob)
			others_print(&figures, glob, stream);
		figures_cleanup(&figures);
	}
	/* Only now: who reads it may go away in the middle. */
	fflush(stream);
	if (!err)
		fwrite(text, 1, length, stdout);
	fclose(stream);
	free(text);
	return err;
}
