// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/model/operations.h"

#include <string.h>

#include "lib/array.h"
#include "lib/lookup.h"
#include "lib/size.h"

#define LEVEL_FACTOR 512

/* Families of cases that map one whole BAR, once or in chunks. */
static const char *const families[] = { "bar/", "iova/", "chunk/", "touch/" };

static bool family_is_known(const struct record_cell_key *key)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(families); i++)
		if (!strncmp(key->case_name, families[i], strlen(families[i])))
			return key->size_bytes > 0;
	return false;
}

/* Bits of the sizes of one entry on each level of a page table, among those in @sizes. */
static bool level_is(uint64_t size_bytes, uint64_t sizes)
{
	uint64_t level;

	for (level = SZ_4K; level && level <= size_bytes; level *= LEVEL_FACTOR)
		if (level == size_bytes)
			return size_bytes & sizes;
	return false;
}

/* Largest entry in @left bytes from an aligned address on; 0 when none fits. */
static uint64_t entry_bytes(uint64_t left, uint64_t align, uint64_t sizes)
{
	uint64_t entry;

	for (entry = size_floor_power_of_two(left); entry >= SZ_4K; entry /= 2)
		if (level_is(entry, sizes) && entry <= align)
			return entry;
	return 0;
}

/* Entries for @bytes from an address on that is aligned to @align: as many as fit of each level. */
static uint64_t entries_count(uint64_t bytes, uint64_t align, uint64_t sizes)
{
	uint64_t count = 0, entry;

	while (bytes) {
		entry = entry_bytes(bytes, align, sizes);
		if (!entry)
			return 0;
		count += bytes / entry;
		bytes %= entry;
	}
	return count;
}

/* The same for a range that is mapped in chunks; 0 where the chunks are no simple pattern. */
static uint64_t chunks_count(const struct record_cell_key *key, uint64_t align, uint64_t sizes)
{
	uint64_t chunk = key->chunk_bytes;

	if (!chunk || chunk >= key->size_bytes)
		return entries_count(key->size_bytes, align, sizes);
	if (size_is_power_of_two(chunk) && key->size_bytes % chunk == 0)
		return key->size_bytes / chunk * entries_count(chunk, align, sizes);
	return 0;
}

uint64_t operations_ioptes(const struct record *record, const struct record_cell_key *key)
{
	uint64_t sizes = 0;
	json_t *value;
	size_t i;

	if (!family_is_known(key) || !strcmp(record->env.iommu_model, "virtio"))
		return 0;
	json_array_foreach(record->env.iommu_page_sizes_bytes, i, value)
		sizes |= json_integer_value(value);
	return chunks_count(key, key->iova_align_bytes, sizes);
}

/* A leaf of the CPU's page tables needs virtual and physical address aligned alike. */
static uint64_t leaves_count(const struct record_cell_key *key)
{
	uint64_t align = key->va_offset_bytes ? key->va_offset_bytes & -key->va_offset_bytes
					      : SZ_1G;

	return chunks_count(key, align, SZ_4K | SZ_2M | SZ_1G);
}

static uint64_t ioctls_count(const struct record_cell_key *key)
{
	if (!key->chunk_bytes)
		return 1;
	return (key->size_bytes + key->chunk_bytes - 1) / key->chunk_bytes;
}

uint64_t operations_lookups(const struct record *record, const struct record_cell_key *key)
{
	const struct lookup *lookup = lookup_find(key->variant);

	if (!strcmp(key->variant, LOOKUP_STOCK))
		lookup = lookup_of_release(record->env.kernel_release);
	if (!lookup || !family_is_known(key))
		return 0;
	switch (lookup->stride) {
	case LOOKUP_PAGE:
		return key->pages;
	case LOOKUP_LEAF:
		return leaves_count(key);
	case LOOKUP_VMA:
		return ioctls_count(key);
	case LOOKUP_FILE:
	case LOOKUP_NOTHING:
		return OPERATIONS_NONE;
	default:
		return 0;
	}
}
