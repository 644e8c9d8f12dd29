// SPDX-License-Identifier: GPL-2.0-or-later
#include "lib/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int fd_read_all(int fd, char *text, size_t bytes)
{
	size_t used = 0;
	ssize_t got;

	while (used < bytes) {
		got = read(fd, text + used, bytes - used);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -errno;
		if (got == 0)
			break;
		used += (size_t)got;
	}
	if (used == bytes)
		return -ENOSPC;
	while (used && text[used - 1] == '\n')
		used--;
	text[used] = '\0';
	return 0;
}

int file_read(const char *path, char *text, size_t bytes)
{
	int fd, ret;

	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	ret = fd_read_all(fd, text, bytes);
	close(fd);
	return ret;
}

int file_write(const char *path, const char *text)
{
	ssize_t bytes = (ssize_t)strlen(text), done;
	int fd, ret;

	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	done = write(fd, text, (size_t)bytes);
	ret = done < 0 ? -errno : done == bytes ? 0 : -EIO;
	close(fd);
	return ret;
}

int file_link_name(const char *path, char *name, size_t bytes)
{
	char target[PATH_MAX];
	const char *last;
	ssize_t length;

	length = readlink(path, target, sizeof(target) - 1);
	if (length < 0)
		return -errno;
	target[length] = '\0';
	last = strrchr(target, '/');
	last = last ? last + 1 : target;
	if (strlen(last) >= bytes)
		return -ENAMETOOLONG;
	strcpy(name, last);
	return 0;
}
