// SPDX-License-Identifier: GPL-2.0-or-later
#include "lib/outfile.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/interrupt.h"

/* What is removed if the program ends before the file is whole. */
static char *volatile temporary_path;

static void temporary_remove(void)
{
	if (temporary_path)
		unlink(temporary_path);
}

static int path_error(const char *path, int err, struct error *error)
{
	if (err == EEXIST)
		return error_set(error, OUTCOME_USE, err,
				 "output '%s': exists already; nothing is overwritten", path);
	return error_set(error, err == ENOSPC || err == EIO ? OUTCOME_FAILED : OUTCOME_USE, err,
			 "output '%s': cannot be written: %s", path, strerror(err));
}

static void outfile_release(struct outfile *file)
{
	temporary_path = NULL;
	free(file->temporary);
	free(file->path);
	memset(file, 0, sizeof(*file));
}

static bool path_is_special(const char *path)
{
	struct stat status;

	return !stat(path, &status) && !S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode);
}

static int temporary_create(struct outfile *file)
{
	int fd;

	if (asprintf(&file->temporary, "%s.tmp-%ld", file->path, (long)getpid()) < 0) {
		file->temporary = NULL;
		return -ENOMEM;
	}
	fd = open(file->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	if (fd < 0)
		return -errno;
	temporary_path = file->temporary;
	file->stream = fdopen(fd, "w");
	if (file->stream)
		return 0;
	close(fd);
	return -ENOMEM;
}

static int stream_open(struct outfile *file)
{
	if (file->replace && path_is_special(file->path)) {
		file->stream = fopen(file->path, "we");
		return file->stream ? 0 : -errno;
	}
	if (!file->replace && !access(file->path, F_OK))
		return -EEXIST;
	return temporary_create(file);
}

int outfile_open(struct outfile *file, bool replace, struct error *error, const char *format, ...)
{
	static bool undo_added;
	char *path;
	va_list args;
	int err;

	memset(file, 0, sizeof(*file));
	va_start(args, format);
	err = vasprintf(&path, format, args);
	va_end(args);
	if (err < 0)
		return error_set(error, OUTCOME_BROKEN, ENOMEM, "out of memory");
	if (!undo_added)
		interrupt_add_undo(temporary_remove);
	undo_added = true;
	file->path = path;
	file->replace = replace;
	err = stream_open(file);
	if (!err)
		return 0;
	temporary_remove();
	path_error(path, -err, error);
	outfile_release(file);
	return err;
}

/* Not every filesystem can refuse to replace; there the check leaves a gap, but a small one. */
static int rename_no_replace(const char *from, const char *to)
{
	if (!renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE))
		return 0;
	if (errno != EINVAL && errno != ENOSYS)
		return -errno;
	if (!access(to, F_OK))
		return -EEXIST;
	return rename(from, to) ? -errno : 0;
}

/* The new name is on disk once its directory is. */
static int directory_sync(const char *path)
{
	char *copy = strdup(path);
	int fd, ret = 0;

	if (!copy)
		return -ENOMEM;
	fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	free(copy);
	if (fd < 0)
		return -errno;
	/* some filesystems have nothing to sync there */
	if (fsync(fd) && errno != EINVAL)
		ret = -errno;
	close(fd);
	return ret;
}

static int stream_finish(FILE *stream, bool sync)
{
	bool failed = ferror(stream);
	int ret = 0;

	if (fflush(stream) || (sync && fsync(fileno(stream))))
		ret = -errno;
	if (fclose(stream) && !ret)
		ret = -errno;
	return !ret && failed ? -EIO : ret;
}

static int outfile_finish(struct outfile *file)
{
	int ret = stream_finish(file->stream, file->temporary);

	if (!file->temporary)
		return ret;
	if (!ret && file->replace)
		ret = rename(file->temporary, file->path) ? -errno : 0;
	else if (!ret)
		ret = rename_no_replace(file->temporary, file->path);
	if (ret)
		unlink(file->temporary);
	return ret ? ret : directory_sync(file->path);
}

int outfile_commit(struct outfile *file, struct error *error)
{
	int ret = outfile_finish(file);

	if (ret)
		path_error(file->path, -ret, error);
	outfile_release(file);
	return ret;
}

void outfile_abandon(struct outfile *file)
{
	fclose(file->stream);
	temporary_remove();
	outfile_release(file);
}

int outfile_directory(const char *directory, struct error *error)
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

static enum outcome stdout_outcome = OUTCOME_FAILED;

void outfile_stdout_fails_as(enum outcome outcome)
{
	stdout_outcome = outcome;
}

static void stdout_finish(void)
{
	int err = stream_finish(stdout, false);

	if (!err)
		return;
	fprintf(stderr, "barmap: standard output: %s\n", strerror(-err));
	_exit(stdout_outcome);
}

void outfile_watch_stdout(void)
{
	int fd;

	/* the lowest that is free is taken: who closed it wanted none */
	for (fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", O_RDWR) != fd)
			_exit(OUTCOME_BROKEN);
	atexit(stdout_finish);
}
