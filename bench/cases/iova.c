// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The BAR at an IOVA that is less aligned than the BAR is, so that the IOMMU's page tables need
 * smaller entries. The lookup does not see the difference; the IOMMU driver does.
 */
#include "cases/mapping.h"
#include "cases/registry.h"
#include "lib/size.h"

/* From where on @align is what keeps the entries small. */
#define IOVA_CASE(suffix, align, least)					\
	{								\
		.name = "iova/" suffix,					\
		.summary = "as bar/aligned/warm, with IOMMU pages of at most " suffix, \
		.least_bytes = (least),					\
		.axes = {						\
			.tables = CASE_TABLES_WARM,			\
			.iova_align_bytes = (align),			\
		},							\
		MAPPING_BAR_STEPS,					\
	}

static const struct bench_case iova_cases[] = {
	IOVA_CASE("2M", SZ_2M, SZ_1G),
	IOVA_CASE("4K", SZ_4K, SZ_2M),
};

const struct case_family case_family_iova = {
	iova_cases, sizeof(iova_cases) / sizeof(iova_cases[0]),
};
