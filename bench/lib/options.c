// SPDX-License-Identifier: GPL-2.0-or-later
#include "lib/options.h"

#include <argp.h>
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define OPTIONS_MAX	32

/* Keys count from here, where argp makes no short options of them. */
#define KEY_FIRST	0x100
#define KEY_HELP	(KEY_FIRST + OPTIONS_MAX)

/* What argp hands to the parser. */
struct parse {
	const struct options *options;
	const struct argp *argp;
	void *data;
	struct error *error;
};

/* What can be wrong with a word. */
static const char not_one[] = "not one of this command";
static const char needs_value[] = "needs a value";

/* The option that @name, of @length bytes, means, perhaps abbreviated; NULL: none, or several. */
static const struct argp_option *option_named(const struct argp_option *table, const char *name,
					      size_t length)
{
	const struct argp_option *found = NULL;
	size_t matches = 0;

	for (; table->name; table++) {
		if (strncmp(table->name, name, length))
			continue;
		if (!table->name[length])
			return table;
		found = table;
		matches++;
	}
	return matches == 1 ? found : NULL;
}

static const struct argp_option *option_lettered(const struct argp_option *table, char letter)
{
	while (table->name && table->key != letter)
		table++;
	return table->name ? table : NULL;
}

/* What is wrong with the word "--NAME[=VALUE]"; NULL: nothing. Sets *@takes_next, as below. */
static const char *long_fault(const struct argp_option *table, const char *word, bool *takes_next)
{
	size_t length = strcspn(word + 2, "=");
	const struct argp_option *option = option_named(table, word + 2, length);
	bool has_value = word[2 + length];

	if (!option)
		return not_one;
	if (!option->arg && has_value)
		return "takes no value";
	*takes_next = option->arg && !has_value;
	return NULL;
}

/* The same of "-LETTERS", of which the last that takes a value may have it behind it. */
static const char *letters_fault(const struct argp_option *table, const char *word, bool *takes_next)
{
	const struct argp_option *option;

	for (word++; *word; word++) {
		option = option_lettered(table, *word);
		if (!option)
			return not_one;
		*takes_next = option->arg && !word[1];
		if (option->arg)
			break;
	}
	return NULL;
}

/*
 * Finds the first word that is wrong, and says in *@fault why. getopt() knows it, but argp tells
 * no more than about where it is: a word of letters is not left before its last one. NULL: none is.
 */
static const char *word_wrong(const struct argp_option *table, char **argv, const char **fault)
{
	bool takes_next;
	char **word;

	for (word = argv + 1; *word && strcmp(*word, "--"); word += takes_next ? 2 : 1) {
		takes_next = false;
		*fault = NULL;
		if ((*word)[0] != '-' || !(*word)[1])
			continue;
		*fault = (*word)[1] == '-' ? long_fault(table, *word, &takes_next) :
					     letters_fault(table, *word, &takes_next);
		if (!*fault && takes_next && !word[1])
			*fault = needs_value;
		if (*fault)
			return *word;
	}
	return NULL;
}

/* getopt() did not like a word. */
static void explain(const struct parse *parse, const struct argp_state *state)
{
	const char *fault = not_one, *word;

	if (parse->error->text[0])
		return;
	word = word_wrong(parse->argp->options, state->argv, &fault);
	if (!word)
		word = state->argv[state->next - 1];
	if (fault == needs_value)
		error_set(parse->error, OUTCOME_USE, EINVAL, "option '%s': %s", word, fault);
	else
		error_set(parse->error, OUTCOME_USE, EINVAL, "option '%s': %s; see %s --help", word,
			  fault, parse->options->name);
}

static bool row_has_letter(const struct option_row *row)
{
	return row->name[0] && row->name[1] == ',';
}

/* Its name without its letter. */
static const char *row_name(const struct option_row *row)
{
	return row->name + (row_has_letter(row) ? 2 : 0);
}

static const struct option_row *row_of_key(const struct option_row *rows, int key)
{
	if (key >= KEY_FIRST)
		return &rows[key - KEY_FIRST];
	while (!row_has_letter(rows) || rows->name[0] != key)
		rows++;
	return rows;
}

static int choice_parse(const struct option_row *row, const char *value, int *choice,
			struct error *error)
{
	const char *name = row->value;
	char names[256] = "";
	size_t used = 0, length;
	int number;

	for (number = 0; ; number++) {
		length = strcspn(name, "|");
		if (length == strlen(value) && !strncmp(name, value, length)) {
			*choice = number;
			return 0;
		}
		used += (size_t)snprintf(names + used, sizeof(names) - used, "%s%.*s",
					 !number ? "" : name[length] ? ", " : " or ", (int)length, name);
		if (!name[length])
			break;
		name += length + 1;
	}
	return error_set(error, OUTCOME_USE, EINVAL, "%s '%s': must be %s", row_name(row), value, names);
}

/* Puts the value of an option where it belongs. */
static int row_parse(const struct option_row *row, const char *value, void *data,
		     struct error *error)
{
	char *place = (char *)data + row->offset;
	long number = 0;
	int ret;

	switch (row->kind) {
	case OPTION_TEXT:
		*(const char **)place = value;
		return 0;
	case OPTION_FLAG:
		*(bool *)place = true;
		return 0;
	case OPTION_NUMBER:
		ret = options_number(row_name(row), value, row->least, row->most, &number, error);
		*(int *)place = (int)number;
		return ret;
	case OPTION_CHOICE:
		return choice_parse(row, value, (int *)place, error);
	default:
		return row->parse(value, data, error);
	}
}

static int argument_add(const struct parse *parse, char *value)
{
	struct option_arguments *arguments;

	if (!parse->options->arguments)
		return error_set(parse->error, OUTCOME_USE, EINVAL,
				 "argument '%s': only options are taken; see %s --help", value,
				 parse->options->name);
	arguments = (void *)((char *)parse->data + parse->options->arguments_offset);
	arguments->list[arguments->count++] = value;
	return 0;
}

static error_t parse_key(int key, char *value, struct argp_state *state)
{
	struct parse *parse = state->input;

	switch (key) {
	case KEY_HELP:
		argp_help(parse->argp, stdout, ARGP_HELP_STD_HELP, (char *)parse->options->name);
		exit(OUTCOME_OK);
	case ARGP_KEY_ARG:
		return -argument_add(parse, value);
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
		return -row_parse(row_of_key(parse->options->rows, key), value, parse->data,
				  parse->error);
	}
}

static void table_fill(struct argp_option *table, const struct option_row *rows)
{
	int count = 0;

	memset(table, 0, OPTIONS_MAX * sizeof(*table));
	for (; rows[count].name && count < OPTIONS_MAX - 2; count++) {
		table[count].name = row_name(&rows[count]);
		table[count].key = row_has_letter(&rows[count]) ? rows[count].name[0] :
								  KEY_FIRST + count;
		table[count].arg = rows[count].value;
		table[count].doc = rows[count].help;
	}
	table[count].name = "help";
	table[count].key = KEY_HELP;
	table[count].doc = "Print this and exit";
	table[count].group = -1;
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
	table_fill(table, options->rows);
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
