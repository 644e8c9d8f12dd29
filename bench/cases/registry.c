// SPDX-License-Identifier: GPL-2.0-or-later
#include "cases/registry.h"

static const struct case_family *const families[] = {
	&case_family_null,
	/* Before others leave the free memory in pieces: those are what it maps. */
	&case_family_control,
	&case_family_bar,
	&case_family_iova,
	&case_family_chunk,
	&case_family_touch,
	&case_family_domains,
	&case_family_churn,
	&case_family_devices,
	&case_family_threads,
	&case_family_contention,
	&case_family_dmabuf,
};

size_t cases_list(const struct bench_case **cases, size_t room)
{
	size_t count = 0, family, i;

	for (family = 0; family < sizeof(families) / sizeof(families[0]); family++)
		for (i = 0; i < families[family]->count; i++, count++)
			if (count < room)
				cases[count] = &families[family]->cases[i];
	return count;
}
