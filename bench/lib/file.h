/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BARMAP_LIB_FILE_H
#define BARMAP_LIB_FILE_H

#include <stddef.h>

/*
 * Read the whole of a small file (sysfs, procfs) as a string into @text, without its trailing
 * newlines. Returns 0; -ENOSPC if it does not fit @bytes; else the -errno of the failing call.
 */
int file_read(const char *path, char *text, size_t bytes);

/*
 * Write @text to an existing file with a single write(), as sysfs wants it. Uses nothing but
 * open, write and close, so a signal handler may call it. Returns 0 or -errno.
 */
int file_write(const char *path, const char *text);

/*
 * The last component of where the symbolic link @path points to, in @name.
 * Returns 0 or -errno: -ENOENT if there is no such link.
 */
int file_link_name(const char *path, char *name, size_t bytes);

#endif
