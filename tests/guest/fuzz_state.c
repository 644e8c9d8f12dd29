// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the IOMMU translates, in words that do not depend on where memory happens to be: the offset
 * in a BAR, or what a page of RAM was stamped with.
 */
#include "fuzz_guest.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#include "barmap_probe.h"
#include "lib/iotable.h"

#define ALL_PAGES	40	/* of a mapping so large all pages are looked at */
#define END_PAGES	4	/* of a larger one, so many at each end */
#define BORDERS		24	/* and so many borders of vmas, and of leaves */
#define PRINT_MAX	25	/* stretches of a state that are printed */

/* ---- which IOVAs are looked at ---- */

static void track_page(struct fuzz_container_state *container, uint64_t iova)
{
	unsigned int low = 0, high = container->tracked_count;

	iova &= ~(FUZZ_PAGE - 1);
	while (low < high) {
		unsigned int middle = (low + high) / 2;

		if (container->tracked[middle] < iova)
			low = middle + 1;
		else
			high = middle;
	}
	if (low < container->tracked_count && container->tracked[low] == iova)
		return;
	if (container->tracked_count == FUZZ_TRACKED_MAX)
		return;
	memmove(&container->tracked[low + 1], &container->tracked[low],
		(container->tracked_count - low) * sizeof(container->tracked[0]));
	container->tracked[low] = iova;
	container->tracked_count++;
}

/* The page at @page of what begins at @iova, and its neighbours. */
static void track_border(struct fuzz_container_state *container, uint64_t iova, uint64_t page)
{
	track_page(container, iova + (page - 1) * FUZZ_PAGE);
	track_page(container, iova + page * FUZZ_PAGE);
	track_page(container, iova + (page + 1) * FUZZ_PAGE);
}

static void track_vma_borders(const struct fuzz_run *run, struct fuzz_container_state *container,
			      uint64_t iova, uint64_t vaddr, uint64_t pages)
{
	uint64_t at = (vaddr - FUZZ_ARENA) / FUZZ_PAGE, page;
	unsigned int found = 0;

	if (vaddr < FUZZ_ARENA)
		return;
	for (page = 0; page < pages && at + page < FUZZ_ARENA_PAGES && found < BORDERS; page++) {
		if (!fuzz_memory_border(run, at + page))
			continue;
		track_border(container, iova, page);
		found++;
	}
}

void fuzz_track(struct fuzz_run *run, unsigned int which, uint64_t iova, uint64_t vaddr,
		uint64_t bytes)
{
	struct fuzz_container_state *container = &run->containers[which];
	uint64_t pages = bytes / FUZZ_PAGE, page;
	unsigned int i;

	track_page(container, iova - FUZZ_PAGE);
	track_page(container, iova + bytes);
	if (pages <= ALL_PAGES) {
		for (page = 0; page < pages; page++)
			track_page(container, iova + page * FUZZ_PAGE);
		return;
	}
	for (page = 0; page < END_PAGES; page++) {
		track_page(container, iova + page * FUZZ_PAGE);
		track_page(container, iova + (pages - 1 - page) * FUZZ_PAGE);
	}
	for (page = 1, i = 0; page < pages && i < BORDERS; page += page / 2 + 1, i++)
		track_page(container, iova + page * FUZZ_PAGE);
	page = FUZZ_LEAF_PAGES - iova / FUZZ_PAGE % FUZZ_LEAF_PAGES;
	for (i = 0; page < pages && i < BORDERS; page += FUZZ_LEAF_PAGES, i++)
		track_border(container, iova, page);
	track_vma_borders(run, container, iova, vaddr, pages);
}

/* ---- what is there ---- */

/* A stretch of IOVAs that lead to memory that continues as they do. */
struct stretch {
	uint64_t iova, pages;
	uint64_t where;		/* of the first page */
	char what;		/* 'a', 'b', ...: a BAR; 's': sysfs'; 'r': RAM; 'o': other; 0: none */
	char allowed;		/* 'r', 'w', 'b'oth, '-'; 0 if that is not known */
};

/* The numbers of a state, and where it is printed. */
struct digest {
	uint64_t sum;
	unsigned int print;	/* so many stretches more */
	struct stretch last;
};

static void digest_add(struct digest *digest, uint64_t value)
{
	/* FNV-1a, a word at a time; then mixed as its high bits are poor */
	digest->sum = (digest->sum ^ value) * UINT64_C(0x100000001b3);
	digest->sum ^= digest->sum >> 29;
}

static void digest_flush(struct digest *digest)
{
	const struct stretch *last = &digest->last;

	if (!last->what)
		return;
	digest_add(digest, last->iova);
	digest_add(digest, last->pages);
	digest_add(digest, last->where);
	digest_add(digest, (uint64_t)last->what << 8 | (unsigned char)last->allowed);
	if (digest->print && --digest->print)
		printf("  %#" PRIx64 " +%" PRIu64 " -> %c %#" PRIx64 "%s%c\n", last->iova,
		       last->pages, last->what, last->where, last->allowed ? " " : "",
		       last->allowed ? last->allowed : ' ');
	digest->last.what = 0;
}

