// SPDX-License-Identifier: GPL-2.0-or-later
#include "lib/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Bytes of the character at @text, or 0 where there is none that is valid. */
static size_t character_bytes(const char *text)
{
	const unsigned char *at = (const unsigned char *)text;
	size_t bytes = *at < 0x80 ? 1 : *at < 0xc2 ? 0 : *at < 0xe0 ? 2 : *at < 0xf0 ? 3 :
		       *at < 0xf5 ? 4 : 0, i;

	for (i = 1; i < bytes; i++)
		if ((at[i] & 0xc0) != 0x80)
			return 0;
	/* too long a form, a surrogate, beyond the last */
	if ((*at == 0xe0 && at[1] < 0xa0) || (*at == 0xed && at[1] > 0x9f) ||
	    (*at == 0xf0 && at[1] < 0x90) || (*at == 0xf4 && at[1] > 0x8f))
		return 0;
	return bytes;
}

static const char *character_next(const char *text)
{
	size_t bytes = character_bytes(text);

	return text + (bytes ? bytes : 1);
}

size_t text_width(const char *text)
{
	size_t width = 0;

	for (; *text; text = character_next(text))
		width++;
	return width;
}

int text_cut(const char *text, size_t characters)
{
	const char *at = text;

	while (characters-- && *at)
		at = character_next(at);
	return (int)(at - text);
}

char *text_utf8(const char *text)
{
	char *copy = malloc(4 * strlen(text) + 1), *to = copy;
	size_t bytes;

	for (; copy && *text; text += bytes) {
		bytes = character_bytes(text);
		if (bytes) {
			memcpy(to, text, bytes);
			to += bytes;
			continue;
		}
		to += sprintf(to, "\\x%02x", (unsigned char)*text);
		bytes = 1;
	}
	if (copy)
		*to = '\0';
	return copy;
}
