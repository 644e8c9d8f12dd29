// SPDX-License-Identifier: GPL-2.0-or-later
#include "cases/registry.h"

#define CASE_FAMILY_ROW(name) &case_family_##name,

static const struct case_family *const families[] = { CASE_FAMILIES(CASE_FAMILY_ROW) };

size_t cases_list(const struct bench_case **cases, size_t room)
{
	size_t count = 0, family, i;

	for (family = 0; family < sizeof(families) / sizeof(families[0]); family++)
		for (i = 0; i < families[family]->count; i++, count++)
			if (count < room)
				cases[count] = &families[family]->cases[i];
	return count;
}
