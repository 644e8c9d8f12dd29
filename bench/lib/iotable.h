/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BARMAP_LIB_IOTABLE_H
#define BARMAP_LIB_IOTABLE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "lib/pci.h"

/*
 * An IOMMU's own page table, as the kernel shows it. The Intel driver does, with
 * CONFIG_INTEL_IOMMU_DEBUGFS, to root, below /sys/kernel/debug/iommu/intel:
 *
 *   6.12	ADDRESS/domain_translation_struct	the table of one device
 *   6.1	domain_translation_struct		one after the other, for each device the
 *						table of the first in its IOMMU group
 *
 * Either prints, for a device, its address and where its table is; the names of the columns; and a
 * line for each leaf, in the order of IOVAs. Shortened, with a blank for each tab:
 *
 *   Device 0000:00:05.0 @0xdc0000
 *   IOVA_PFN PML5E PML4E PDPE PDE PTE
 *   0x0000000240000 | 0x0 0xdc1003 0x140000083		(6.12)
 *   0x0000000240000 | 0x0 0xdc1003 0x140000083 0x0 0x0	(6.1)
 *
 * (In scalable mode 6.12 has "with pasid 0 " before the "@".) The first number is the IOVA divided
 * by 4 KiB; the others are the entries from the top of the table down to the leaf. A table of four
 * levels has zero for PML5E. Below the leaf 6.1 prints zeroes, and 6.12 nothing but the first three
 * columns. So the last entry that is not zero is the leaf, and its column says how large it is: PTE
 * 4 KiB, PDE 2 MiB, PDPE 1 GiB. In each entry bit 0 allows reading and bit 1 writing, bits 12 to 51
 * are an address; a leaf above PTE has bit 7 set.
 */

enum iotable_size {
	IOTABLE_4K,
	IOTABLE_2M,
	IOTABLE_1G,
	IOTABLE_SIZES,
};

struct iotable_leaf {
	uint64_t iova;
	uint64_t physical;		/* where it leads, as the entry has it */
	enum iotable_size size;
	bool readable, writable;	/* all entries on the way to it allow that */
};

/* A table that is being read. */
struct iotable {
	FILE *file;
	char address[PCI_ADDRESS_BYTES];
	bool found, behind;		/* the device's lines were reached, and left */
};

/* How much a leaf of @size maps, in bytes. */
uint64_t iotable_size_bytes(enum iotable_size size);

/*
 * Begin to read the table of the PCI device at @address ("0000:00:04.0"). It is what it is when
 * iotable_next() is called first. Returns 0; -ENOENT if this kernel shows none; or another -errno.
 */
int iotable_open(struct iotable *table, const char *address);

/* The same with text from anywhere. @file is the table's from here on. */
void iotable_open_file(struct iotable *table, FILE *file, const char *address);

/*
 * Get the next leaf. Returns 1; 0 after the last; -ENODEV after the last line if the device was
 * not there; -EBADMSG for a line that is not as above; or another -errno.
 */
int iotable_next(struct iotable *table, struct iotable_leaf *leaf);

void iotable_close(struct iotable *table);

#endif
