/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BARMAP_ANALYSIS_COMMAND_SIDES_H
#define BARMAP_ANALYSIS_COMMAND_SIDES_H

/* sides: what compare and gate are given: sides, each the boots of one kernel, and pairs of lookups. */

#include "analysis/model/compare.h"
#include "record/list.h"

/**
 * struct side - the boots of one kernel
 * @list: their records
 * @set: the same, ordered
 */
struct side {
	struct record_list list;
	struct set set;
};

/*
 * Reads @count sides, each named FILE[,FILE...], where "\," is a comma of a name; the names are cut at
 * the commas. Returns the sides, which the caller owns, or NULL with @error set.
 */
struct side *command_sides_read(char **names, size_t count, struct error *error);
void command_sides_free(struct side *sides, size_t count);

/* Reads VARIANT=VARIANT; @pair borrows @value's text. Returns 0, or -EINVAL with @error set. */
int command_pair_parse(const char *value, struct compare_pair *pair, struct error *error);

/* Reads a percentage of 0 or more; @what names it. Returns 0, or -EINVAL with @error set. */
int command_pct_parse(const char *what, const char *value, double *pct, struct error *error);

#endif
