// SPDX-License-Identifier: GPL-2.0-or-later
#include "lib/outfile.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int output_init(struct output *output)
{
	memset(output, 0, sizeof(*output));
	output->stream = open_memstream(&output->text, &output->length);
	return output->stream ? 0 : -ENOMEM;
}

void output_cleanup(struct output *output)
{
	if (output->stream)
		fclose(output->stream);
	free(output->text);
	memset(output, 0, sizeof(*output));
}

static int write_all(int fd, const char *text, size_t length)
{
	ssize_t written;

	while (length) {
		written = write(fd, text, length);
		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			return -errno;
		text += written;
		length -= written;
	}
	return fsync(fd) ? -errno : 0;
}

static int file_write(const char *path, const char *text, size_t length)
{
	int fd, err;

	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	if (fd < 0)
		return -errno;
	err = write_all(fd, text, length);
	if (close(fd) && !err)
		err = -errno;
	if (err)
		unlink(path);
	return err;
}

static int file_replace(const char *path, const char *text, size_t length)
{
	char other[PATH_MAX];
	int err;

	if (snprintf(other, sizeof(other), "%s.tmp-%d", path, (int)getpid()) >= (int)sizeof(other))
		return -ENAMETOOLONG;
	err = file_write(other, text, length);
	if (!err && rename(other, path)) {
		err = -errno;
		unlink(other);
	}
	return err;
}

int output_commit(struct output *output, const char *directory, const char *name,
		  struct error *error)
{
	char path[PATH_MAX];
	sigset_t held, before;
	int err;

	err = fclose(output->stream) ? -ENOMEM : 0;
	output->stream = NULL;
	if (!err && snprintf(path, sizeof(path), "%s/%s", directory, name) >= (int)sizeof(path))
		err = -ENAMETOOLONG;
	if (!err) {
		sigemptyset(&held);
		sigaddset(&held, SIGINT);
		sigaddset(&held, SIGTERM);
		sigprocmask(SIG_BLOCK, &held, &before);
		err = file_replace(path, output->text, output->length);
		sigprocmask(SIG_SETMASK, &before, NULL);
	}
	output_cleanup(output);
	if (err)
		error_set(error, OUTCOME_USE, -err, "output '%s/%s': %s", directory, name,
			  strerror(-err));
	return err;
}

int output_directory(const char *directory, struct error *error)
{
	struct stat status;
	int err;

	if (!mkdir(directory, 0777))
		return 0;
	err = errno;
	if (err == EEXIST && !stat(directory, &status) && S_ISDIR(status.st_mode))
		return 0;
	return error_set(error, OUTCOME_USE, err, "output directory '%s': %s", directory,
			 strerror(err));
}
