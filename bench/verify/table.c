// SPDX-License-Identifier: GPL-2.0-or-later
#include "verify/table.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>

/* A table of which the leaves below @next are known to be right. */
struct walk {
	const struct verify_table *must;
	uint64_t next, end;		/* IOVAs of the shape */
	bool page_seen;
	char *text;
};

static int wrong_hole(const struct walk *walk)
{
	snprintf(walk->text, VERIFY_TABLE_TEXT_BYTES, "iova 0x%" PRIx64 " is not mapped",
		 walk->next);
	return -EINVAL;
}

static int wrong_leaf(const struct walk *walk, const struct iotable_leaf *leaf, const char *what)
{
	snprintf(walk->text, VERIFY_TABLE_TEXT_BYTES, "iova 0x%" PRIx64 " is mapped to 0x%" PRIx64
		 ", %s", leaf->iova, leaf->physical, what);
	return -EINVAL;
}

static uint64_t walk_physical(const struct walk *walk, uint64_t iova)
{
	const struct verify_table *must = walk->must;

	return must->bar_physical + verify_shape_bar_offset(must->shape, must->bar_bytes,
							    iova - must->iova);
}

static int walk_address(const struct walk *walk, const struct iotable_leaf *leaf)
{
	uint64_t last = iotable_size_bytes(leaf->size) - 1;
	uint64_t first_wanted = walk_physical(walk, leaf->iova);
	uint64_t last_wanted = walk_physical(walk, leaf->iova + last);
	char what[64];

	if (leaf->physical != first_wanted)
		snprintf(what, sizeof(what), "must be to 0x%" PRIx64, first_wanted);
	else if (leaf->physical + last != last_wanted)
		snprintf(what, sizeof(what), "and its last byte must be to 0x%" PRIx64,
			 last_wanted);
	else
		return 0;
	return wrong_leaf(walk, leaf, what);
}

static int walk_page(struct walk *walk, const struct iotable_leaf *leaf)
{
	if (leaf->size != IOTABLE_4K)
		return wrong_leaf(walk, leaf, "must be one page");
	walk->page_seen = true;
	return 0;
}

/* The leaves come in the order of IOVAs, so one that is not at the next has left a hole. */
static int walk_leaf(struct walk *walk, const struct iotable_leaf *leaf,
		     struct verify_leaves *leaves)
{
	uint64_t bytes = iotable_size_bytes(leaf->size);
	int ret;

	if (leaf->iova == walk->must->page_iova)
		return walk_page(walk, leaf);
	if (leaf->iova < walk->next || leaf->iova >= walk->end)
		return wrong_leaf(walk, leaf, "must not be mapped");
	if (leaf->iova > walk->next)
		return wrong_hole(walk);
	if (bytes > walk->end - leaf->iova)
		return wrong_leaf(walk, leaf, "beyond the end of the mapping");
	ret = walk_address(walk, leaf);
	if (ret)
		return ret;
	if (!leaf->readable || !leaf->writable)
		return wrong_leaf(walk, leaf, "must be readable and writable");
	walk->next += bytes;
	leaves->count[leaf->size]++;
	leaves->bytes += bytes;
	return 0;
}

static int walk_end(struct walk *walk)
{
	if (walk->next != walk->end)
		return wrong_hole(walk);
	if (!walk->page_seen) {
		walk->next = walk->must->page_iova;
		return wrong_hole(walk);
	}
	return 0;
}

int verify_table_check(struct iotable *table, const struct verify_table *must,
		       struct verify_leaves *leaves, char text[VERIFY_TABLE_TEXT_BYTES])
{
	struct walk walk = {
		.must = must, .text = text, .next = must->iova, .end = must->iova,
	};
	struct iotable_leaf leaf;
	int ret;

	if (must->shape)
		walk.end += verify_shape_bytes(must->shape, must->bar_bytes);
	while ((ret = iotable_next(table, &leaf)) > 0) {
		ret = walk_leaf(&walk, &leaf, leaves);
		if (ret)
			return ret;
	}
	return ret ? ret : walk_end(&walk);
}
