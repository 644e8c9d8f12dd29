// SPDX-License-Identifier: GPL-2.0-or-later
#include "lib/parameter.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "lib/file.h"

int parameter_read(struct parameter *parameter, const char *path, struct error *error)
{
	char text[16];
	int ret;

	memset(parameter, 0, sizeof(*parameter));
	snprintf(parameter->path, sizeof(parameter->path), "%s", path);
	ret = file_read(path, text, sizeof(text));
	if (ret == -ENOENT)
		return 0;
	if (ret)
		return error_set(error, OUTCOME_CANNOT, -ret, "parameter '%s': %s", path,
				 strerror(-ret));
	if (strcmp(text, "Y") && strcmp(text, "N"))
		return error_set(error, OUTCOME_BROKEN, EINVAL,
				 "parameter '%s': '%s': must be Y or N", path, text);
	parameter->present = true;
	parameter->initial = parameter->current = text[0] == 'Y';
	return 0;
}

int parameter_set(struct parameter *parameter, bool on)
{
	int ret;

	if (!parameter->present)
		return -ENOENT;
	if (on == parameter->current)
		return 0;
	ret = file_write(parameter->path, on ? "Y" : "N");
	if (!ret)
		parameter->current = on;
	return ret;
}

int parameter_restore(struct parameter *parameter)
{
	return parameter->present ? parameter_set(parameter, parameter->initial) : 0;
}
