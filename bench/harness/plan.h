/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BARMAP_HARNESS_PLAN_H
#define BARMAP_HARNESS_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "harness/case.h"
#include "lib/error.h"
#include "lib/variant.h"

/* What will be measured: cases x sizes x iterations x variants. */

#define PLAN_CASES_MAX		64
#define PLAN_ITERATIONS_MAX	100000
#define PLAN_PROFILE_CUSTOM	"custom"	/* the user named the sizes */

/* A named list of sizes, as plan_sizes_parse() reads it. */
struct plan_profile {
	const char *name, *sizes, *summary;
};

extern const struct plan_profile plan_profiles[];
extern const size_t plan_profiles_count;

/* As the user put it; NULL or 0 where nothing was said. */
struct plan_request {
	const char *profile;		/* a name of plan_profiles; NULL: "default" */
	const char *sizes;		/* in place of a profile */
	const char *cases;		/* glob patterns; NULL: all */
	const char *variants;		/* glob patterns; NULL: all */
	unsigned int iterations;	/* 0: nothing was said */
};

struct plan {
	const char *profile;
	unsigned int iterations;
	uint64_t sizes;				/* the sum of the sizes, all powers of two */
	const struct bench_case *cases[PLAN_CASES_MAX];
	size_t cases_count;
	size_t variants[VARIANTS_MAX];		/* indexes into the variant set */
	size_t variants_count;
};

/*
 * Read "4K,2M,1G" or "4K:4G" or "4K:4G:x16" or any such joined by commas, into the sum of the sizes
 * named. A range steps by a factor of 4 unless it says otherwise, and always has its end in it.
 * Each size is a power of two and not below @page_bytes. Returns 0, or -EINVAL with @error filled.
 */
int plan_sizes_parse(const char *text, uint64_t page_bytes, uint64_t *sizes, struct error *error);

/*
 * Make the plan for @request out of the @count cases in @cases and the variants of @set. Iterations
 * that were not asked for stay 0, for the caller to set. Returns 0, or -errno with @error filled.
 */
int plan_init(struct plan *plan, const struct plan_request *request,
	      const struct bench_case *const *cases, size_t count, const struct variant_set *set,
	      uint64_t page_bytes, struct error *error);

/*
 * Fit the sizes to a BAR of which @bar_bytes can be mapped. From a profile the sizes above go and
 * the largest that fits comes in for them; *@clipped says whether that happened. A size above that
 * the user named is an error: returns -EINVAL with @error filled, else 0.
 */
int plan_fit(struct plan *plan, uint64_t bar_bytes, bool *clipped, struct error *error);

/* The largest size of the plan in bytes. */
uint64_t plan_largest_size(const struct plan *plan);

/*
 * Step through the sizes of @bench_case in ascending order: start with *@size_bytes UINT64_MAX,
 * and go on while it returns true. A case that is not sized has the one size 0.
 */
bool plan_next_size(const struct plan *plan, const struct bench_case *bench_case,
		    uint64_t *size_bytes);

/* How many (case, size) pairs there are, and how many samples they give. */
size_t plan_cells_count(const struct plan *plan);
size_t plan_samples_count(const struct plan *plan);

#endif
