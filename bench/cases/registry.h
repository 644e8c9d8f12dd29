/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BARMAP_CASES_REGISTRY_H
#define BARMAP_CASES_REGISTRY_H

#include <stddef.h>

#include "harness/case.h"

/* A family of cases: a table, and what all of its rows do. One file each. */
struct case_family {
	const struct bench_case *cases;
	size_t count;
};

/*
 * The families, in the order in which their cases run: control comes before others leave the free
 * memory in pieces, which are what it maps.
 */
#define CASE_FAMILIES(family)						\
	family(null) family(control) family(bar) family(iova) family(chunk) \
	family(touch) family(domains) family(churn) family(devices)	\
	family(threads) family(contention) family(dmabuf)

#define CASE_FAMILY_DECLARE(name) extern const struct case_family case_family_##name;
CASE_FAMILIES(CASE_FAMILY_DECLARE)

/*
 * List all cases, in the order they run, in @cases, which has room for @room.
 * Returns how many there are.
 */
size_t cases_list(const struct bench_case **cases, size_t room);

#endif
