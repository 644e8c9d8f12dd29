/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BARMAP_RECORD_LIST_H
#define BARMAP_RECORD_LIST_H

#include "record/read.h"

/* list: the records a command works on, @count of them, owned. */
struct record_list {
	struct record *records;
	size_t count;
};

/* Reads all files. Returns 0, or -errno with @error set and nothing to clean up. */
int record_list_read(struct record_list *list, char *const *paths, size_t count,
		     struct error *error);
void record_list_cleanup(struct record_list *list);

#endif
