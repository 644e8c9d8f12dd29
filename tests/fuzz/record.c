// SPDX-License-Identifier: GPL-2.0-or-later
/* Any bytes as a record: it is refused with one line, or is fit for a report. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "analysis/model/set.h"
#include "fuzz.h"
#include "record/read.h"

/* A report of the record; its set may be refused as well. */
static void report(const struct record *record)
{
	struct error error;
	struct set set;

	if (set_init(&set, record, 1, &error)) {
		if (!error.text[0])
			abort();
		return;
	}
	if (set.samples != record->samples)
		abort();
	set_cleanup(&set);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
	int fd = memfd_create("record", MFD_CLOEXEC);
	struct error error = { .text = "" };
	struct record record;
	char path[64];

	if (fd < 0 || write(fd, data, bytes) != (ssize_t)bytes)
		abort();
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (!record_read(&record, path, &error)) {
		report(&record);
		record_cleanup(&record);
	} else if (!error.text[0] || strchr(error.text, '\n')) {
		abort();
	}
	close(fd);
	return 0;
}
