/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BARMAP_ANALYSIS_DOCUMENT_MAIL_H
#define BARMAP_ANALYSIS_DOCUMENT_MAIL_H

/*
 * letter_text: lays text out so that it survives mail tools, whatever is in it.
 *
 * Every line is printable ASCII, at most LETTER_COLUMNS wide, without tabs or trailing blanks, and
 * indented by two: no line can be taken for a header, a diff, the end of a message, a comment or a
 * trailer. Lines that are too long are broken at blanks and go on two further in.
 */

#include <stddef.h>
#include <stdio.h>

#define LETTER_COLUMNS 72

/* Returns 0, or -EIO when @out took it badly. */
int letter_text_print(const char *text, size_t length, FILE *out);

#endif
