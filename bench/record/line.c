// SPDX-License-Identifier: GPL-2.0-or-later
#include "record/line.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int line_reader_init(struct line_reader *reader, const char *path)
{
	int err;

	memset(reader, 0, sizeof(*reader));
	reader->fd = open(path, O_RDONLY | O_CLOEXEC);
	if (reader->fd < 0)
		return -errno;

	reader->buffer = malloc(LINE_MAX_BYTES);
	if (!reader->buffer) {
		err = -ENOMEM;
		goto close_fd;
	}
	return 0;

close_fd:
	close(reader->fd);
	return err;
}

void line_reader_cleanup(struct line_reader *reader)
{
	free(reader->buffer);
	close(reader->fd);
}

/* Moves what is left to the front and reads behind it. Returns 0 or -errno. */
static int line_reader_fill(struct line_reader *reader)
{
	ssize_t got;

	memmove(reader->buffer, reader->buffer + reader->begin, reader->end - reader->begin);
	reader->end -= reader->begin;
	reader->begin = 0;
	if (reader->end == LINE_MAX_BYTES)
		return -EMSGSIZE;

	do {
		got = read(reader->fd, reader->buffer + reader->end, LINE_MAX_BYTES - reader->end);
	} while (got < 0 && errno == EINTR);
	if (got < 0)
		return -errno;

	reader->end += got;
	reader->eof = got == 0;
	return 0;
}

int line_reader_next(struct line_reader *reader, const char **line, size_t *length)
{
	size_t searched = 0;
	char *newline;
	int err;

	reader->number++;
	for (;;) {
		*line = reader->buffer + reader->begin;
		newline = memchr(*line + searched, '\n', reader->end - reader->begin - searched);
		if (newline) {
			*length = newline - *line;
			reader->begin += *length + 1;
			return 1;
		}

		searched = reader->end - reader->begin;
		if (reader->eof && searched)
			return -ENODATA;
		if (reader->eof) {
			reader->number--;
			return 0;
		}
		err = line_reader_fill(reader);
		if (err)
			return err;
	}
}
