/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BARMAP_LIB_LOOKUP_H
#define BARMAP_LIB_LOOKUP_H

#include <stdbool.h>
#include <stddef.h>

/*
 * lookup: the ways to find the pfns of a BAR, one row each. Nothing else knows their names: a lookup is
 * added by a row here and by the kernel that has it.
 */

#define LOOKUP_STOCK	"stock"		/* of a kernel that offers no choice */
#define LOOKUP_FLOOR	"floor"		/* none */
#define LOOKUP_DMABUF	"iommufd_dmabuf"	/* none: the BAR is a file */
#define LOOKUP_SERIES	"vma_to_pfn"	/* what the series does */

/* What one lookup covers. */
enum lookup_stride {
	LOOKUP_PAGE,
	LOOKUP_LEAF,		/* the rest of the leaf in the CPU's page tables */
	LOOKUP_VMA,
	LOOKUP_FILE,		/* the file knows where it is */
	LOOKUP_NOTHING,		/* it looks nothing up: the least that there can be */
	LOOKUP_UNKNOWN,
};

/**
 * struct lookup - one row
 * @name: as the kernel's parameter has it
 * @stride: what one lookup covers
 * @walks: it walks the CPU's page tables, and so populates them
 * @few: it is measured at sizes that are too large for every row
 * @paged: it is there to tell a cheaper lookup from fewer lookups
 * @rank: place in tables and legends; rows of one rank stand in the order of the records
 * @colour: of its line in plots, "0xRRGGBB"
 * @width: of that line
 * @dash: gnuplot's number of its pattern
 * @point: gnuplot's number of its point
 * @size: of that point
 */
struct lookup {
	const char *name;
	enum lookup_stride stride;
	bool walks, few, paged;
	unsigned int rank;
	const char *colour;
	double width;
	unsigned int dash, point;
	double size;
};

extern const struct lookup lookups[];
extern const size_t lookups_count;

/* The row of @name; for a name that there is none of a row that says nothing of it. Never NULL. */
const struct lookup *lookup_find(const char *name);

/*
 * Which row does what the one lookup of that kernel does: follow_pfn, and from Linux 6.15 on leaf.
 * NULL when the release does not tell.
 */
const struct lookup *lookup_of_release(const char *release);

#endif
