/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BARMAP_HARNESS_ENVIRONMENT_H
#define BARMAP_HARNESS_ENVIRONMENT_H

#include <stdint.h>

#include "lib/iova.h"

/* What the figures of a run depend on and the kernel can tell. Strings never contain newlines. */
struct environment {
	char kernel_release[128], kernel_version[256], kernel_cmdline[2048];
	char cpu[128];
	const char *hypervisor;
	long cpus;
	uint64_t page_bytes;
	char governor[64];		/* "none" without frequency scaling */
	char mitigations[2048];		/* "NAME: STATE; ..." */
	char boot_id[64];		/* the kernel's name of this boot; "" when it is not known */
	uint64_t memory_bytes;
	char time[32];			/* UTC, ISO 8601, when it was collected */
};

/* Cannot fail: what is not known is "unknown". */
void environment_collect(struct environment *environment);

#endif
