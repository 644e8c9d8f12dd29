/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BARMAP_RECORD_FIELDS_H
#define BARMAP_RECORD_FIELDS_H

/*
 * fields: what keys a JSON object must have, as data.
 *
 * One table per kind of record says key by key what type is wanted and where the value goes.
 */

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#define FIELD_NOT_STORED ((size_t)-1)

/**
 * enum field_type - what a value must be
 * @FIELD_NAME: string of letters, digits and "_./+-", not empty: safe in tables and file names
 * @FIELD_TEXT: string without control characters
 * @FIELD_COUNT: integer, not negative
 * @FIELD_OBJECT: object
 * @FIELD_ARRAY: array
 * @FIELD_OPTIONAL: added to one of these: the key may be missing, and then its place keeps the
 *                  value that it had
 */
enum field_type {
	FIELD_NAME,
	FIELD_TEXT,
	FIELD_COUNT,
	FIELD_OBJECT,
	FIELD_ARRAY,
	FIELD_OPTIONAL = 0x100,
};

/**
 * struct field - one wanted value
 * @path: key, or keys joined by dots for objects in objects
 * @type: what it must be, of enum field_type
 * @offset: where in the destination struct it goes: a borrowed const char * for strings, an int64_t
 *          for counts; FIELD_NOT_STORED for none
 */
struct field {
	const char *path;
	unsigned int type;
	size_t offset;
};

/* The value at a dotted path; NULL when some part of the path is not there. */
json_t *field_find(const json_t *object, const char *dotted_path);

/*
 * Checks @object against @count @fields and stores the values in @into. With @closed, keys that are
 * in no field are refused as well. Returns 0, or -EBADMSG with what is wrong in @error.
 */
int fields_read(const json_t *object, const struct field *fields, size_t count, bool closed,
		void *into, char *error, size_t error_bytes);

#endif
