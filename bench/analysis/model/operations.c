// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/model/operations.h"

#include <stdio.h>
#include <string.h>

#include "lib/size.h"

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))
#define LEVEL_FACTOR 512

/* A kernel from this release on looks up once a leaf in its only variant. */
#define LEAF_RELEASE_MAJOR 6
#define LEAF_RELEASE_MINOR 15

/* What one lookup covers. */
enum stride {
	STRIDE_PAGE,
	STRIDE_LEAF,
	STRIDE_VMA,
	STRIDE_NONE,
};

static const struct {
	const char *variant;
	enum stride stride;
} strides[] = {
	{ "stock", STRIDE_PAGE },
	{ "follow_pfn", STRIDE_PAGE },
	{ "leaf", STRIDE_LEAF },
	{ "vma_first", STRIDE_LEAF },
	{ "vma_to_pfn", STRIDE_VMA },
	{ "vma_to_pfn_page", STRIDE_PAGE },
	{ "vma_to_pfn_checked_page", STRIDE_PAGE },
	{ "base_pfn", STRIDE_VMA },
	{ "base_pfn_page", STRIDE_PAGE },
	{ "floor", STRIDE_NONE },
};

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

/* Largest entry at @offset of a range with @left bytes to go; 0 when none fits. */
static uint64_t entry_bytes(uint64_t offset, uint64_t left, uint64_t align, uint64_t sizes)
{
	uint64_t entry;

	for (entry = size_floor_power_of_two(left); entry >= SZ_4K; entry /= 2)
		if (level_is(entry, sizes) && entry <= align && offset % entry == 0)
			return entry;
	return 0;
}

/*
 * Entries for @bytes at @offset from an address aligned to @align. Levels are a factor apart, so a
 * range has few entries on all but its largest level, which is taken at one go.
 */
static uint64_t entries_count(uint64_t offset, uint64_t bytes, uint64_t align, uint64_t sizes)
{
	uint64_t count = 0, entry, next, run;

	while (bytes) {
		entry = entry_bytes(offset, bytes, align, sizes);
		if (!entry)
			return 0;
		next = entry_bytes(0, bytes, align, sizes);
		run = next == entry ? bytes / entry : 1;
		count += run;
		offset += run * entry;
		bytes -= run * entry;
	}
	return count;
}

/* The same for a range that is mapped in chunks. */
static uint64_t chunks_count(const struct record_cell_key *key, uint64_t align, uint64_t sizes)
{
	uint64_t chunk = key->chunk_bytes, offset, count = 0;

	if (!chunk || chunk >= key->size_bytes)
		return entries_count(0, key->size_bytes, align, sizes);
	if (size_is_power_of_two(chunk) && key->size_bytes % chunk == 0)
		return key->size_bytes / chunk * entries_count(0, chunk, align, sizes);
	for (offset = 0; offset < key->size_bytes; offset += chunk)
		count += entries_count(offset, key->size_bytes - offset < chunk ?
				       key->size_bytes - offset : chunk, align, sizes);
	return count;
}

uint64_t operations_ioptes(const struct record *record, const struct record_cell_key *key)
{
	uint64_t sizes = 0;
	json_t *value;
	size_t i;

	if (!family_is_known(key) || !strcmp(record->env.iommu_model, "virtio"))
		return 0;
	json_array_foreach(record_env_value(record, "iommu.page_sizes_bytes"), i, value)
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

/* Whether the one lookup of that kernel goes page by page. */
static bool stock_is_paged(const struct record *record)
{
	unsigned int major, minor;

	if (sscanf(record->env.kernel_release, "%u.%u", &major, &minor) != 2)
		return false;
	return major < LEAF_RELEASE_MAJOR ||
	       (major == LEAF_RELEASE_MAJOR && minor < LEAF_RELEASE_MINOR);
}

uint64_t operations_lookups(const struct record *record, const struct record_cell_key *key)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(strides); i++)
		if (!strcmp(strides[i].variant, key->variant))
			break;
	if (i == ARRAY_SIZE(strides) || !family_is_known(key))
		return 0;
	if (!strcmp(key->variant, "stock") && !stock_is_paged(record))
		return 0;

	switch (strides[i].stride) {
	case STRIDE_PAGE:
		return key->pages;
	case STRIDE_LEAF:
		return leaves_count(key);
	case STRIDE_VMA:
		return ioctls_count(key);
	default:
		return OPERATIONS_NONE;
	}
}
