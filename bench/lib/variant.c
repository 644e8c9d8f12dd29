// SPDX-License-Identifier: GPL-2.0-or-later
#include "lib/variant.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "lib/file.h"
#include "lib/lookup.h"

/* Take one word of the parameter; "[name]" is the selected one. Returns 0 or -EINVAL. */
static int set_add(struct variant_set *set, char *word, size_t *selected_count)
{
	size_t length = strlen(word);

	if (set->count == VARIANTS_MAX)
		return -EINVAL;
	if (word[0] == '[' && word[length - 1] == ']') {
		word[length - 1] = '\0';
		word++;
		length -= 2;
		set->initial = set->count;
		(*selected_count)++;
	}
	if (!length || length >= VARIANT_NAME_BYTES || strpbrk(word, "[]"))
		return -EINVAL;
	strcpy(set->names[set->count++], word);
	return 0;
}

static int set_parse(struct variant_set *set, char *text)
{
	size_t selected_count = 0;
	char *word, *rest;

	for (word = strtok_r(text, " \n", &rest); word; word = strtok_r(NULL, " \n", &rest))
		if (set_add(set, word, &selected_count))
			return -EINVAL;
	return selected_count == 1 ? 0 : -EINVAL;
}

int variant_set_read(struct variant_set *set, const char *path, struct error *error)
{
	char text[VARIANTS_MAX * VARIANT_NAME_BYTES], words[sizeof(text)];
	int ret;

	memset(set, 0, sizeof(*set));
	snprintf(set->path, sizeof(set->path), "%s", path);
	ret = file_read(path, text, sizeof(text));
	if (ret == -ENOENT) {
		strcpy(set->names[0], VARIANT_STOCK);
		set->count = 1;
		return 0;
	}
	if (ret)
		return error_set(error, OUTCOME_CANNOT, -ret, "parameter '%s': %s", path,
				 strerror(-ret));
	strcpy(words, text);
	if (set_parse(set, words))
		return error_set(error, OUTCOME_BROKEN, EINVAL,
				 "parameter '%s': '%s': must be names with one in brackets", path,
				 text);
	set->current = set->written = set->initial;
	set->selectable = true;
	return 0;
}

int variant_set_add(struct variant_set *set, const char *name)
{
	if (set->count == VARIANTS_MAX)
		return -ENOSPC;
	snprintf(set->names[set->count++], VARIANT_NAME_BYTES, "%s", name);
	set->added++;
	return 0;
}

int variant_select(struct variant_set *set, size_t index)
{
	int ret;

	if (index < set->count - set->added && index != set->written) {
		ret = file_write(set->path, set->names[index]);
		if (ret)
			return ret;
		set->written = index;
	}
	set->current = index;
	return 0;
}

int variant_restore(struct variant_set *set)
{
	return set->selectable ? variant_select(set, set->initial) : 0;
}

size_t variant_walker(const struct variant_set *set)
{
	size_t walker, i;

	/* the quickest is first in the table */
	for (walker = 0; walker < lookups_count; walker++)
		for (i = 0; i < set->count && lookups[walker].walks; i++)
			if (!strcmp(set->names[i], lookups[walker].name))
				return i;
	return set->initial;
}
