/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BARMAP_VMM_TRACE_H
#define BARMAP_VMM_TRACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "area.h"

/* trace: what the records in an area mean. */

/* What a call mapped or unmapped. */
enum trace_what {
	TRACE_MEMORY,		/* of the machine */
	TRACE_DEVICE,		/* of a device's region */
	TRACE_SEVERAL,		/* more than one of these */
	TRACE_UNKNOWN,		/* nothing that was seen to be mapped */
};

/**
 * struct trace_call - one call
 * @call: its record
 * @what: in which @call's device and region are set if it is TRACE_DEVICE
 */
struct trace_call {
	struct area_call call;
	enum trace_what what;
};

/**
 * struct trace_group - calls that are alike
 * @like: the first of them
 * @vaddr_align_bytes: the largest power of two that all addresses are multiples of; 0: no address
 * @iova_align_bytes: the same of the IOVAs
 * @bytes: of all; UINT64_MAX: that or more
 */
struct trace_group {
	const struct trace_call *like;
	uint64_t count;
	uint64_t bytes;
	uint64_t total_ns;
	uint64_t worst_ns;
	uint64_t vaddr_align_bytes;
	uint64_t iova_align_bytes;
};

/**
 * struct trace - all that was seen of a monitor
 * @calls: in the order in which they returned; owned
 * @groups: in the order of their first calls; owned
 * @lost_count: calls that are not among these
 * @lost_ns: what those took
 */
struct trace {
	const struct area *area;
	struct trace_call *calls;
	size_t calls_count;
	struct trace_group *groups;
	size_t groups_count;
	uint64_t lost_count;
	uint64_t lost_ns;
};

/* Make @trace of @area, which is borrowed and changes no more. Returns 0 or -ENOMEM. */
int trace_init(struct trace *trace, const struct area *area);
void trace_cleanup(struct trace *trace);

/* "VFIO_IOMMU_MAP_DMA" */
const char *trace_kind_name(uint8_t kind);

/* Whether calls of this kind map or unmap something. */
bool trace_kind_maps(uint8_t kind);

/* "0000:00:05.0 BAR 2", "memory", into @text, which is returned. */
#define TRACE_WHAT_BYTES	64
char *trace_what_text(const struct trace *trace, const struct trace_call *call,
		      char text[TRACE_WHAT_BYTES]);

#endif
