/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BARMAP_RECORD_LINE_H
#define BARMAP_RECORD_LINE_H

/*
 * line_reader: the lines of a file, one at a time, in bounded memory.
 *
 * A record line is some hundred bytes. A foreign file may hold no newline at all, so a line
 * longer than LINE_MAX_BYTES is an error instead of a reason to grow.
 */

#include <stdbool.h>
#include <stddef.h>

#define LINE_MAX_BYTES (1024UL * 1024UL)

/**
 * struct line_reader - an open file and the part of it that is in memory
 * @fd: the file, owned
 * @buffer: LINE_MAX_BYTES, owned
 * @begin: first byte not yet handed out
 * @end: one past the last byte read
 * @number: number of the line handed out last, from 1; 0 before the first
 * @eof: the file holds nothing more than what is in @buffer
 */
struct line_reader {
	int fd;
	char *buffer;
	size_t begin;
	size_t end;
	unsigned long number;
	bool eof;
};

/* Returns 0, or -errno with nothing to clean up. */
int line_reader_init(struct line_reader *reader, const char *path);
void line_reader_cleanup(struct line_reader *reader);

/*
 * Hands out the next line without its newline. *line points into the reader's buffer and holds
 * until the next call; it is not NUL-terminated. Returns 1 with a line, 0 at the end of the file,
 * -ENODATA when the last line has no newline, -EMSGSIZE when a line is too long, else -errno.
 * After -ENODATA and -EMSGSIZE @number is that of the line in question.
 */
int line_reader_next(struct line_reader *reader, const char **line, size_t *length);

#endif
