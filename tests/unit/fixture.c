// SPDX-License-Identifier: GPL-2.0-or-later
#include "fixture.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const char *fixture_env(const char *kernel, const char *mode, const char *unit)
{
	static char line[2048];

	snprintf(line, sizeof(line),
		 "{\"record\":\"env\",\"schema\":3,\"tool\":{\"name\":\"barmap\",\"version\":\"0\","
		 "\"revision\":\"r\"},\"mode\":\"%s\",\"unit\":\"%s\",\"kernel\":{\"name\":\"%s\","
		 "\"release\":\"6.12.0\",\"version\":\"#1\",\"cmdline\":\"nokaslr\"},"
		 "\"machine\":{\"cpu\":\"c\",\"hypervisor\":\"TCG\",\"cpus\":1,\"page_bytes\":4096,"
		 "\"governor\":\"none\",\"mitigations\":\"m\",\"memory_bytes\":536870912},"
		 "\"iommu\":{\"model\":\"intel\",\"page_sizes_bytes\":[4096,2097152,1073741824]},"
		 "\"device\":{\"address\":\"0000:00:05.0\",\"id\":\"1b36:0005\",\"bar\":2,"
		 "\"bar_bytes\":4294967296},\"plan\":{\"profile\":\"quick\",\"iterations\":2,"
		 "\"cases\":[],\"variants\":[],\"sizes_bytes\":[]},\"sampling\":{"
		 "\"order\":\"fixed\",\"order_seed\":0,\"warmup\":1,\"min_time_ns\":0,"
		 "\"repeats_max\":1},\"argv\":[\"barmap\"],"
		 "\"time\":\"2026-01-01T00:00:05Z\"}", mode, unit, kernel);
	return line;
}

static FILE *file_make(char *path)
{
	int fd;

	strcpy(path, "/tmp/barmap-test-XXXXXX");
	fd = mkstemp(path);
	if (fd < 0)
		abort();
	return fdopen(fd, "w");
}

void fixture_text(char *path, const char *text, size_t length)
{
	FILE *out = file_make(path);

	if (!out || fwrite(text, 1, length, out) != length || fclose(out))
		abort();
}

void fixture_begin(struct fixture *fixture, const char *kernel, const char *mode,
		   const char *unit)
{
	fixture->out = file_make(fixture->path);
	if (!fixture->out)
		abort();
	fixture->unit = unit;
	fixture->samples = 0;
	fprintf(fixture->out, "%s\n", fixture_env(kernel, mode, unit));
}

void fixture_sample(struct fixture *fixture, const char *case_name, const char *op,
		    const char *variant, uint64_t size_bytes, long cost)
{
	fprintf(fixture->out,
		"{\"record\":\"cell\",\"case\":\"%s\",\"op\":\"%s\",\"variant\":\"%s\","
		"\"size_bytes\":%" PRIu64 ",\"pages\":%" PRIu64 ",\"va_offset_bytes\":0,"
		"\"tables\":\"warm\",\"iova_align_bytes\":1073741824,\"chunk_bytes\":0,"
		"\"repeats\":1,\"unit\":\"%s\",\"order\":[%u],\"cost\":[%ld]}\n",
		case_name, op, variant, size_bytes, size_bytes / 4096, fixture->unit,
		fixture->samples, cost);
	fixture->samples++;
}

void fixture_end(struct fixture *fixture)
{
	fprintf(fixture->out, "{\"record\":\"end\",\"samples\":%u}\n", fixture->samples);
	if (fclose(fixture->out))
		abort();
}

void fixture_read(struct fixture *fixture, struct record *record)
{
	struct error error;

	if (record_read(record, fixture->path, &error)) {
		fprintf(stderr, "%s\n", error.text);
		abort();
	}
	unlink(fixture->path);
}
