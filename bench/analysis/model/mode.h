/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BARMAP_ANALYSIS_MODEL_MODE_H
#define BARMAP_ANALYSIS_MODEL_MODE_H

/* mode: the ways to measure, in words. */

#include "analysis/model/set.h"

#define MODE_TITLE_BYTES 320

/**
 * struct mode - one of them
 * @name: as in records
 * @head: the first line of a letter
 * @unit: what its unit is
 * @unseen: what its costs do not show
 * @title: short, for plots
 */
struct mode {
	const char *name;
	const char *head;
	const char *unit;
	const char *unseen;
	const char *title;
};

/* The mode of a record that was read, and so has one. */
const struct mode *mode_find(const char *name);

/* Kernels, IOMMU and mode in one line, for the title of a plot. Returns @text. */
char *mode_title(const struct set *set, char text[MODE_TITLE_BYTES]);

#endif
