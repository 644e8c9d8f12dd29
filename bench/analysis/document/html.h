/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BARMAP_ANALYSIS_DOCUMENT_HTML_H
#define BARMAP_ANALYSIS_DOCUMENT_HTML_H

/*
 * html: text as HTML. Records come from anywhere: no text of theirs may be taken for markup.
 */

#include <stdarg.h>
#include <stdio.h>

/*
 * Prints @text so that it reads as it is, in an element as well as in a quoted attribute. A control
 * character other than a newline becomes U+FFFD. @text is UTF-8.
 */
void html_escape(const char *text, FILE *out);

/* The same of a text made as by printf(). Nothing is printed when memory is out. */
void html_print(FILE *out, const char *format, ...) __attribute__((format(printf, 2, 3)));
void html_vprint(FILE *out, const char *format, va_list args)
	__attribute__((format(printf, 2, 0)));

/* An element @tag of such a text, with a newline after it: <tag>text</tag>. */
void html_element(FILE *out, const char *tag, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
