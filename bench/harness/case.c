// SPDX-License-Identifier: GPL-2.0-or-later
#include "harness/case.h"

const char *case_tables_name(enum case_tables tables)
{
	static const char *const names[] = {
		[CASE_TABLES_NONE] = "none",
		[CASE_TABLES_WARM] = "warm",
		[CASE_TABLES_COLD] = "cold",
	};

	return names[tables];
}
