/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BARMAP_ANALYSIS_PLOT_TERMINAL_H
#define BARMAP_ANALYSIS_PLOT_TERMINAL_H

/*
 * plot_terminal: plots made of characters.
 */

#include "analysis/model/set.h"
#include "lib/error.h"

/*
 * Prints to the report's stream the plots whose names match @glob or, when that is NULL, what the
 * operations of the first case cost; then the names of the others. They are as wide as the terminal
 * that standard output is, within reason. Returns 0, or -errno with @error set.
 */
int plot_terminal_print(const struct set *set, const char *glob, struct error *error);

#endif
