// SPDX-License-Identifier: GPL-2.0-or-later
#include "lib/iotable.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#define TABLES		"/sys/kernel/debug/iommu/intel"
#define TABLE		"domain_translation_struct"

#define COLUMNS		5	/* PML5E to PTE */
#define PAGE_SHIFT	12
#define LEVEL_SHIFT	9	/* each level has 512 entries */

#define ENTRY_READ	UINT64_C(0x1)
#define ENTRY_WRITE	UINT64_C(0x2)
#define ENTRY_LARGE	UINT64_C(0x80)
#define ENTRY_ADDRESS	UINT64_C(0x000ffffffffff000)

uint64_t iotable_size_bytes(enum iotable_size size)
{
	return UINT64_C(1) << (PAGE_SHIFT + LEVEL_SHIFT * (unsigned int)size);
}

void iotable_open_file(struct iotable *table, FILE *file, const char *address)
{
	memset(table, 0, sizeof(*table));
	table->file = file;
	snprintf(table->address, sizeof(table->address), "%s", address);
}

int iotable_open(struct iotable *table, const char *address)
{
	char path[PATH_MAX];
	FILE *file;

	snprintf(path, sizeof(path), TABLES "/%s/" TABLE, address);
	file = fopen(path, "re");
	if (!file && errno == ENOENT)
		file = fopen(TABLES "/" TABLE, "re");
	if (!file)
		return -errno;
	iotable_open_file(table, file, address);
	return 0;
}

void iotable_close(struct iotable *table)
{
	fclose(table->file);
}

/* "Device ADDRESS @...": behind the device's own lines comes nothing new. */
static void device_parse(struct iotable *table, const char *name)
{
	size_t length = strlen(table->address);

	if (table->found)
		table->behind = true;
	else
		table->found = !strncmp(name, table->address, length) && name[length] == ' ';
}

/* Read the columns at @text; returns how many there are, up to the last that is not zero. */
static int entries_parse(const char *text, uint64_t entries[COLUMNS])
{
	int count = 0, last = 0;
	char *end;

	for (; count < COLUMNS; count++, text = end) {
		entries[count] = strtoull(text, &end, 16);
		if (end == text)
			break;
		if (entries[count])
			last = count + 1;
	}
	return text[strspn(text, " \t\n")] ? 0 : last;
}

static int leaf_parse(const char *line, struct iotable_leaf *leaf)
{
	uint64_t entries[COLUMNS], allowed = ENTRY_READ | ENTRY_WRITE, pfn;
	int columns, i;
	char *end;

	pfn = strtoull(line, &end, 16);
	if (strncmp(end, " |", 2))
		return -EBADMSG;
	columns = entries_parse(end + 2, entries);
	if (columns <= COLUMNS - IOTABLE_SIZES)
		return -EBADMSG;
	for (i = 0; i < columns; i++)
		if (entries[i])
			allowed &= entries[i];
	leaf->iova = pfn << PAGE_SHIFT;
	leaf->physical = entries[columns - 1] & ENTRY_ADDRESS;
	leaf->size = (enum iotable_size)(COLUMNS - columns);
	leaf->readable = allowed & ENTRY_READ;
	leaf->writable = allowed & ENTRY_WRITE;
	if (leaf->size != IOTABLE_4K && !(entries[columns - 1] & ENTRY_LARGE))
		return -EBADMSG;
	return 1;
}

/* Returns 1 for a leaf of the device, 0 for what is none, or -EBADMSG. */
static int line_parse(struct iotable *table, const char *line, struct iotable_leaf *leaf)
{
	if (!strncmp(line, "Device ", 7)) {
		device_parse(table, line + 7);
		return 0;
	}
	if (line[0] == '\n' || !strncmp(line, "IOVA_PFN", 8))
		return 0;
	if (strncmp(line, "0x", 2) || !strchr(line, '\n'))
		return -EBADMSG;
	return table->found ? leaf_parse(line, leaf) : 0;
}

int iotable_next(struct iotable *table, struct iotable_leaf *leaf)
{
	char line[256];
	int ret;

	while (!table->behind && fgets(line, sizeof(line), table->file)) {
		ret = line_parse(table, line, leaf);
		if (ret)
			return ret;
	}
	if (ferror(table->file))
		return -EIO;
	return table->found ? 0 : -ENODEV;
}
