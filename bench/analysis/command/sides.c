// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/command/sides.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Cuts the next of the names joined by commas off *@rest, in place; "\\," is a comma of the name. */
static char *name_next(char **rest)
{
	char *name = *rest, *from = name, *to = name;

	if (!name)
		return NULL;
	while (*from && *from != ',') {
		from += *from == '\\' && from[1];
		*to++ = *from++;
	}
	*rest = *from ? from + 1 : NULL;
	*to = '\0';
	return name;
}

static int side_init(struct side *side, char *names, struct error *error)
{
	char **paths = calloc(strlen(names) + 1, sizeof(*paths));
	size_t count = 0;
	char *name;
	int err;

	if (!paths)
		return error_set(error, OUTCOME_BROKEN, ENOMEM, "out of memory");
	while ((name = name_next(&names)))
		paths[count++] = name;
	err = record_list_read(&side->list, paths, count, error);
	free(paths);
	if (err)
		return err;
	err = set_init(&side->set, side->list.records, side->list.count, error);
	if (err)
		record_list_cleanup(&side->list);
	return err;
}

struct side *command_sides_read(char **names, size_t count, struct error *error)
{
	struct side *sides = calloc(count, sizeof(*sides));
	size_t read = 0;

	if (!sides) {
		error_set(error, OUTCOME_BROKEN, ENOMEM, "out of memory");
		return NULL;
	}
	for (; read < count; read++)
		if (side_init(&sides[read], names[read], error)) {
			command_sides_free(sides, read);
			return NULL;
		}
	return sides;
}

void command_sides_free(struct side *sides, size_t count)
{
	while (count--) {
		set_cleanup(&sides[count].set);
		record_list_cleanup(&sides[count].list);
	}
	free(sides);
}

int command_pair_parse(const char *value, struct compare_pair *pair, struct error *error)
{
	char *equals = strchr(value, '=');

	if (!equals || equals == value || !equals[1])
		return error_set(error, OUTCOME_USE, EINVAL,
				 "pair '%s': must be VARIANT=VARIANT", value);
	*equals = '\0';
	pair->a = value;
	pair->b = equals + 1;
	return 0;
}

int command_pct_parse(const char *what, const char *value, double *pct, struct error *error)
{
	char *end;

	*pct = strtod(value, &end);
	if (end == value || *end || !isfinite(*pct) || *pct < 0)
		return error_set(error, OUTCOME_USE, EINVAL,
				 "%s '%s': must be a percentage of 0 or more", what, value);
	return 0;
}
