// SPDX-License-Identifier: GPL-2.0-or-later
#include "lib/procfile.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/file.h"

#define PROCFILE_BYTES	16384
#define KB_BYTES	1024

/* What follows "NAME:", or NULL. */
static const char *field_find(const char *text, const char *name)
{
	size_t length = strlen(name);
	const char *line;

	for (line = text; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (!strncmp(line, name, length) && line[length] == ':')
			return line + length + 1;
	}
	return NULL;
}

int procfile_field(const char *path, const char *name, uint64_t *value)
{
	char text[PROCFILE_BYTES], *end;
	const char *field;
	int ret;

	ret = file_read(path, text, sizeof(text));
	if (ret)
		return ret;
	field = field_find(text, name);
	if (!field)
		return -ENODATA;
	errno = 0;
	*value = strtoull(field, &end, 10);
	if (errno || end == field)
		return -EBADMSG;
	if (!strncmp(end, " kB", 3))
		*value *= KB_BYTES;
	return 0;
}
