// SPDX-License-Identifier: GPL-2.0-or-later
#include "print.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include <linux/vfio.h>

#include "lib/size.h"

#define ROW	"%-28s %-22s %8s %7s %16s %14s %7s %7s  %s\n"

/* A column with nothing to say. */
#define NOTHING	"-"

static void devices_print(const struct trace *trace, FILE *file)
{
	uint32_t count = trace->area->devices_count, i;
	char size[SIZE_TEXT_BYTES];
	unsigned int region;
	uint64_t bytes;

	for (i = 0; i < count && i < AREA_DEVICES; i++) {
		fprintf(file, "%s:", trace->area->devices[i].name);
		for (region = 0; region <= VFIO_PCI_BAR5_REGION_INDEX; region++) {
			bytes = trace->area->devices[i].region_bytes[region];
			if (bytes)
				fprintf(file, " BAR %u %s", region, size_format(bytes, size));
		}
		fprintf(file, "\n");
	}
}

static const char *align_text(uint64_t align_bytes, char text[SIZE_TEXT_BYTES])
{
	return align_bytes ? size_format(align_bytes, text) : NOTHING;
}

/* The kernel has some that are in no header of libc. */
static const char *errno_text(int err, char text[24])
{
	const char *name = strerrorname_np(err);

	if (!err)
		return "";
	snprintf(text, 24, "errno %d", err);
	return name ? name : text;
}

static void group_print(const struct print *print, const struct trace_group *group, FILE *file)
{
	char size[SIZE_TEXT_BYTES], vaddr[SIZE_TEXT_BYTES], iova[SIZE_TEXT_BYTES];
	char what[TRACE_WHAT_BYTES], count[24], total[24], worst[24], err[24];
	const struct area_call *call = &group->like->call;
	uint64_t bytes = group->like->what == TRACE_DEVICE ? call->bytes : group->bytes;

	snprintf(count, sizeof(count), "%" PRIu64, group->count);
	snprintf(total, sizeof(total), "%" PRIu64, group->total_ns);
	snprintf(worst, sizeof(worst), "%" PRIu64, group->worst_ns);
	fprintf(file, ROW, trace_kind_name(call->kind), trace_what_text(print->trace, group->like, what),
		bytes ? size_format(bytes, size) : NOTHING, count, total, worst,
		align_text(group->vaddr_align_bytes, vaddr), align_text(group->iova_align_bytes, iova),
		errno_text(call->err, err));
}

static bool maps_nothing(const struct trace *trace)
{
	size_t i;

	for (i = 0; i < trace->groups_count; i++)
		if (trace_kind_maps(trace->groups[i].like->call.kind))
			return false;
	return true;
}

static void end_print(const struct print *print, FILE *file)
{
	const struct run *run = print->run;

	if (print->trace->lost_count)
		fprintf(file, "%" PRIu64 " more calls, %" PRIu64 " %s in all, are not in the table: only the "
			"first %d are kept\n", print->trace->lost_count, print->trace->lost_ns, print->unit,
			AREA_CALLS);
	if (run->has_teardown)
		fprintf(file, "process teardown: %" PRIu64 " %s\n", run->teardown_ns, print->unit);
	else
		fprintf(file, "process teardown: not measured, for its beginning or its end was not seen\n");
	fprintf(file, "whole run: %" PRIu64 " %s\n", run->whole_ns, print->unit);
}

void print_table(const struct print *print, FILE *file)
{
	const struct trace *trace = print->trace;
	size_t i;

	if (!trace->area->attached) {
		fprintf(file, "%s: cannot be traced: no process of it loaded the library\n", print->argv[0]);
		return;
	}
	devices_print(trace, file);
	if (maps_nothing(trace))
		fprintf(file, "%s: mapped nothing: no call was seen that maps or unmaps for a device\n",
			print->argv[0]);
	if (trace->groups_count) {
		fprintf(file, ROW, "call", "of", "size", "count", "total", "worst", "vaddr", "iova",
			print->unit);
		for (i = 0; i < trace->groups_count; i++)
			group_print(print, &trace->groups[i], file);
	}
	if (trace->calls_count)
		end_print(print, file);
}
