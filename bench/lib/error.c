// SPDX-License-Identifier: GPL-2.0-or-later
#include "lib/error.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>

/* A name can have a newline, and the message must stay one line. */
static void text_make_line(char *text)
{
	for (; *text; text++)
		if (iscntrl((unsigned char)*text))
			*text = '?';
}

int error_set(struct error *error, enum outcome outcome, int err, const char *format, ...)
{
	va_list args;

	error->outcome = outcome;
	va_start(args, format);
	vsnprintf(error->text, sizeof(error->text), format, args);
	va_end(args);
	text_make_line(error->text);
	return -err;
}
