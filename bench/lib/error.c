// SPDX-License-Identifier: GPL-2.0-or-later
#include "lib/error.h"

#include <stdarg.h>
#include <stdio.h>

int error_set(struct error *error, enum outcome outcome, int err, const char *format, ...)
{
	va_list args;

	error->outcome = outcome;
	va_start(args, format);
	vsnprintf(error->text, sizeof(error->text), format, args);
	va_end(args);
	return -err;
}
