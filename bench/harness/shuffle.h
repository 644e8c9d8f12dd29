/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BARMAP_HARNESS_SHUFFLE_H
#define BARMAP_HARNESS_SHUFFLE_H

#include <stddef.h>
#include <stdint.h>

/*
 * Orders drawn at random. The same seed gives the same orders on every machine: the numbers are
 * those of nrand48(), which POSIX defines to the last bit.
 */
struct shuffle {
	unsigned short state[3];
};

void shuffle_init(struct shuffle *shuffle, uint32_t seed);

/* Put @count @items, far fewer than 2^31, into an order of which each is as likely. */
void shuffle_items(struct shuffle *shuffle, size_t *items, size_t count);

#endif
