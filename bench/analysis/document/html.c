// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/document/html.h"

#include <stdlib.h>

static void character_print(unsigned char character, FILE *out)
{
	switch (character) {
	case '&':
		fputs("&amp;", out);
		break;
	case '<':
		fputs("&lt;", out);
		break;
	case '>':
		fputs("&gt;", out);
		break;
	case '"':
		fputs("&quot;", out);
		break;
	case '\'':
		fputs("&#39;", out);
		break;
	default:
		if ((character < 0x20 && character != '\n') || character == 0x7f)
			fputs("\xef\xbf\xbd", out);
		else
			putc(character, out);
	}
}

void html_escape(const char *text, FILE *out)
{
	for (; *text; text++)
		character_print(*text, out);
}

void html_vprint(FILE *out, const char *format, va_list args)
{
	char *text;

	if (vasprintf(&text, format, args) < 0)
		return;
	html_escape(text, out);
	free(text);
}

void html_print(FILE *out, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	html_vprint(out, format, args);
	va_end(args);
}

void html_element(FILE *out, const char *tag, const char *format, ...)
{
	va_list args;

	fprintf(out, "<%s>", tag);
	va_start(args, format);
	html_vprint(out, format, args);
	va_end(args);
	fprintf(out, "</%s>\n", tag);
}
