// SPDX-License-Identifier: GPL-2.0-or-later
/* DMA-map a BAR's first bytes through the process' own mapping of them, and unmap them again. */
#include "cases/mapping.h"
#include "cases/registry.h"
#include "lib/size.h"

#define BAR_CASE(suffix, text, offset, table_state)			\
	{								\
		.name = "bar/" suffix,					\
		.summary = text,					\
		.axes = {						\
			.va_offset_bytes = (offset),			\
			.tables = (table_state),			\
			.iova_align_bytes = SZ_1G,			\
		},							\
		MAPPING_BAR_STEPS,					\
	}

static const struct bench_case bar_cases[] = {
	BAR_CASE("aligned/warm", "address a multiple of 1G, page tables populated",
		 0, CASE_TABLES_WARM),
	BAR_CASE("aligned/cold", "address a multiple of 1G, page tables empty",
		 0, CASE_TABLES_COLD),
	BAR_CASE("4K-off/warm", "address 4K above a multiple of 1G, page tables populated",
		 SZ_4K, CASE_TABLES_WARM),
	BAR_CASE("4K-off/cold", "address 4K above a multiple of 1G, page tables empty",
		 SZ_4K, CASE_TABLES_COLD),
};

const struct case_family case_family_bar = {
	bar_cases, sizeof(bar_cases) / sizeof(bar_cases[0]),
};
