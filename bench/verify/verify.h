/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BARMAP_VERIFY_VERIFY_H
#define BARMAP_VERIFY_VERIFY_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/bar.h"
#include "lib/edu.h"
#include "lib/error.h"
#include "lib/vfio.h"
#include "lib/va_range.h"
#include "verify/shape.h"
#include "verify/table.h"

/*
 * Proof that a mapped BAR is where it should be, in two ways:
 *
 * By DMA, which reaches the right bytes of it. The CPU writes a pattern into every page of a BAR
 * with memory behind it; another device then reads pages of it through the IOMMU and writes what it
 * read to a page of RAM, where the CPU compares it, and into another page of the BAR, where the CPU
 * compares it as well.
 *
 * By the IOMMU's own tables, where the kernel shows them: for each device they hold the BAR's
 * physical addresses for every byte that was mapped, and for no other; and nothing when it was
 * unmapped. That needs no memory behind the BAR, which is neither read nor written.
 */
struct verify {
	struct backend_session session;	/* for the BAR */
	struct vfio_device device;	/* whose BAR it is */
	struct bar bar;
	bool shapes[VERIFY_SHAPES_MAX];	/* which of verify_shapes; at first all */
	bool has_tables;		/* the kernel shows the IOMMU's tables */
	bool has_dma;			/* there is an edu, and with it a view */
	struct edu edu;			/* does the DMA */
	struct va_range view;		/* the whole BAR, for the CPU */
	void *scratch;			/* a page of RAM ... */
	uint64_t scratch_iova;		/* ... and where it is mapped */
	uint64_t iova;			/* where the BAR goes */
	uint64_t generation;		/* of the pattern */
};

/* What was found right. */
struct verify_count {
	uint64_t in, out;		/* pages that moved */
	struct verify_leaves leaves;	/* in the table of each device */
};

/*
 * Open the device with the BAR and the edu, at their addresses, by @backend. @edu may be NULL:
 * no DMA. Returns 0, or -errno with @error filled: OUTCOME_CANNOT also if there are neither an edu
 * nor tables.
 */
int verify_open(struct verify *verify, const struct backend *backend, const char *device,
		const char *edu, struct error *error);
void verify_close(struct verify *verify);

/*
 * Check the chosen shapes with the variant selected now, which is called @variant in @error: by DMA
 * @pages pages in all, spread over the shapes; then by the tables. Returns 0; -EINTR, without
 * @error, when told to stop; else -errno with @error filled: OUTCOME_FAILED, where and what, for
 * wrong data or a wrong table.
 */
int verify_variant(struct verify *verify, const char *variant, unsigned int pages,
		   struct verify_count *count, struct error *error);

#endif
