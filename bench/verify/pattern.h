/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BARMAP_VERIFY_PATTERN_H
#define BARMAP_VERIFY_PATTERN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Data that says where it belongs: no two pages of a generation, and no two generations of a page,
 * begin alike or have a long stretch in common.
 */

/* Fill @bytes (a multiple of 8) at @data, aligned to 8, with the pattern of @page. */
void pattern_fill(void *data, size_t bytes, uint64_t generation, uint64_t page);

struct pattern_mismatch {
	size_t offset_bytes;		/* of the first byte that differs */
	uint8_t expected, got;
};

/* Whether @bytes at @data are the pattern; if not, where they first differ. */
bool pattern_check(const void *data, size_t bytes, uint64_t generation, uint64_t page,
		   struct pattern_mismatch *mismatch);

/*
 * Choose up to @room of @count pages in @pages, each once: the first, the last, those on both sides
 * of the first and of the last 2 MiB boundary (of 4 KiB pages), then pseudo-random ones, the same
 * for the same arguments. Returns how many were chosen: the smaller of @room and @count.
 */
size_t pattern_choose_pages(uint64_t count, uint64_t seed, uint64_t *pages, size_t room);

#endif
