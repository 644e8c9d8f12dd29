// SPDX-License-Identifier: GPL-2.0-or-later
#include "trace.h"

#include <errno.h>
#include <linux/vfio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
	const char *name;
	bool maps;		/* or unmaps */
	bool unmaps;
} kinds[AREA_KINDS] = {
	[AREA_MAP] = { "VFIO_IOMMU_MAP_DMA", .maps = true },
	[AREA_UNMAP] = { "VFIO_IOMMU_UNMAP_DMA", .maps = true, .unmaps = true },
	[AREA_IOAS_MAP] = { "IOMMU_IOAS_MAP", .maps = true },
	[AREA_IOAS_MAP_FILE] = { "IOMMU_IOAS_MAP_FILE", .maps = true },
	[AREA_IOAS_UNMAP] = { "IOMMU_IOAS_UNMAP", .maps = true, .unmaps = true },
	[AREA_EXPORT] = { "VFIO_DEVICE_FEATURE_DMA_BUF" },
	[AREA_DECODE_OFF] = { "decode off" },
	[AREA_DECODE_ON] = { "decode on" },
};

const char *trace_kind_name(uint8_t kind)
{
	return kinds[kind].name;
}

bool trace_kind_maps(uint8_t kind)
{
	return kinds[kind].maps;
}

/* ---- what a call is of ---- */

static bool same_place(const struct area_call *a, const struct area_call *b)
{
	return a->device == b->device && (a->device == AREA_NO_DEVICE || a->region == b->region);
}

/* Whether @map is all inside what @unmap takes away; no bytes: everything. */
static bool unmap_covers(const struct area_call *unmap, const struct area_call *map)
{
	if (unmap->space != map->space || unmap->pid != map->pid)
		return false;
	if (!unmap->bytes)
		return true;
	return map->iova >= unmap->iova && map->iova - unmap->iova < unmap->bytes &&
	       map->bytes <= unmap->bytes - (map->iova - unmap->iova);
}

/* The mappings that there are at one point of the trace: indexes of the calls that made them. */
struct live {
	size_t *maps;
	size_t count;
};

/* What @unmap takes away, which is live no more if the call succeeded. */
static void unmap_resolve(struct trace *trace, struct live *live, struct trace_call *unmap)
{
	const struct area_call *map;
	size_t i, kept = 0;

	unmap->what = TRACE_UNKNOWN;
	for (i = 0; i < live->count; i++) {
		map = &trace->calls[live->maps[i]].call;
		if (!unmap_covers(&unmap->call, map)) {
			live->maps[kept++] = live->maps[i];
			continue;
		}
		if (unmap->call.err)
			live->maps[kept++] = live->maps[i];
		if (unmap->what != TRACE_UNKNOWN) {
			unmap->what = same_place(&unmap->call, map) ? unmap->what : TRACE_SEVERAL;
			continue;
		}
		unmap->call.device = map->device;
		unmap->call.region = map->region;
		unmap->what = map->device == AREA_NO_DEVICE ? TRACE_MEMORY : TRACE_DEVICE;
	}
	live->count = kept;
}

static int calls_resolve(struct trace *trace)
{
	struct live live = { calloc(trace->calls_count + 1, sizeof(size_t)), 0 };
	struct trace_call *call;
	size_t i;

	if (!live.maps)
		return -ENOMEM;
	for (i = 0; i < trace->calls_count; i++) {
		call = &trace->calls[i];
		if (kinds[call->call.kind].unmaps) {
			unmap_resolve(trace, &live, call);
			continue;
		}
		call->what = call->call.device == AREA_NO_DEVICE ? TRACE_MEMORY : TRACE_DEVICE;
		if (kinds[call->call.kind].maps && !call->call.err)
			live.maps[live.count++] = i;
	}
	free(live.maps);
	return 0;
}

/* ---- groups ---- */

static uint64_t align_of(uint64_t address)
{
	return address & -address;
}

