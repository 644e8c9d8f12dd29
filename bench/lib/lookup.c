// SPDX-License-Identifier: GPL-2.0-or-later
#include "lib/lookup.h"

#include <stdio.h>
#include <string.h>

#include "lib/array.h"

/* The first release whose own lookup takes a leaf at once. */
#define LEAF_RELEASE	(6 * 1000 + 15)

#define RANK_STOCK	0
#define RANK_WALK	1
#define RANK_OTHER	2
#define RANK_FLOOR	3

/*
 * The quickest walk first. Colours are those of Okabe and Ito, which people with any kind of colour
 * blindness can tell apart; points are open where another row may lie beneath.
 */
const struct lookup lookups[] = {
	{ "leaf", LOOKUP_LEAF, true, true, false, RANK_OTHER, "0xE69F00", 1.5, 1, 9, 1.1 },
	{ "follow_pfn", LOOKUP_PAGE, true, true, false, RANK_WALK, "0xD55E00", 1.5, 1, 4, 1.5 },
	{ LOOKUP_STOCK, LOOKUP_UNKNOWN, true, true, false, RANK_STOCK, "0x000000", 3.5, 1, 1, 1.3 },
	{ "vma_first", LOOKUP_LEAF, true, true, false, RANK_OTHER, "0x8A6D00", 1.5, 1, 3, 1.2 },
	{ LOOKUP_SERIES, LOOKUP_VMA, false, true, false, RANK_OTHER, "0x0072B2", 2.5, 1, 7, 0.9 },
	{ "vma_to_pfn_page", LOOKUP_PAGE, false, false, true, RANK_OTHER, "0x56B4E9", 2.5, 1, 6,
	  1.5 },
	{ "vma_to_pfn_checked_page", LOOKUP_PAGE, false, false, true, RANK_OTHER, "0x009E73", 1.2,
	  1, 2, 1.1 },
	{ "base_pfn", LOOKUP_VMA, false, true, false, RANK_OTHER, "0xCC79A7", 1.5, 1, 12, 2.0 },
	{ "base_pfn_page", LOOKUP_PAGE, false, false, true, RANK_OTHER, "0x777777", 1.2, 1, 10,
	  1.8 },
	{ LOOKUP_DMABUF, LOOKUP_FILE, false, true, false, RANK_OTHER, "0x7B2D8B", 1.5, 4, 5, 1.2 },
	{ LOOKUP_FLOOR, LOOKUP_NOTHING, false, true, false, RANK_FLOOR, "0x000000", 1.5, 3, 14,
	  1.2 },
};

const size_t lookups_count = ARRAY_SIZE(lookups);

static const struct lookup unknown = {
	"", LOOKUP_UNKNOWN, false, false, false, RANK_OTHER, "0x5D3A9B", 1.5, 2, 8, 1.2,
};

const struct lookup *lookup_find(const char *name)
{
	size_t i;

	for (i = 0; i < lookups_count; i++)
		if (!strcmp(lookups[i].name, name))
			return &lookups[i];
	return &unknown;
}

const struct lookup *lookup_of_release(const char *release)
{
	unsigned int major, minor;

	if (sscanf(release, "%5u.%5u", &major, &minor) != 2)
		return NULL;
	return lookup_find(major * 1000 + minor < LEAF_RELEASE ? "follow_pfn" : "leaf");
}
