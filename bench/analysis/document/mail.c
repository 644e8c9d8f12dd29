// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/document/mail.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <string.h>

#define INDENT 2

/* Bytes of @line that go on one line of @room; all of it when it fits. */
static size_t break_find(const char *line, size_t length, size_t room)
{
	size_t i;

	if (length <= room)
		return length;
	for (i = room; i > 0; i--)
		if (isblank((unsigned char)line[i]))
			return i;
	return room;
}

static size_t blanks_count(const char *line, size_t length)
{
	size_t i = 0;

	while (i < length && isblank((unsigned char)line[i]))
		i++;
	return i;
}

static void piece_print(const char *line, size_t length, size_t indent, FILE *out)
{
	size_t i;

	while (length && isspace((unsigned char)line[length - 1]))
		length--;
	if (length)
		fprintf(out, "%*s", (int)indent, "");
	for (i = 0; i < length; i++) {
		if (isblank((unsigned char)line[i]))
			putc(' ', out);
		else if (isgraph((unsigned char)line[i]))
			putc(line[i], out);
		else if (((unsigned char)line[i] & 0xc0) != 0x80)
			putc('?', out);	/* once for a character of several bytes */
	}
	putc('\n', out);
}

/* Pieces after the first go further in, and none starts beyond the middle. */
static void line_print(const char *line, size_t length, FILE *out)
{
	size_t begin = blanks_count(line, length), indent = INDENT + begin, further, piece;

	if (indent > LETTER_COLUMNS / 2)
		indent = INDENT;
	further = indent + INDENT;
	do {
		piece = break_find(line + begin, length - begin, LETTER_COLUMNS - indent);
		piece_print(line + begin, piece, indent, out);
		begin += piece;
		begin += blanks_count(line + begin, length - begin);
		indent = further;
	} while (begin < length);
}

int letter_text_print(const char *text, size_t length, FILE *out)
{
	const char *newline;
	size_t line;

	while (length) {
		newline = memchr(text, '\n', length);
		line = newline ? (size_t)(newline - text) : length;
		line_print(text, line, out);
		line += newline != NULL;
		text += line;
		length -= line;
	}
	return ferror(out) ? -EIO : 0;
}
