/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BARMAP_LIB_PROCFILE_H
#define BARMAP_LIB_PROCFILE_H

#include <stdint.h>

/*
 * Read the number after "NAME:" at the start of a line of @path, in bytes if "kB" follows it, as in
 * /proc/meminfo and /proc/PID/status. Returns 0; -ENODATA if there is no such line; -EBADMSG if no
 * number follows; else the -errno of reading @path.
 */
int procfile_field(const char *path, const char *name, uint64_t *value);

#endif
