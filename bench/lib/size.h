/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BARMAP_LIB_SIZE_H
#define BARMAP_LIB_SIZE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SZ_4K	(UINT64_C(1) << 12)
#define SZ_64K	(UINT64_C(1) << 16)
#define SZ_1M	(UINT64_C(1) << 20)
#define SZ_2M	(UINT64_C(1) << 21)
#define SZ_1G	(UINT64_C(1) << 30)
#define SZ_4G	(UINT64_C(1) << 32)

/* Longest text size_format() makes, with its NUL. */
#define SIZE_TEXT_BYTES	24

/*
 * Read a number of bytes: decimal digits and at most one of K M G T (powers of 1024, either case).
 * Returns 0; -EINVAL if @text is anything else; -ERANGE if it does not fit 64 bits.
 */
int size_parse(const char *text, uint64_t *bytes);

/*
 * Write @bytes as size_parse() reads it, with the largest suffix that loses nothing ("4K", "6M",
 * "4097"), into @text. Returns @text.
 */
char *size_format(uint64_t bytes, char text[SIZE_TEXT_BYTES]);

bool size_is_power_of_two(uint64_t bytes);

/* @align is a power of two; the result wraps if it does not fit. */
uint64_t size_align_up(uint64_t bytes, uint64_t align);

/* The largest power of two not above @bytes; 0 for 0. */
uint64_t size_floor_power_of_two(uint64_t bytes);

#endif
