/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BARMAP_ANALYSIS_MODEL_OPERATIONS_H
#define BARMAP_ANALYSIS_MODEL_OPERATIONS_H

/*
 * operations: how often the kernel does what a cost is made of, by construction: from the size, the
 * alignments and the definition of the lookup. They are not measured.
 *
 * Each function returns 0 where the count is not known: for cases other than those that map one
 * whole BAR of one device, and for lookups and kernels that this file knows nothing of.
 */

#include <stdint.h>

#include "record/read.h"

#define OPERATIONS_NONE UINT64_MAX

/*
 * Entries that the IOMMU's page tables need for the mapping, with the largest pages that size and
 * alignment of the IOVA allow. A BAR is aligned to its size in physical memory.
 */
uint64_t operations_ioptes(const struct record *record, const struct record_cell_key *key);

/*
 * Page-table walks or calls of a driver's op to map it, by the lookup @key->variant in the kernel
 * of @record; OPERATIONS_NONE when the variant has no lookup at all.
 */
uint64_t operations_lookups(const struct record *record, const struct record_cell_key *key);

#endif
