/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BARMAP_LIB_OPTIONS_H
#define BARMAP_LIB_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/error.h"

/*
 * Options of a command as a table: what each is called, what values it takes, and where the value goes.
 * argp reads them; a mistake gets one line instead of argp's two, and the printing is the caller's.
 */

/* What an option takes, and what its place in the struct is. */
enum option_kind {
	OPTION_TEXT,	/* any text: const char * */
	OPTION_FLAG,	/* nothing: bool */
	OPTION_NUMBER,	/* a number from @least to @most: int */
	OPTION_CHOICE,	/* one of those that @value names, as "text|json": int, its index */
	OPTION_PARSE,	/* what @parse makes of it */
};

/* One option. A table ends with a row without a name. */
struct option_row {
	const char *name;		/* "output", or "o,output" with a letter of its own */
	const char *value;		/* what help calls its value; NULL for a flag */
	const char *help;
	enum option_kind kind;
	size_t offset;
	long least, most;

	/* Returns 0, or -errno with @error filled. */
	int (*parse)(const char *value, void *data, struct error *error);
};

/* Rows of a table; @into is the struct that takes the values. */
#define OPTION_ROW(option, word, type, into, member, text)				\
	{ .name = option, .value = word, .kind = type, .offset = offsetof(struct into, member), \
	  .help = text }
#define OPTION_NUMBER_ROW(option, word, into, member, from, to, text)			\
	{ .name = option, .value = word, .kind = OPTION_NUMBER, .least = from, .most = to, \
	  .offset = offsetof(struct into, member), .help = text }
#define OPTION_CHOICE_ROW(option, words, into, member, text)				\
	{ .name = option, .value = words, .kind = OPTION_CHOICE,			\
	  .offset = offsetof(struct into, member), .help = text }
#define OPTION_PARSE_ROW(option, word, function, text)					\
	{ .name = option, .value = word, .kind = OPTION_PARSE, .parse = function, .help = text }
#define OPTION_END { .name = NULL }

/* The arguments that are no options; @list has room for every word there is. */
struct option_arguments {
	char **list;
	size_t count;
};

struct options {
	const char *name;			/* "barmap run", for help texts */
	const char *summary;			/* first line of the help */
	const struct option_row *rows;		/* without --help, which is added */
	const char *arguments;			/* "FILE...", for help texts; NULL: none taken */
	size_t arguments_offset;		/* of a struct option_arguments */
};

/* Parse @argv into @data. --help prints and exits. Returns 0, or -errno with @error filled. */
int options_parse(const struct options *options, int argc, char **argv, void *data,
		  struct error *error);

/*
 * Read a decimal number from @least to @most. @what names it in @error ("iterations").
 * Returns 0 or -EINVAL.
 */
int options_number(const char *what, const char *text, long least, long most, long *number,
		   struct error *error);

#endif
