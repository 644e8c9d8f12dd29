// SPDX-License-Identifier: GPL-2.0-or-later
#include "descriptor.h"

#include <linux/pci_regs.h>
#include <linux/vfio.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define RANGES		1024
#define PAGE_BYTES	UINT64_C(4096)
#define BUSY		1	/* start of a range that is being written */

enum decode { DECODE_UNKNOWN, DECODE_OFF, DECODE_ON };

struct region {
	uint64_t offset;
	_Atomic uint64_t bytes;
};

static struct descriptor {
	_Atomic int device;		/* index + 1; 0: no device */
	_Atomic int dma_buf;		/* the same, of what it was exported from */
	struct descriptor_piece piece;
	_Atomic bool is_pci;
	_Atomic int decode;
	struct region regions[AREA_REGIONS];
} descriptors[DESCRIPTORS];

static struct range {
	_Atomic uint64_t start;		/* 0: free */
	_Atomic uint64_t bytes;
	struct descriptor_piece piece;
} ranges[RANGES];

static _Atomic size_t ranges_used;	/* those from here on never were */

static struct descriptor *descriptor_at(int fd)
{
	return fd >= 0 && fd < DESCRIPTORS ? &descriptors[fd] : NULL;
}

/* The index of the device of that name; a new one if there is none. The last is for all too many. */
static int device_index(struct area *area, const char *name)
{
	uint32_t count = area->devices_count, i;

	for (i = 0; i < count && i < AREA_DEVICES; i++)
		if (!strncmp(area->devices[i].name, name, AREA_NAME_BYTES - 1))
			return (int)i;
	i = atomic_fetch_add(&area->devices_count, 1);
	if (i >= AREA_DEVICES - 1) {
		i = AREA_DEVICES - 1;
		name = "others";
	}
	snprintf(area->devices[i].name, AREA_NAME_BYTES, "%s", name);
	return (int)i;
}

/* "vfio0" of /dev/vfio/devices/vfio0; else a name of the descriptor's own. */
static void name_find(int fd, char *name, size_t bytes)
{
	char link[64], target[128];
	const char *base;
	ssize_t length;

	snprintf(name, bytes, "device %d", fd);
	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	length = readlink(link, target, sizeof(target) - 1);
	if (length <= 0)
		return;
	target[length] = '\0';
	base = strrchr(target, '/');
	if (!strncmp(target, "/dev/vfio/", 10) && base)
		snprintf(name, bytes, "%s", base + 1);
}

void descriptor_add_device(struct area *area, int fd, const char *name)
{
	struct descriptor *descriptor = descriptor_at(fd);
	char found[AREA_NAME_BYTES];

	if (!descriptor || descriptor->device)
		return;
	if (name)	/* options follow: "0000:65:10.0 vf_token=..." */
		snprintf(found, sizeof(found), "%.*s", (int)strcspn(name, " "), name);
	else
		name_find(fd, found, sizeof(found));
	descriptor->is_pci = false;
	descriptor->decode = DECODE_UNKNOWN;
	memset(descriptor->regions, 0, sizeof(descriptor->regions));
	descriptor->device = device_index(area, found) + 1;
}

void descriptor_set_pci(int fd)
{
	if (descriptor_is_device(fd))
		descriptors[fd].is_pci = true;
}

void descriptor_add_region(struct area *area, int fd, unsigned int index, uint64_t offset,
			   uint64_t bytes)
{
	struct descriptor *descriptor = descriptor_at(fd);

	if (!descriptor || !descriptor->device || index >= AREA_REGIONS)
		return;
	descriptor->regions[index].offset = offset;
	descriptor->regions[index].bytes = bytes;
	area->devices[descriptor->device - 1].region_bytes[index] = bytes;
}

void descriptor_add_dma_buf(int fd, const struct descriptor_piece *piece)
{
	struct descriptor *descriptor = descriptor_at(fd);

	if (!descriptor)
		return;
	descriptor->piece = *piece;
	descriptor->dma_buf = piece->device + 1;
}

void descriptor_forget(int fd)
{
	if (descriptor_is_known(fd)) {
		descriptors[fd].device = 0;
		descriptors[fd].dma_buf = 0;
	}
}

bool descriptor_is_known(int fd)
{
	const struct descriptor *descriptor = descriptor_at(fd);

	return descriptor && (descriptor->device || descriptor->dma_buf);
}

