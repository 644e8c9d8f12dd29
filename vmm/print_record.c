// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "harness/environment.h"
#include "lib/text.h"
#include "print.h"
#include "record/format.h"

#include "config.h"
#include "revision.h"

#define TRACE_SCHEMA	1

/* Write @line and release it. */
static int line_write(FILE *file, json_t *line)
{
	int ret;

	if (!line)
		return -EILSEQ;
	ret = json_dumpf(line, file, RECORD_DUMP) || fputc('\n', file) == EOF ? -EIO : 0;
	json_decref(line);
	return ret;
}

static json_t *argv_json(char **argv)
{
	json_t *array = json_array();
	char *text;

	for (; *argv; argv++) {
		text = text_utf8(*argv);
		json_array_append_new(array, json_string(text));
		free(text);
	}
	return array;
}

static json_t *env_json(const struct print *print)
{
	struct environment environment;

	environment_collect(&environment);
	return json_pack("{s:s, s:i, s:{s:s, s:s, s:s}, s:s, s:s, s:{s:s, s:s, s:s}, s:s, s:o, s:s}",
			 "record", "trace", "schema", TRACE_SCHEMA, "tool", "name", "barmap-vmm-trace",
			 "version", PACKAGE_VERSION, "revision", BARMAP_REVISION,
			 "mode", print->mode, "unit", print->unit,
			 "kernel", "release", environment.kernel_release,
			 "version", environment.kernel_version, "cmdline", environment.kernel_cmdline,
			 "align", run_align_names[print->align], "argv", argv_json(print->argv),
			 "time", environment.time);
}

static json_t *device_json(const struct area_device *device)
{
	json_t *regions = json_array();
	unsigned int i;

	for (i = 0; i < AREA_REGIONS; i++)
		json_array_append_new(regions, json_integer((json_int_t)device->region_bytes[i]));
	return json_pack("{s:s, s:s, s:o}", "record", "device", "name", device->name,
			 "regions_bytes", regions);
}

/* An address needs all 64 bits, which an integer of JSON may not have. */
static json_t *address_json(uint64_t address)
{
	return json_sprintf("0x%" PRIx64, address);
}

/* An integer of JSON has 63 bits; half of all addresses, which are unmapped at once, needs one more. */
static json_int_t bytes_json(uint64_t bytes)
{
	return bytes > INT64_MAX ? INT64_MAX : (json_int_t)bytes;
}

static json_t *call_json(const struct print *print, const struct trace_call *call)
{
	char what[TRACE_WHAT_BYTES];

	return json_pack("{s:s, s:s, s:s, s:I, s:o, s:o, s:o, s:I, s:i, s:i, s:I, s:I}",
			 "record", "call", "call", trace_kind_name(call->call.kind),
			 "of", trace_what_text(print->trace, call, what),
			 "bytes", bytes_json(call->call.bytes),
			 "offset", address_json(call->call.offset),
			 "vaddr", address_json(call->call.vaddr), "iova", address_json(call->call.iova),
			 "space", (json_int_t)call->call.space,
			 "errno", call->call.err, "process", call->call.pid,
			 "start", (json_int_t)call->call.start_ns, "cost", (json_int_t)call->call.cost_ns);
}

static json_t *end_json(const struct print *print)
{
	const struct run *run = print->run;
	json_t *end;

	end = json_pack("{s:s, s:I, s:I, s:I, s:i, s:I}", "record", "end",
			"calls", (json_int_t)print->trace->calls_count,
			"lost", (json_int_t)print->trace->lost_count,
			"lost_cost", (json_int_t)print->trace->lost_ns,
			"status", run->status, "whole", (json_int_t)run->whole_ns);
	if (end && run->has_teardown)
		json_object_set_new(end, "teardown", json_integer((json_int_t)run->teardown_ns));
	return end;
}

int print_record(const struct print *print, FILE *file)
{
	const struct trace *trace = print->trace;
	uint32_t devices = trace->area->devices_count, i;
	size_t call;
	int ret;

	ret = line_write(file, env_json(print));
	for (i = 0; i < devices && i < AREA_DEVICES && !ret; i++)
		ret = line_write(file, device_json(&trace->area->devices[i]));
	for (call = 0; call < trace->calls_count && !ret; call++)
		ret = line_write(file, call_json(print, &trace->calls[call]));
	return ret ? ret : line_write(file, end_json(print));
}
