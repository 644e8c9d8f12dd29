// SPDX-License-Identifier: GPL-2.0-or-later
#include "verify/pattern.h"

#define PAGES_PER_2M	512

/* splitmix64 (Steele, Lea, Flood 2014): a bijection, so different inputs never collide. */
static uint64_t mix(uint64_t x)
{
	x += UINT64_C(0x9e3779b97f4a7c15);
	x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
	return x ^ (x >> 31);
}

/* 12 bits of word, 40 of page and 12 of generation. */
static uint64_t pattern_word(uint64_t generation, uint64_t page, uint64_t word)
{
	return mix(generation << 52 | page << 12 | word);
}

void pattern_fill(void *data, size_t bytes, uint64_t generation, uint64_t page)
{
	uint64_t *words = data;
	size_t i;

	for (i = 0; i < bytes / sizeof(*words); i++)
		words[i] = pattern_word(generation, page, i);
}

static void mismatch_locate(struct pattern_mismatch *mismatch, size_t word, uint64_t expected,
			    uint64_t got)
{
	const uint8_t *expected_bytes = (const void *)&expected, *got_bytes = (const void *)&got;
	size_t i = 0;

	while (expected_bytes[i] == got_bytes[i])
		i++;
	*mismatch = (struct pattern_mismatch) {
		.offset_bytes = word * sizeof(expected) + i,
		.expected = expected_bytes[i],
		.got = got_bytes[i],
	};
}

bool pattern_check(const void *data, size_t bytes, uint64_t generation, uint64_t page,
		   struct pattern_mismatch *mismatch)
{
	const uint64_t *words = data;
	uint64_t expected;
	size_t i;

	for (i = 0; i < bytes / sizeof(*words); i++) {
		expected = pattern_word(generation, page, i);
		if (words[i] != expected) {
			mismatch_locate(mismatch, i, expected, words[i]);
			return false;
		}
	}
	return true;
}

static size_t page_add(uint64_t page, uint64_t *pages, size_t chosen, size_t room)
{
	size_t i;

	if (chosen == room)
		return chosen;
	for (i = 0; i < chosen; i++)
		if (pages[i] == page)
			return chosen;
	pages[chosen] = page;
	return chosen + 1;
}

size_t pattern_choose_pages(uint64_t count, uint64_t seed, uint64_t *pages, size_t room)
{
	const uint64_t last_2m = (count - 1) / PAGES_PER_2M * PAGES_PER_2M;
	const uint64_t notable[] = {
		0, count - 1, PAGES_PER_2M - 1, PAGES_PER_2M, last_2m - 1, last_2m,
	};
	size_t chosen = 0, i;
	uint64_t step;

	if (room > count)
		room = count;
	for (i = 0; i < sizeof(notable) / sizeof(notable[0]); i++)
		if (notable[i] < count)
			chosen = page_add(notable[i], pages, chosen, room);
	for (step = 0; chosen < room; step++)
		chosen = page_add(mix(seed + step) % count, pages, chosen, room);
	return chosen;
}