struct descriptor_piece descriptor_whole(int fd, unsigned int index)
{
	return (struct descriptor_piece){ .device = descriptors[fd].device - 1, .region = index };
}

bool descriptor_is_device(int fd)
{
	struct descriptor *descriptor = descriptor_at(fd);

	return descriptor && descriptor->device;
}

bool descriptor_piece_at(int fd, uint64_t offset, struct descriptor_piece *piece)
{
	const struct region *region;
	unsigned int i;

	if (!descriptor_is_device(fd))
		return false;
	for (i = 0; i < AREA_REGIONS; i++) {
		region = &descriptors[fd].regions[i];
		if (offset < region->offset || offset - region->offset >= region->bytes)
			continue;
		piece->device = descriptors[fd].device - 1;
		piece->region = i;
		piece->offset = offset - region->offset;
		return true;
	}
	return false;
}

bool descriptor_dma_buf(int fd, struct descriptor_piece *piece)
{
	const struct descriptor *descriptor = descriptor_at(fd);

	if (!descriptor || !descriptor->dma_buf)
		return false;
	*piece = descriptor->piece;
	return true;
}

enum area_kind descriptor_decode_change(int fd, const void *value, size_t bytes, off_t offset)
{
	const struct region *config;
	uint64_t command;
	int decode;

	if (!descriptor_is_device(fd) || !descriptors[fd].is_pci)
		return AREA_KINDS;
	config = &descriptors[fd].regions[VFIO_PCI_CONFIG_REGION_INDEX];
	command = config->offset + PCI_COMMAND;
	if (!config->bytes || (uint64_t)offset > command || command - (uint64_t)offset >= bytes)
		return AREA_KINDS;
	decode = ((const uint8_t *)value)[command - (uint64_t)offset] & PCI_COMMAND_MEMORY ?
		 DECODE_ON : DECODE_OFF;
	if (decode == descriptors[fd].decode)
		return AREA_KINDS;
	return decode == DECODE_ON ? AREA_DECODE_ON : AREA_DECODE_OFF;
}

void descriptor_decode_set(int fd, enum area_kind change)
{
	descriptors[fd].decode = change == AREA_DECODE_ON ? DECODE_ON : DECODE_OFF;
}

static void range_insert(uint64_t start, uint64_t bytes, const struct descriptor_piece *piece)
{
	uint64_t none;
	size_t i, used;

	for (i = 0; i < RANGES; i++) {
		none = 0;
		if (!atomic_compare_exchange_strong(&ranges[i].start, &none, BUSY))
			continue;
		ranges[i].bytes = bytes;
		ranges[i].piece = *piece;
		ranges[i].start = start;
		used = ranges_used;
		while (used <= i && !atomic_compare_exchange_weak(&ranges_used, &used, i + 1))
			;
		return;
	}
}

/* What is left of a range that something was put over: what is before that, and what is behind it. */
static void range_cut(struct range *range, uint64_t start, uint64_t last)
{
	struct descriptor_piece behind = range->piece;
	uint64_t old = range->start, old_last = old + (range->bytes - 1);

	if (old <= BUSY || old > last || old_last < start)
		return;
	if (old < start)
		range->bytes = start - old;
	else
		range->start = 0;
	if (old_last <= last)
		return;
	behind.offset += last + 1 - old;
	range_insert(last + 1, old_last - last, &behind);
}

void range_replace(uint64_t start, uint64_t bytes, const struct descriptor_piece *piece)
{
	size_t used = ranges_used, i;

	bytes = (bytes + PAGE_BYTES - 1) & -PAGE_BYTES;	/* as the kernel does */
	if (!bytes)
		return;
	for (i = 0; i < used; i++)
		range_cut(&ranges[i], start, start + (bytes - 1));
	if (piece)
		range_insert(start, bytes, piece);
}

bool range_find(uint64_t address, struct descriptor_piece *piece)
{
	size_t used = ranges_used, i;
	uint64_t start;

	for (i = 0; i < used; i++) {
		start = ranges[i].start;
		if (start <= BUSY || address < start || address - start >= ranges[i].bytes)
			continue;
		*piece = ranges[i].piece;
		piece->offset += address - start;
		return true;
	}
	return false;
}
