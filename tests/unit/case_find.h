/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BARMAP_TESTS_UNIT_CASE_FIND_H
#define BARMAP_TESTS_UNIT_CASE_FIND_H

#include <string.h>

#include "cases/registry.h"
#include "harness/plan.h"

/* The case of this name; the test fails if there is none. Include cmocka.h before. */
static inline const struct bench_case *case_find(const char *name)
{
	const struct bench_case *all[PLAN_CASES_MAX];
	size_t count = cases_list(all, PLAN_CASES_MAX), i;

	for (i = 0; i < count; i++)
		if (!strcmp(all[i]->name, name))
			return all[i];
	fail_msg("no case %s", name);
	return NULL;
}

#endif
