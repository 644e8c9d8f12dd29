/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BARMAP_RECORD_READ_H
#define BARMAP_RECORD_READ_H

/*
 * read: one record file as read from disk. Reading is strict: what is not exactly as format.h says
 * is refused with the file, the line, and what is wrong with it. Nothing is averaged or dropped.
 */

#include <stdbool.h>

#include "lib/error.h"
#include "record/format.h"

/**
 * struct record_cell - all samples of one cell, in the order in which they were taken
 * @key: what was done; its strings are owned
 * @cost: of one operation, one for each sample, in the record's unit: what a sample took divided by
 *        its repeats; bytes for an amount of memory
 * @order: place of each sample in the run, rising; NULL for an amount of memory
 * @samples: number of costs, at least 1
 */
struct record_cell {
	struct record_cell_key key;
	double *cost;
	double *order;
	size_t samples;
};

/**
 * struct record_cells - some cells
 * @list: each owned; in order of first appearance
 * @count: how many
 */
struct record_cells {
	struct record_cell **list;
	size_t count;
};

/**
 * struct record - one file
 * @path: as given, owned
 * @json: the env line, owned
 * @env: the same; what it points to is in @json
 * @cells: at least one
 * @samples: in all cells
 * @memory: amounts of memory, with bytes for costs; apart from the cells, as no cost can be compared
 *          with bytes
 */
struct record {
	char *path;
	json_t *json;
	struct record_env env;
	struct record_cells cells;
	size_t samples;
	struct record_cells memory;
};

/*
 * Reads the file at @path. Returns 0, or -errno with nothing to clean up and @error set to
 * "FILE:LINE: what is wrong" (-EBADMSG), or to what the system said of the file.
 */
int record_read(struct record *record, const char *path, struct error *error);
void record_cleanup(struct record *record);

/* Whether samples of a cell must be equal, for they are counted, not timed. */
bool record_is_exact(const struct record *record);

/* Whether two cells of the same name were measured under the same conditions, repeats apart. */
bool record_conditions_equal(const struct record_cell_key *a, const struct record_cell_key *b);

/* The value at a dotted path of the env line ("lab.qemu"), borrowed; NULL when it is not there. */
const json_t *record_env_value(const struct record *record, const char *dotted_path);

/* The same as a string; NULL when it is none. */
const char *record_env_text(const struct record *record, const char *dotted_path);

/*
 * Whether both say the same of a condition, at a dotted path of the env line, or nothing. What CPU
 * emulates a guest is the same wherever costs are counted: they do not depend on it.
 */
bool record_condition_equal(const struct record *a, const struct record *b, const char *dotted_path);

/*
 * Where the machines of two records differ, as a dotted path of the env line; NULL: nowhere. Boots
 * of one kernel on different machines are no repetitions of each other.
 */
const char *record_machine_difference(const struct record *a, const struct record *b);

/* Whether both say that they are of the same boot: repetitions within a boot are none of it. */
bool record_boot_equal(const struct record *a, const struct record *b);

#endif
