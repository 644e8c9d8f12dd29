// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/view/letter.h"

#include <errno.h>
#include <stdlib.h>

#include "analysis/document/mail.h"
#include "analysis/view/letter_parts.h"
#include "analysis/view/result.h"
#include "lib/array.h"

static int conditions_part(const struct sides *sides, FILE *out)
{
	letter_head_print(&sides->after.records[0], out);
	letter_conditions_print(sides, out);
	return 0;
}

static int worse_part(const struct sides *sides, FILE *out)
{
	letter_worse_print(sides, out);
	return 0;
}

static int control_part(const struct sides *sides, FILE *out)
{
	letter_control_print(sides, out);
	return 0;
}

/* In this order. */
static const struct {
	int (*print)(const struct sides *sides, FILE *out);
	bool only_full, only_short;
} parts[] = {
	{ conditions_part, false, false },
	{ letter_result_print, false, false },
	{ letter_lookups_print, true, false },
	{ letter_pages_print, false, false },
	{ letter_families_print, false, true },
	{ letter_cases_print, true, false },
	{ worse_part, false, false },
	{ letter_memory_print, true, false },
	{ control_part, false, false },
};

static int parts_print(const struct sides *sides, bool full, FILE *out)
{
	struct result result;
	size_t i;
	int err = 0;

	result_find(&sides->after, &result);
	for (i = 0; i < ARRAY_SIZE(parts) && !err; i++)
		/* where there is no result in one table, its parts stand for it */
		if ((parts[i].print == letter_lookups_print && !result.aligned) || !(full ? parts[i].only_short : parts[i].only_full))
			err = parts[i].print(sides, out);
	return err;
}

int letter_print(const struct sides *sides, bool full, FILE *out)
{
	char *text = NULL;
	size_t length = 0;
	FILE *stream = open_memstream(&text, &length);
	int err;

	if (!stream)
		return -ENOMEM;
	err = parts_print(sides, full, stream);
	if (fclose(stream) && !err)
		err = -ENOMEM;
	if (!err)
		err = letter_text_print(text, length, out);
	free(text);
	return err;
}
