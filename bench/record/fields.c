// SPDX-License-Identifier: GPL-2.0-or-later
#include "record/fields.h"

#include <ctype.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define FIELD_PATH_BYTES 64

static const char *const field_wanted[] = {
	[FIELD_NAME] = "a string of letters, digits and _./+- only",
	[FIELD_TEXT] = "a string without control characters",
	[FIELD_COUNT] = "an integer of 0 or more",
	[FIELD_OBJECT] = "an object",
	[FIELD_ARRAY] = "an array",
};

static bool name_valid(const char *name)
{
	if (!*name)
		return false;
	for (; *name; name++)
		if (!isalnum((unsigned char)*name) && !strchr("_./+-", *name))
			return false;
	return true;
}

static bool text_valid(const char *text)
{
	for (; *text; text++)
		if (iscntrl((unsigned char)*text))
			return false;
	return true;
}

static bool field_valid(unsigned int type, const json_t *value)
{
	switch (type) {
	case FIELD_NAME:
		return json_is_string(value) && name_valid(json_string_value(value));
	case FIELD_TEXT:
		return json_is_string(value) && text_valid(json_string_value(value));
	case FIELD_COUNT:
		return json_is_integer(value) && json_integer_value(value) >= 0;
	case FIELD_OBJECT:
		return json_is_object(value);
	case FIELD_ARRAY:
		return json_is_array(value);
	}
	return false;
}

json_t *field_find(const json_t *object, const char *dotted_path)
{
	const char *dot = strchr(dotted_path, '.');
	char key[FIELD_PATH_BYTES];

	if (!dot)
		return json_object_get(object, dotted_path);
	snprintf(key, sizeof(key), "%.*s", (int)(dot - dotted_path), dotted_path);
	return field_find(json_object_get(object, key), dot + 1);
}

static void field_store(const struct field *field, const json_t *value, void *into)
{
	char *place = (char *)into + field->offset;
	const char *string = json_string_value(value);
	int64_t count = json_integer_value(value);

	if ((field->type & ~FIELD_OPTIONAL) == FIELD_COUNT)
		memcpy(place, &count, sizeof(count));
	else
		memcpy(place, &string, sizeof(string));
}

static int unknown_key_check(const json_t *object, const struct field *fields, size_t count,
			     char *error, size_t error_bytes)
{
	const char *key;
	json_t *value;
	size_t i;

	json_object_foreach((json_t *)object, key, value) {
		for (i = 0; i < count; i++)
			if (!strcmp(key, fields[i].path))
				break;
		if (i == count) {
			snprintf(error, error_bytes, "key '%.40s' is not in this schema", key);
			return -EBADMSG;
		}
	}
	return 0;
}

int fields_read(const json_t *object, const struct field *fields, size_t count, bool closed,
		void *into, char *error, size_t error_bytes)
{
	const json_t *value;
	unsigned int type;
	size_t i;

	for (i = 0; i < count; i++) {
		value = field_find(object, fields[i].path);
		if (!value && fields[i].type & FIELD_OPTIONAL)
			continue;
		if (!value) {
			snprintf(error, error_bytes, "key '%s' is missing", fields[i].path);
			return -EBADMSG;
		}
		type = fields[i].type & ~FIELD_OPTIONAL;
		if (!field_valid(type, value)) {
			snprintf(error, error_bytes, "value of '%s' is not %s", fields[i].path,
				 field_wanted[type]);
			return -EBADMSG;
		}
		if (fields[i].offset != FIELD_NOT_STORED)
			field_store(&fields[i], value, into);
	}
	return closed ? unknown_key_check(object, fields, count, error, error_bytes) : 0;
}
