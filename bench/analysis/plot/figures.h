/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BARMAP_ANALYSIS_PLOT_FIGURES_H
#define BARMAP_ANALYSIS_PLOT_FIGURES_H

/*
 * figures: the plots of a set, drawn by plots/draw in a folder of their own, and the list of
 * what was drawn.
 */

#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>

#include "analysis/model/set.h"
#include "lib/error.h"

/**
 * struct figure - one line of the list
 * @file: name without its ending, or "-": there is none
 * @script: the script in plots/ that draws it, without its ending
 * @text: its title, or why there is none
 */
struct figure {
	char *file;
	char *script;
	char *text;
};

/**
 * struct figures - drawn figures
 * @directory: where they are
 * @drawn: the directory was made for them, and goes with them; until then signals that would end
 *         the program are held back
 * @mask: the signals that were blocked before
 * @list: owned, @count of them, in the order in which they are shown
 */
struct figures {
	char directory[PATH_MAX];
	bool drawn;
	sigset_t mask;
	struct figure *list;
	size_t count;
};

/*
 * Draws all figures of @set in @format: svg, png or dumb. Returns 0, or -errno with nothing to
 * clean up and @error set; its outcome is OUTCOME_CANNOT where there is no gnuplot.
 */
int figures_draw(struct figures *figures, const struct set *set, const char *format,
		 struct error *error);

/* Takes figures that were drawn in @directory before. Returns as figures_draw(). */
int figures_open(struct figures *figures, const char *directory, struct error *error);

/* The text of @figure with that ending, owned by the caller; NULL with @error set. */
char *figures_read(const struct figures *figures, const struct figure *figure, const char *ending,
		   struct error *error);

void figures_cleanup(struct figures *figures);

#endif
