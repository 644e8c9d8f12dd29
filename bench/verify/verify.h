/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BARMAP_VERIFY_VERIFY_H
#define BARMAP_VERIFY_VERIFY_H

#include <stdint.h>

#include "lib/bar.h"
#include "lib/edu.h"
#include "lib/error.h"
#include "lib/vfio.h"
#include "lib/window.h"

/*
 * Proof that DMA through a mapped BAR reaches the right bytes of it. The CPU writes a pattern into
 * every page of a BAR with memory behind it; another device then reads pages of it through the
 * IOMMU and writes what it read to a page of RAM, where the CPU compares it, and into another page
 * of the BAR, where the CPU compares it as well.
 */
struct verify {
	struct vfio_container container;
	struct vfio_device device;	/* whose BAR it is */
	struct bar bar;
	struct edu edu;			/* does the DMA */
	struct window view;		/* the whole BAR, for the CPU */
	void *scratch;			/* a page of RAM ... */
	uint64_t scratch_iova;		/* ... and where it is mapped */
	uint64_t iova;			/* where the BAR goes */
	uint64_t generation;		/* of the pattern */
};

/* Pages that moved. */
struct verify_count {
	uint64_t in, out;
};

/*
 * Open the device with the BAR and the edu, at their addresses, in one container.
 * Returns 0, or -errno with @error filled.
 */
int verify_open(struct verify *verify, const char *device, const char *edu, struct error *error);
void verify_close(struct verify *verify);

/*
 * Check @pages pages in all, spread over all shapes, with the variant selected now, which is called
 * @variant in @error. Returns 0; -EINTR, without @error, when told to stop; else -errno with @error
 * filled: OUTCOME_FAILED, where and what, for wrong data.
 */
int verify_variant(struct verify *verify, const char *variant, unsigned int pages,
		   struct verify_count *count, struct error *error);

#endif
