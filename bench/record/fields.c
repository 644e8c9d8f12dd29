// SPDX-License-Identifier: GPL-2.0-or-later
#include "record/fields.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#define FIELD_PATH_BYTES	64
#define FIELD_NAME_BYTES	100	/* several of them make the name of a file */
#define FIELD_FLAGS		(FIELD_ARRAY | FIELD_OPTIONAL)

static const char *const field_wanted[] = {
	[FIELD_NAME] = "a string of 1 to 100 letters, digits and _./+-",
	[FIELD_TEXT] = "a string without control characters",
	[FIELD_STRING] = "a string",
	[FIELD_COUNT] = "an integer from 0 to 2^53",
	[FIELD_POSITIVE] = "an integer from 1 to 2^53",
	[FIELD_OBJECT] = "an object",
};

static bool name_valid(const char *name)
{
	size_t bytes = strlen(name);

	for (; *name; name++)
		if (!isalnum((unsigned char)*name) && !strchr("_./+-", *name))
			return false;
	return bytes && bytes <= FIELD_NAME_BYTES;
}

static bool text_valid(const char *text)
{
	for (; *text; text++)
		if (iscntrl((unsigned char)*text))
			return false;
	return true;
}

static bool value_valid(unsigned int type, const json_t *value)
{
	const char *string = json_string_value(value);
	json_int_t number = json_integer_value(value);

	switch (type) {
	case FIELD_NAME:
		return string && name_valid(string);
	case FIELD_TEXT:
		return string && text_valid(string);
	case FIELD_STRING:
		return string;
	case FIELD_COUNT:
		return json_is_integer(value) && number >= 0 && number <= FIELD_NUMBER_MAX;
	case FIELD_POSITIVE:
		return json_is_integer(value) && number > 0 && number <= FIELD_NUMBER_MAX;
	default:
		return json_is_object(value);
	}
}

/* Says in @error what is wrong with the value, if anything is. */
static int field_check(const struct field *field, const json_t *value, char *error,
		       size_t error_bytes)
{
	unsigned int type = field->type & ~FIELD_FLAGS;
	size_t i;

	if (!(field->type & FIELD_ARRAY)) {
		if (value_valid(type, value))
			return 0;
		snprintf(error, error_bytes, "value of '%s' is not %s", field->path,
			 field_wanted[type]);
		return -EBADMSG;
	}
	for (i = 0; i < json_array_size(value); i++)
		if (!value_valid(type, json_array_get(value, i)))
			break;
	if (json_is_array(value) && i == json_array_size(value))
		return 0;
	if (json_is_array(value))
		snprintf(error, error_bytes, "item %zu of '%s' is not %s", i + 1, field->path,
			 field_wanted[type]);
	else
		snprintf(error, error_bytes, "value of '%s' is not an array", field->path);
	return -EBADMSG;
}

/* The object that holds the last key of @path, and in @key that key. */
static const json_t *path_walk(const json_t *object, const char **path)
{
	char key[FIELD_PATH_BYTES];
	const char *dot;

	while ((dot = strchr(*path, '.'))) {
		snprintf(key, sizeof(key), "%.*s", (int)(dot - *path), *path);
		object = json_object_get(object, key);
		*path = dot + 1;
	}
	return object;
}

json_t *field_find(const json_t *object, const char *dotted_path)
{
	object = path_walk(object, &dotted_path);
	return json_object_get(object, dotted_path);
}

static bool field_is_number(const struct field *field)
{
	unsigned int type = field->type & ~FIELD_OPTIONAL;

	return type == FIELD_COUNT || type == FIELD_POSITIVE;
}

static bool field_is_json(const struct field *field)
{
	return field->type & FIELD_ARRAY || (field->type & ~FIELD_FLAGS) == FIELD_OBJECT;
}

static void field_store(const struct field *field, json_t *value, void *into)
{
	char *place = (char *)into + field->offset;

	if (field_is_json(field))
		*(json_t **)place = value;
	else if (field_is_number(field))
		*(uint64_t *)place = (uint64_t)json_integer_value(value);
	else
		*(const char **)place = json_string_value(value);
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
			snprintf(error, error_bytes, "key '%s' is not in this schema", key);
			return -EBADMSG;
		}
	}
	return 0;
}

int fields_read(const json_t *object, const struct field *fields, size_t count, bool closed,
		void *into, char *error, size_t error_bytes)
{
	json_t *value;
	size_t i;

	for (i = 0; i < count; i++) {
		value = field_find(object, fields[i].path);
		if (!value && fields[i].type & FIELD_OPTIONAL)
			continue;
		if (!value) {
			snprintf(error, error_bytes, "key '%s' is missing", fields[i].path);
			return -EBADMSG;
		}
		if (field_check(&fields[i], value, error, error_bytes))
			return -EBADMSG;
		field_store(&fields[i], value, into);
	}
	return closed ? unknown_key_check(object, fields, count, error, error_bytes) : 0;
}

/* The value in @from, a new reference; NULL for what cannot be one. */
static json_t *field_load(const struct field *field, const void *from)
{
	const char *place = (const char *)from + field->offset;

	if (field_is_json(field))
		return json_incref(*(json_t *const *)place);
	if (field_is_number(field))
		return json_integer((json_int_t)*(const uint64_t *)place);
	return json_string(*(const char *const *)place);
}

static bool field_is_empty(const struct field *field, const void *from)
{
	const char *place = (const char *)from + field->offset;

	return field_is_number(field) ? !*(const uint64_t *)place : !*(const void *const *)place;
}

/* Puts @value, which it takes over, at @path, with the objects on the way to it. */
static int path_set(json_t *object, const char *path, json_t *value)
{
	char key[FIELD_PATH_BYTES];
	const char *dot;

	while ((dot = strchr(path, '.'))) {
		snprintf(key, sizeof(key), "%.*s", (int)(dot - path), path);
		if (!json_object_get(object, key))
			json_object_set_new(object, key, json_object());
		object = json_object_get(object, key);
		path = dot + 1;
	}
	return json_object_set_new(object, path, value);
}

json_t *fields_write(const void *from, const struct field *fields, size_t count)
{
	json_t *object = json_object();
	size_t i;

	for (i = 0; i < count; i++) {
		if (fields[i].type & FIELD_OPTIONAL && field_is_empty(&fields[i], from))
			continue;
		if (path_set(object, fields[i].path, field_load(&fields[i], from))) {
			json_decref(object);
			return NULL;
		}
	}
	return object;
}
