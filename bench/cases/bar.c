// SPDX-License-Identifier: GPL-2.0-or-later
/* DMA-map a BAR's first bytes through the process' own mapping of them, and unmap them again. */
#include "cases/mapping.h"
#include "cases/registry.h"
#include "lib/size.h"

#define BAR_CASE(suffix, text, offset, state, table_state)		\
	{								\
		.needs = (offset) || (table_state) == CASE_TABLES_COLD ? BACKEND_ADDRESS : 0, \
		.name = "bar/" suffix "/" state,			\
		.summary = text,					\
		.axes = {						\
			.va_offset_bytes = (offset),			\
			.tables = (table_state),			\
			.iova_align_bytes = SZ_1G,			\
		},							\
		MAPPING_BAR_STEPS,					\
	}
#define BAR_CASES(suffix, text, offset)					\
	BAR_CASE(suffix, text ", page tables populated", offset, "warm", CASE_TABLES_WARM), \
	BAR_CASE(suffix, text ", page tables empty", offset, "cold", CASE_TABLES_COLD)

static const struct bench_case bar_cases[] = {
	BAR_CASES("aligned", "address a multiple of 1G", 0),
	BAR_CASES("2M-off", "address 2M above a multiple of 1G", SZ_2M),
	BAR_CASES("4K-off", "address 4K above a multiple of 1G", SZ_4K),
};

const struct case_family case_family_bar = {
	bar_cases, sizeof(bar_cases) / sizeof(bar_cases[0]),
};
