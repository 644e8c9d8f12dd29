// SPDX-License-Identifier: GPL-2.0-or-later
#include "lib/glob.h"

#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool glob_matches(const char *patterns, const char *name)
{
	char pattern[GLOB_PATTERN_BYTES];
	size_t length;

	for (;; patterns += length + 1) {
		length = strcspn(patterns, ",");
		snprintf(pattern, sizeof(pattern), "%.*s", (int)length, patterns);
		if (!fnmatch(pattern, name, 0))
			return true;
		if (!patterns[length])
			return false;
	}
}

char *glob_join(const char *const *names, size_t count, char *text, size_t bytes)
{
	size_t used = 0, i;

	text[0] = '\0';
	for (i = 0; i < count && used < bytes; i++)
		used += (size_t)snprintf(text + used, bytes - used, "%s%s", i ? ", " : "",
					 names[i]);
	return text;
}

static int glob_choose_one(const char *what, const char *pattern, const char *const *names,
			   size_t count, bool *chosen, struct error *error)
{
	bool matched = false;
	char list[512];
	size_t i;

	for (i = 0; i < count; i++) {
		if (fnmatch(pattern, names[i], 0))
			continue;
		chosen[i] = true;
		matched = true;
	}
	if (matched)
		return 0;
	return error_set(error, OUTCOME_USE, EINVAL, "%s '%s': must match one of %s", what, pattern,
			 glob_join(names, count, list, sizeof(list)));
}

int glob_choose(const char *what, const char *patterns, const char *const *names, size_t count,
		bool *chosen, struct error *error)
{
	char *copy, *rest, *pattern;
	int ret = 0;
	size_t i;

	for (i = 0; i < count; i++)
		chosen[i] = !patterns;
	if (!patterns)
		return 0;
	copy = rest = strdup(patterns);
	if (!copy)
		return error_set(error, OUTCOME_BROKEN, ENOMEM, "%s '%s': %s", what, patterns,
				 strerror(ENOMEM));
	while (!ret && (pattern = strsep(&rest, ",")))
		ret = glob_choose_one(what, pattern, names, count, chosen, error);
	free(copy);
	return ret;
}
