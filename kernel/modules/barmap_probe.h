/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
#ifndef BARMAP_PROBE_H
#define BARMAP_PROBE_H

/*
 * The interface of barmap_probe, for tests only. It has two parts.
 *
 * /dev/barmap_probe says what an IOMMU translates IOVAs to, whatever the model.
 *
 * The emulated VFIO device "barmap_probe" has no IOMMU behind it, as a mediated device. In a
 * container it pins, unpins, reads and writes the user's memory by IOVA, through type1. Type1 tells
 * it when memory is unmapped, and it then lets go of what it pinned there.
 */

#include <linux/ioctl.h>
#include <linux/types.h>

#define BARMAP_PROBE_NAME	"barmap_probe"
#define BARMAP_PROBE_IOVAS_MAX	4096
#define BARMAP_PROBE_PINS_MAX	64

/* Of the file /dev/barmap_probe. */

struct barmap_probe_found {
	__u64 iova;		/* in: page-aligned */
	__u64 phys;		/* out; 0: not mapped */
	__u64 word;		/* out: what the page begins with, if it is of RAM; else ~0 */
};

/*
 * Look up @count IOVAs (at most BARMAP_PROBE_IOVAS_MAX) in the domain of the PCI device. ENODEV if
 * there is no such device or it has no domain, which is so while a VFIO group without a container
 * has it.
 */
struct barmap_probe_translate {
	__u32 segment;
	__u8 bus;
	__u8 devfn;
	__u16 count;
	__u64 found;		/* pointer to as many struct barmap_probe_found */
};

#define BARMAP_PROBE_TRANSLATE	_IOWR(0xba, 0x10, struct barmap_probe_translate)

/* Of the emulated device's file. */

/* Pin or unpin @pages of 4 KiB from @iova on, at most BARMAP_PROBE_PINS_MAX altogether. */
struct barmap_probe_pin {
	__u64 iova;
	__u32 pages;
	__u32 writable;
	__u64 word;		/* out, of a pin: what the first page begins with */
};

/* Pin returns the number of pages. What it did not get all of it lets go of: E2BIG. */
#define BARMAP_PROBE_PIN	_IOWR(0xba, 0x11, struct barmap_probe_pin)
#define BARMAP_PROBE_UNPIN	_IOW(0xba, 0x12, struct barmap_probe_pin)

/* Read or write one word at @iova as the device's DMA would. */
struct barmap_probe_word {
	__u64 iova;
	__u64 word;
	__u32 write;
	__u32 reserved;
};

#define BARMAP_PROBE_WORD	_IOWR(0xba, 0x13, struct barmap_probe_word)

#endif