/* Pieces of the machine's memory are alike whatever their size; there are many. */
static bool calls_alike(const struct trace_call *a, const struct trace_call *b)
{
	if (a->call.kind != b->call.kind || a->what != b->what || a->call.err != b->call.err)
		return false;
	if (a->what != TRACE_DEVICE)
		return true;
	return same_place(&a->call, &b->call) && a->call.bytes == b->call.bytes &&
	       align_of(a->call.vaddr) == align_of(b->call.vaddr) &&
	       align_of(a->call.iova) == align_of(b->call.iova);
}

static struct trace_group *group_find(struct trace *trace, const struct trace_call *call)
{
	struct trace_group *group;

	for (group = trace->groups; group < trace->groups + trace->groups_count; group++)
		if (calls_alike(group->like, call))
			return group;
	trace->groups_count++;
	group->like = call;
	return group;
}

/* An address of 0 is a multiple of everything. */
static void align_add(uint64_t *align_bytes, uint64_t address)
{
	*align_bytes = align_of(*align_bytes | address);
}

static uint64_t add_saturated(uint64_t sum, uint64_t more)
{
	return sum + more < sum ? UINT64_MAX : sum + more;
}

static int calls_group(struct trace *trace)
{
	const struct trace_call *call;
	struct trace_group *group;

	trace->groups = calloc(trace->calls_count + 1, sizeof(*trace->groups));
	if (!trace->groups)
		return -ENOMEM;
	for (call = trace->calls; call < trace->calls + trace->calls_count; call++) {
		group = group_find(trace, call);
		group->count++;
		group->bytes = add_saturated(group->bytes, call->call.bytes);
		group->total_ns += call->call.cost_ns;
		if (call->call.cost_ns > group->worst_ns)
			group->worst_ns = call->call.cost_ns;
		align_add(&group->vaddr_align_bytes, call->call.vaddr);
		align_add(&group->iova_align_bytes, call->call.iova);
	}
	return 0;
}

/* ---- the whole ---- */

static int calls_copy(struct trace *trace)
{
	const struct area *area = trace->area;
	size_t i;

	trace->calls = calloc(AREA_CALLS, sizeof(*trace->calls));
	if (!trace->calls)
		return -ENOMEM;
	for (i = 0; i < AREA_CALLS && i < area->calls_count; i++)
		if (area->calls[i].ready && area->calls[i].kind < AREA_KINDS)
			trace->calls[trace->calls_count++].call = area->calls[i];
	for (i = 0; i < AREA_KINDS; i++) {
		trace->lost_count += area->lost[i];
		trace->lost_ns += area->lost_ns[i];
	}
	return 0;
}

int trace_init(struct trace *trace, const struct area *area)
{
	int ret;

	memset(trace, 0, sizeof(*trace));
	trace->area = area;
	ret = calls_copy(trace);
	if (!ret)
		ret = calls_resolve(trace);
	if (!ret)
		ret = calls_group(trace);
	if (ret)
		trace_cleanup(trace);
	return ret;
}

void trace_cleanup(struct trace *trace)
{
	free(trace->calls);
	free(trace->groups);
}

/* ---- texts ---- */

static void region_text(unsigned int region, char *text, size_t bytes)
{
	if (region <= VFIO_PCI_BAR5_REGION_INDEX)
		snprintf(text, bytes, "BAR %u", region);
	else if (region == VFIO_PCI_CONFIG_REGION_INDEX)
		snprintf(text, bytes, "config");
	else
		snprintf(text, bytes, "region %u", region);
}

char *trace_what_text(const struct trace *trace, const struct trace_call *call,
		      char text[TRACE_WHAT_BYTES])
{
	static const char *const names[] = {
		[TRACE_MEMORY] = "memory", [TRACE_SEVERAL] = "several", [TRACE_UNKNOWN] = "unknown",
	};
	char region[16];

	if (call->what != TRACE_DEVICE) {
		snprintf(text, TRACE_WHAT_BYTES, "%s", names[call->what]);
		return text;
	}
	region_text(call->call.region, region, sizeof(region));
	snprintf(text, TRACE_WHAT_BYTES, "%.*s %s", AREA_NAME_BYTES,
		 trace->area->devices[call->call.device].name, region);
	return text;
}
