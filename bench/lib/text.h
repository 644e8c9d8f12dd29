/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BARMAP_LIB_TEXT_H
#define BARMAP_LIB_TEXT_H

#include <stddef.h>

/* text: strings as people see them: characters of UTF-8, not bytes. */

/* Characters of @text. A byte that belongs to none counts as one. */
size_t text_width(const char *text);

/*
 * Bytes of the first @characters of @text: the precision with which printf("%.*s") prints them and
 * cuts none.
 */
int text_cut(const char *text, size_t characters);

/* A copy of @text that is UTF-8: other bytes as \xNN. Owned by the caller; NULL when memory is out. */
char *text_utf8(const char *text);

#endif
