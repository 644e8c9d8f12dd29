// SPDX-License-Identifier: GPL-2.0-or-later
#include "harness/shuffle.h"

#include <stdlib.h>

/* The lowest part of the state, as srand48() sets it. */
#define STATE_LOW	0x330e

void shuffle_init(struct shuffle *shuffle, uint32_t seed)
{
	shuffle->state[0] = STATE_LOW;
	shuffle->state[1] = (unsigned short)seed;
	shuffle->state[2] = (unsigned short)(seed >> 16);
	/* the first number of a seed is close to that of the next seed */
	(void)nrand48(shuffle->state);
}

/*
 * Fisher and Yates. The numbers are 31 bits, of which the upper ones are the better; cutting them
 * into @count parts favours none by more than @count in 2^31.
 */
void shuffle_items(struct shuffle *shuffle, size_t *items, size_t count)
{
	size_t chosen, item;

	for (; count > 1; count--) {
		chosen = (size_t)((uint64_t)nrand48(shuffle->state) * count >> 31);
		item = items[count - 1];
		items[count - 1] = items[chosen];
		items[chosen] = item;
	}
}
