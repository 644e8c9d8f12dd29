// SPDX-License-Identifier: GPL-2.0-or-later
#include "harness/case.h"

#include <stdarg.h>
#include <stdio.h>

int case_skip(const struct case_context *context, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(context->reason, CASE_REASON_BYTES, format, arguments);
	va_end(arguments);
	return CASE_SKIPPED;
}

unsigned int case_mappings(const struct case_axes *axes)
{
	unsigned int most = axes->devices > axes->threads ? axes->devices : axes->threads;

	return most ? most : 1;
}

const char *case_tables_name(enum case_tables tables)
{
	static const char *const names[] = {
		[CASE_TABLES_NONE] = "none",
		[CASE_TABLES_WARM] = "warm",
		[CASE_TABLES_COLD] = "cold",
	};

	return names[tables];
}
