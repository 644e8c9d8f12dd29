/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BARMAP_ANALYSIS_COMMAND_COMMANDS_H
#define BARMAP_ANALYSIS_COMMAND_COMMANDS_H

/*
 * The commands of barmap-report. Each gets its arguments with its own name as the first, prints
 * what it has to say, and returns 0, or -errno with @error set and nothing on stdout to be trusted.
 */

#include "record/read.h"
#include "lib/error.h"

int command_compare(int argc, char **argv, struct error *error);
int command_import_fio(int argc, char **argv, struct error *error);
int command_letter(int argc, char **argv, struct error *error);
int command_report(int argc, char **argv, struct error *error);

/**
 * struct record_list - the records a command works on
 * @records: owned, @count of them
 */
struct record_list {
	struct record *records;
	size_t count;
};

/* Reads all files. Returns 0, or -errno with @error set and nothing to clean up. */
int record_list_read(struct record_list *list, char *const *paths, size_t count,
		     struct error *error);
void record_list_cleanup(struct record_list *list);

#endif