static void digest_page(struct digest *digest, struct stretch page)
{
	struct stretch *last = &digest->last;
	uint64_t step = page.what == 'r' ? last->pages : last->pages * FUZZ_PAGE;

	if (last->what && last->what == page.what && last->allowed == page.allowed &&
	    last->iova + last->pages * FUZZ_PAGE == page.iova && last->where + step == page.where) {
		last->pages += page.pages;
		return;
	}
	digest_flush(digest);
	*last = page;
}

/* Name a physical address. */
static void where_is(const struct fuzz_run *run, uint64_t phys, uint64_t word,
		     struct stretch *stretch)
{
	static const int bars[] = { 0, 2 };
	unsigned int device, i;

	for (device = 0; device < FUZZ_EMULATED; device++) {
		const struct pci_device *pci = &run->machine->pci[device];

		for (i = 0; i < 2; i++) {
			uint64_t offset = phys - pci->bar_physical[bars[i]];

			if (offset >= pci->bar_bytes[bars[i]])
				continue;
			stretch->what = (char)((i ? 'a' : 'A') + (int)device);
			stretch->where = offset;
			return;
		}
	}
	if (phys - run->machine->sysfs_physical < FUZZ_SYSFS_BYTES) {
		stretch->what = 's';
		stretch->where = phys - run->machine->sysfs_physical;
		return;
	}
	stretch->what = word == ~UINT64_C(0) ? 'o' : 'r';
	stretch->where = word == ~UINT64_C(0) ? phys : word;
}

static void pci_numbers(const char *address, struct barmap_probe_translate *translate)
{
	unsigned int segment = 0, bus = 0, slot = 0, function = 0;

	sscanf(address, "%x:%x:%x.%x", &segment, &bus, &slot, &function);
	translate->segment = segment;
	translate->bus = (uint8_t)bus;
	translate->devfn = (uint8_t)(slot << 3 | function);
}

static void device_digest(const struct fuzz_run *run, const struct fuzz_container_state *container,
			  unsigned int device, struct digest *digest)
{
	static struct barmap_probe_found found[FUZZ_TRACKED_MAX];
	struct barmap_probe_translate translate = {
		.count = (uint16_t)container->tracked_count,
		.found = (uintptr_t)found,
	};
	unsigned int i;

	if (!container->tracked_count)
		return;
	pci_numbers(run->machine->pci[device].address, &translate);
	for (i = 0; i < container->tracked_count; i++)
		found[i].iova = container->tracked[i];
	if (ioctl(run->machine->probe_fd, BARMAP_PROBE_TRANSLATE, &translate)) {
		digest_add(digest, (uint64_t)errno);
		if (digest->print)
			printf("  %s: %s\n", fuzz_device_names[device], strerrorname_np(errno));
		return;
	}
	for (i = 0; i < container->tracked_count; i++) {
		struct stretch page = { .iova = found[i].iova, .pages = 1 };

		if (!found[i].phys)
			continue;
		where_is(run, found[i].phys, found[i].word, &page);
		digest_page(digest, page);
	}
	digest_flush(digest);
}

/* The same for each device, be its domain its own or not: they have to agree. */
uint64_t fuzz_translations(const struct fuzz_run *run, unsigned int container, bool print)
{
	struct digest digest = { .print = print ? PRINT_MAX : 0 };
	uint64_t first = 0;
	unsigned int device;
	bool any = false;

	for (device = 0; device < FUZZ_EMULATED; device++) {
		if (run->devices[device].container != (int)container)
			continue;
		digest.sum = 0;
		device_digest(run, &run->containers[container], device, &digest);
		if (any && digest.sum != first)
			return ~UINT64_C(0) - device;
		first = digest.sum;
		any = true;
	}
	return first;
}

static char allowed_char(const struct iotable_leaf *leaf)
{
	if (leaf->readable)
		return leaf->writable ? 'b' : 'r';
	return leaf->writable ? 'w' : '-';
}

static uint64_t device_table(const struct fuzz_run *run, unsigned int device, bool print)
{
	struct digest digest = { .print = print ? PRINT_MAX : 0 };
	struct iotable_leaf leaf;
	struct iotable table;

	if (iotable_open(&table, run->machine->pci[device].address))
		return 0;
	while (iotable_next(&table, &leaf) > 0) {
		struct stretch page = {
			.iova = leaf.iova,
			.pages = iotable_size_bytes(leaf.size) / FUZZ_PAGE,
			.allowed = allowed_char(&leaf),
		};

		/* What RAM this is fuzz_translations() says; here it has no stamp. */
		where_is(run, leaf.physical, ~UINT64_C(0), &page);
		if (page.what == 'o') {
			page.what = 'r';
			page.where = digest.last.what == 'r' ?
				     digest.last.where + digest.last.pages : 0;
		}
		digest_page(&digest, page);
	}
	digest_flush(&digest);
	iotable_close(&table);
	return digest.sum;
}

uint64_t fuzz_table(const struct fuzz_run *run, unsigned int container, bool print)
{
	unsigned int device;

	for (device = 0; device < FUZZ_EMULATED; device++) {
		if (run->devices[device].container == (int)container)
			return device_table(run, device, print);
	}
	return 0;
}
