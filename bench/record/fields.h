/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BARMAP_RECORD_FIELDS_H
#define BARMAP_RECORD_FIELDS_H

/*
 * fields: the keys of a JSON object as data. One table says key by key what its value must be and
 * where it is in a struct; the same table writes the object from the struct and reads it back.
 */

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The largest number of a record, 2^53: a double and every JSON parser hold it exactly. */
#define FIELD_NUMBER_MAX	9007199254740992LL

/**
 * enum field_type - what a value must be
 * @FIELD_NAME: string of letters, digits and "_./+-", not empty: safe in tables and file names
 * @FIELD_TEXT: string without control characters
 * @FIELD_STRING: any string
 * @FIELD_COUNT: integer, 0 … FIELD_NUMBER_MAX
 * @FIELD_POSITIVE: the same, but not 0
 * @FIELD_OBJECT: object
 * @FIELD_ARRAY: added to one of these: an array of them
 * @FIELD_OPTIONAL: added to one of these: the key may be missing, and is not written while its
 *                  place is 0 or NULL
 */
enum field_type {
	FIELD_NAME,
	FIELD_TEXT,
	FIELD_STRING,
	FIELD_COUNT,
	FIELD_POSITIVE,
	FIELD_OBJECT,
	FIELD_ARRAY = 0x100,
	FIELD_OPTIONAL = 0x200,
};

/**
 * struct field - one key
 * @path: key, or keys joined by dots for objects in objects
 * @type: what it must be, of enum field_type
 * @offset: its place in the struct: const char * for strings, uint64_t for numbers, json_t * for
 *          objects and arrays; what is read is borrowed from the object
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

/*
 * The object of @count @fields with the values in @from, keys in the order of the table. Objects and
 * arrays in @from get a new reference. The caller owns it; NULL when memory is out or a string is
 * not UTF-8.
 */
json_t *fields_write(const void *from, const struct field *fields, size_t count);

#endif
