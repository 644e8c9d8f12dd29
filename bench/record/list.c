// SPDX-License-Identifier: GPL-2.0-or-later
#include "record/list.h"

#include <errno.h>
#include <stdlib.h>

int record_list_read(struct record_list *list, char *const *paths, size_t count,
		     struct error *error)
{
	size_t i;
	int err;

	list->count = 0;
	list->records = calloc(count, sizeof(*list->records));
	if (!list->records)
		return error_set(error, OUTCOME_BROKEN, ENOMEM, "out of memory");
	for (i = 0; i < count; i++) {
		err = record_read(&list->records[i], paths[i], error);
		if (err) {
			record_list_cleanup(list);
			return err;
		}
		list->count++;
	}
	return 0;
}

void record_list_cleanup(struct record_list *list)
{
	size_t i;

	for (i = 0; i < list->count; i++)
		record_cleanup(&list->records[i]);
	free(list->records);
}
