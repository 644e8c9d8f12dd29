// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The BAR by many ioctls of the same size, as by a user that cuts its mappings to size: the cost is
 * that of all of them.
 */
#include "cases/mapping.h"
#include "cases/registry.h"
#include "lib/size.h"

/* Type1 takes 65535 mappings (its parameter dma_entry_limit), and a size is a power of two. */
#define CHUNKS_MOST	32768

#define CHUNK_CASE(suffix, bytes)					\
	{								\
		.name = "chunk/" suffix,				\
		.summary = "as bar/aligned/warm, by ioctls of " suffix " each", \
		.least_bytes = 2 * (bytes),				\
		.most_bytes = CHUNKS_MOST * (bytes),			\
		.axes = {						\
			.tables = CASE_TABLES_WARM,			\
			.iova_align_bytes = SZ_1G,			\
			.chunk_bytes = (bytes),				\
		},							\
		MAPPING_BAR_STEPS,					\
	}

static const struct bench_case chunk_cases[] = {
	CHUNK_CASE("1G", SZ_1G),
	CHUNK_CASE("2M", SZ_2M),
	CHUNK_CASE("64K", SZ_64K),
};

const struct case_family case_family_chunk = {
	chunk_cases, sizeof(chunk_cases) / sizeof(chunk_cases[0]),
};
