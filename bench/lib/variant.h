/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BARMAP_LIB_VARIANT_H
#define BARMAP_LIB_VARIANT_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/error.h"
#include "lib/lookup.h"

/*
 * The ways the running kernel can look up the pfns of a BAR, and switching between them through
 * the parameter pfn_lookup of vfio_iommu_type1. A kernel without it has the one way "stock".
 *
 * Behind them stand variants that are not type1's but another backend's (lib/backend.h): while one of
 * those is selected the parameter stays as it is.
 */

#define VARIANT_PARAMETER	"/sys/module/vfio_iommu_type1/parameters/pfn_lookup"
#define VARIANTS_MAX		16
#define VARIANT_NAME_BYTES	40
#define VARIANT_STOCK		LOOKUP_STOCK

struct variant_set {
	char path[256];
	char names[VARIANTS_MAX][VARIANT_NAME_BYTES];
	size_t count;		/* at least 1 */
	size_t initial;		/* what was selected when the set was read */
	size_t current;		/* what is now */
	size_t written;		/* what the parameter says */
	bool selectable;	/* false: the kernel has no parameter, and "stock" is all of it */
	size_t added;		/* so many at the end are not of the parameter */
};

/*
 * Read the parameter file at @path: names separated by blanks, the selected one in brackets. No
 * such file is not an error. Returns 0, or -errno with @error filled.
 */
int variant_set_read(struct variant_set *set, const char *path, struct error *error);

/* Add a variant that is not of the parameter to a set that has been read. Returns 0, or -ENOSPC. */
int variant_set_add(struct variant_set *set, const char *name);

/* Select variant @index, unless it is selected already. Returns 0 or -errno. */
int variant_select(struct variant_set *set, size_t index);

/*
 * Go back to the variant found at first. Async-signal-safe, and harmless when nothing was
 * changed. Returns 0 or -errno.
 */
int variant_restore(struct variant_set *set);

/*
 * The index of a variant that walks the page tables, and so leaves them populated, with the fewest
 * walks: the first of the table of lookups that there is; or else the one selected at first.
 */
size_t variant_walker(const struct variant_set *set);

#endif
