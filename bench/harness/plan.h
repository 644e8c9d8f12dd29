/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BARMAP_HARNESS_PLAN_H
#define BARMAP_HARNESS_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "harness/case.h"
#include "harness/protocol.h"
#include "lib/error.h"
#include "lib/variant.h"

/* What will be measured: cases, each with its sizes, x iterations x variants. */

#define PLAN_CASES_MAX		64
#define PLAN_PARTS_MAX		8
#define PLAN_ITERATIONS_MAX	100000
#define PLAN_PROFILE_CUSTOM	"custom"	/* the user named the sizes */

/* Cases that have the same sizes in a profile. */
struct plan_part {
	const char *cases;		/* glob patterns; NULL: no more parts */
	const char *sizes;		/* as plan_sizes_parse() reads it */
};

/* What is measured unless the user says otherwise. No case is in two parts; some are in none. */
struct plan_profile {
	const char *name, *summary;
	struct plan_part parts[PLAN_PARTS_MAX];
	const char *few_above;		/* sizes above this one ... NULL: there is no such size */
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

/* A part of a plan: @number of @count, from 1; 0 of 0: all of it. */
struct plan_shard {
	unsigned int number, count;
};

struct plan_case {
	const struct bench_case *bench_case;
	uint64_t sizes;			/* the sum of the sizes, all powers of two; 0: not sized */
};

struct plan {
	const char *profile;
	unsigned int iterations;
	struct protocol protocol;
	struct plan_case cases[PLAN_CASES_MAX];
	size_t cases_count;
	const struct bench_case *left_out[PLAN_CASES_MAX];	/* wanted, but without a size */
	size_t left_out_count;
	struct plan_shard shard;
	size_t variants[VARIANTS_MAX];		/* indexes into the variant set */
	size_t variants_count;
	unsigned int lacks[VARIANTS_MAX];	/* BACKEND_ bits of variants[] of that index */
	uint64_t few_above_bytes;	/* larger sizes are for some variants only; 0: none is */
	bool few[VARIANTS_MAX];		/* whether variants[] of that index is one of them */
};

/*
 * Read "4K,2M,1G" or "4K:4G" or "4K:4G:x16" or any such joined by commas, into the sum of the sizes
 * named. A range steps by a factor of 4 unless it says otherwise, and always has its end in it.
 * Each size is a power of two and not below @page_bytes. Returns 0, or -EINVAL with @error filled.
 */
int plan_sizes_parse(const char *text, uint64_t page_bytes, uint64_t *sizes, struct error *error);

/*
 * Make the plan for @request out of the @count cases in @cases and the variants of @set. A case is
 * left out if its profile, or its own bounds, leave it no size, or if it has none of the variants;
 * if that is so of all of them, the request is in error. Iterations that were not asked for stay 0,
 * and the protocol is left empty, for the caller to set. Returns 0, or -errno with @error filled.
 */
int plan_init(struct plan *plan, const struct plan_request *request,
	      const struct bench_case *const *cases, size_t count, const struct variant_set *set,
	      uint64_t page_bytes, struct error *error);

/*
 * Fit the sizes to a BAR of which @bar_bytes can be mapped. From a profile the sizes above go and
 * the largest that fits comes in for them, or the case is left out if that is too small for it;
 * *@clipped says whether any of that happened. A size above that the user named is an error:
 * returns -EINVAL with @error filled, else 0.
 */
int plan_fit(struct plan *plan, uint64_t bar_bytes, bool *clipped, struct error *error);

/* Whether a variant of the plan, whose set is @set, is of @backend. */
bool plan_has_backend(const struct plan *plan, const struct variant_set *set,
		      const struct backend *backend);

/*
 * Make @part what @plan has for the variants of @backend and of those that work within it; cases
 * without variants are of the plan's first. Returns false if that is nothing.
 */
bool plan_part_init(struct plan *part, const struct plan *plan, const struct variant_set *set,
		    const struct backend *backend);

/*
 * Read "2/3" into @shard. Returns 0, or -EINVAL with @error filled.
 */
int plan_shard_parse(const char *text, struct plan_shard *shard, struct error *error);

/*
 * Keep what @shard has of a plan that is fitted: each @count'th case, so that neighbours, which take
 * about as long, are of different shards. Once done it stays. A shard without a case is an error:
 * returns -EINVAL with @error filled, else 0.
 */
int plan_shard(struct plan *plan, const struct plan_shard *shard, struct error *error);

/* The sum of all sizes of all cases, and the largest of them, in bytes. */
uint64_t plan_sizes(const struct plan *plan);
uint64_t plan_largest_size(const struct plan *plan);

/* The most mappings that one of the cases has side by side, at least 1. */
unsigned int plan_mappings(const struct plan *plan);

/*
 * Step through the sizes of @plan_case in ascending order: start with *@size_bytes UINT64_MAX,
 * and go on while it returns true. A case that is not sized has the one size 0.
 */
bool plan_next_size(const struct plan_case *plan_case, uint64_t *size_bytes);

/*
 * The plan's variants that @bench_case takes turns with at @size_bytes, into @variants as indexes
 * into the variant set. Returns how many. A case that is not sized has none.
 */
size_t plan_variants(const struct plan *plan, const struct bench_case *bench_case,
		     uint64_t size_bytes, size_t variants[VARIANTS_MAX]);

/* How many samples @plan_case gives, at all of its sizes. */
size_t plan_case_samples_count(const struct plan *plan, const struct plan_case *plan_case);

/* How many (case, size) pairs there are, and how many samples they give. */
size_t plan_cells_count(const struct plan *plan);
size_t plan_samples_count(const struct plan *plan);

#endif
