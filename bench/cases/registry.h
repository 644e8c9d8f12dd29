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

extern const struct case_family case_family_bar;
extern const struct case_family case_family_chunk;
extern const struct case_family case_family_churn;
extern const struct case_family case_family_contention;
extern const struct case_family case_family_control;
extern const struct case_family case_family_devices;
extern const struct case_family case_family_dmabuf;
extern const struct case_family case_family_domains;
extern const struct case_family case_family_iova;
extern const struct case_family case_family_null;
extern const struct case_family case_family_threads;
extern const struct case_family case_family_touch;

/*
 * List all cases, in the order they run, in @cases, which has room for @room.
 * Returns how many there are.
 */
size_t cases_list(const struct bench_case **cases, size_t room);

#endif
