/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BARMAP_LIB_PARAMETER_H
#define BARMAP_LIB_PARAMETER_H

#include <stdbool.h>

#include "lib/error.h"

/* A switch of a kernel module, "Y" or "N" in sysfs, that goes back to what it was. */

/* Of the patch that is for measurement only: gives each group of a container its own domain. */
#define PARAMETER_SEPARATE_DOMAINS	"/sys/module/vfio_iommu_type1/parameters/separate_domains"

struct parameter {
	char path[256];
	bool present;		/* false: this kernel does not have it */
	bool initial, current;
};

/*
 * Read the parameter file at @path. No such file is not an error. Returns 0, or -errno with @error
 * filled: it cannot be read or holds something else.
 */
int parameter_read(struct parameter *parameter, const char *path, struct error *error);

/* Switch it, unless it is so already. Returns 0; -ENOENT if the kernel does not have it; -errno. */
int parameter_set(struct parameter *parameter, bool on);

/*
 * Go back to what was found at first. Async-signal-safe, and harmless when nothing was changed.
 * Returns 0 or -errno.
 */
int parameter_restore(struct parameter *parameter);

#endif
