/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BARMAP_LIB_OPTIONS_H
#define BARMAP_LIB_OPTIONS_H

#include <argp.h>

#include "lib/error.h"

/*
 * Option parsing by argp that answers a mistake with one line instead of argp's two, and leaves the
 * printing to the caller.
 */

/* Keys count from here, where argp makes no short options of them. */
#define OPTIONS_KEY_FIRST	0x100

/* What the options of a command look like, and what takes each value. */
struct options {
	const char *name;			/* "barmap run", for help texts */
	const char *summary;			/* first line of the help */
	const struct argp_option *table;	/* without --help, which is added */
	const char *arguments;			/* "FILE...", for help texts; NULL: none taken */

	/*
	 * Take the value of option @key into @data, or an argument if @key is ARGP_KEY_ARG.
	 * Returns 0, or -errno with @error filled.
	 */
	int (*take)(int key, const char *value, void *data, struct error *error);
};

/*
 * Parse @argv. --help prints and exits. Returns 0, or -errno with
 * @error filled.
 */
int options_parse(const struct options *options, int argc, char **argv, void *data,
		  struct error *error);

/*
 * Read a decimal number from @least to @most. @what names it in @error ("iterations").
 * Returns 0 or -EINVAL.
 */
int options_number(const char *what, const char *text, long least, long most, long *number,
		   struct error *error);

#endif
