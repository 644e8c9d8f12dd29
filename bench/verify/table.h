/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BARMAP_VERIFY_TABLE_H
#define BARMAP_VERIFY_TABLE_H

#include <stddef.h>
#include <stdint.h>

#include "lib/iotable.h"
#include "verify/shape.h"

/* What an IOMMU's table must hold: the bytes of a shape, one page besides, and nothing else. */
struct verify_table {
	const struct verify_shape *shape;	/* NULL: only the page */
	uint64_t iova;				/* where the shape starts */
	uint64_t bar_bytes, bar_physical;
	uint64_t page_iova;			/* where the page is; anywhere in memory */
};

/* Leaves that lead into the BAR, by enum iotable_size. */
struct verify_leaves {
	uint64_t count[IOTABLE_SIZES];
	uint64_t bytes;
};

/* Room for what verify_table_check() says. */
#define VERIFY_TABLE_TEXT_BYTES	160

/*
 * Read @table to its end and hold it against @must: each byte of the shape mapped once, to where
 * it is in the BAR, for reading and writing; no leaf for anything else. Adds the leaves of the
 * shape to @leaves. Returns 0; -EINVAL if the table is another, with @text saying what is wrong
 * with the first IOVA that is; or what iotable_next() returned.
 */
int verify_table_check(struct iotable *table, const struct verify_table *must,
		       struct verify_leaves *leaves, char text[VERIFY_TABLE_TEXT_BYTES]);

#endif
