// SPDX-License-Identifier: GPL-2.0-or-later
#include "lib/options.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define OPTIONS_MAX	32
#define KEY_HELP	(OPTIONS_KEY_FIRST + OPTIONS_MAX)

/* What argp hands to the parser. */
struct parse {
	const struct options *options;
	const struct argp *argp;
	void *data;
	struct error *error;
};

/* Whether @word, without a value of its own, is an option that takes one, perhaps abbreviated. */
static bool lacks_value(const struct argp_option *table, const char *word)
{
	size_t matches = 0, length;

	if (strncmp(word, "--", 2) || strchr(word, '='))
		return false;
	length = strlen(word + 2);
	for (; table->name; table++)
		matches += table->arg && !strncmp(table->name, word + 2, length);
	return matches == 1;
}

/* getopt() did not like the word before the next, and argp tells no more than that. */
static void explain(const struct parse *parse, const struct argp_state *state)
{
	const char *word = state->argv[state->next - 1];

	if (parse->error->text[0])
		return;
	if (lacks_value(parse->argp->options, word))
		error_set(parse->error, OUTCOME_USE, EINVAL, "option '%s': needs a value", word);
	else
		error_set(parse->error, OUTCOME_USE, EINVAL,
			  "option '%s': not one of this command; see %s --help", word,
			  parse->options->name);
}

static error_t parse_key(int key, char *value, struct argp_state *state)
{
	struct parse *parse = state->input;

	switch (key) {
	case KEY_HELP:
		argp_help(parse->argp, stdout, ARGP_HELP_STD_HELP, (char *)parse->options->name);
		exit(OUTCOME_OK);
	case ARGP_KEY_ARG:
		if (parse->options->arguments)
			return -parse->options->take(key, value, parse->data, parse->error);
		return -error_set(parse->error, OUTCOME_USE, EINVAL,
				  "argument '%s': only options are taken; see %s --help", value,
				  parse->options->name);
	case ARGP_KEY_ERROR:
		explain(parse, state);
		return 0;
	case ARGP_KEY_INIT:
	case ARGP_KEY_NO_ARGS:
	case ARGP_KEY_END:
	case ARGP_KEY_SUCCESS:
	case ARGP_KEY_FINI:
		return 0;
	case ARGP_KEY_ARGS:
		return ARGP_ERR_UNKNOWN;
	default:
		return -parse->options->take(key, value, parse->data, parse->error);
	}
}

static void table_copy(struct argp_option *table, const struct argp_option *from)
{
	size_t count = 0;

	while (from[count].name && count < OPTIONS_MAX - 2) {
		table[count] = from[count];
		count++;
	}
	table[count] = (struct argp_option) {
		.name = "help", .key = KEY_HELP, .doc = "Print this and exit", .group = -1,
	};
	memset(&table[count + 1], 0, sizeof(table[0]));
}

int options_parse(const struct options *options, int argc, char **argv, void *data,
		  struct error *error)
{
	struct argp_option table[OPTIONS_MAX];
	struct argp argp = { .options = table, .parser = parse_key, .doc = options->summary,
			     .args_doc = options->arguments };
	struct parse parse = {
		.options = options, .argp = &argp, .data = data, .error = error,
	};

	error->text[0] = '\0';
	table_copy(table, options->table);
	return -argp_parse(&argp, argc, argv, ARGP_NO_ERRS | ARGP_NO_HELP | ARGP_NO_EXIT, NULL,
			   &parse);
}

int options_number(const char *what, const char *text, long least, long most, long *number,
		   struct error *error)
{
	char *end;

	errno = 0;
	*number = strtol(text, &end, 10);
	if (isdigit((unsigned char)*text) && !*end && !errno && *number >= least &&
	    *number <= most)
		return 0;
	return error_set(error, OUTCOME_USE, EINVAL, "%s '%s': must be a number from %ld to %ld",
			 what, text, least, most);
}
