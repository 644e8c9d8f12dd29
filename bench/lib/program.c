// SPDX-License-Identifier: GPL-2.0-or-later
#include "lib/program.h"

#include <stdio.h>
#include <string.h>

#include "lib/outfile.h"

static int program_help(const struct program *program)
{
	size_t i;

	printf("Usage: %s", program->usage);
	for (i = 0; i < program->commands_count; i++)
		printf("  %-12s %s\n", program->commands[i].name, program->commands[i].summary);
	printf("\n%s COMMAND --help says the options of a command.\n\n%s", program->name,
	       program->statuses);
	return OUTCOME_OK;
}

static int program_unknown(const struct program *program, const char *name)
{
	size_t i;

	fprintf(stderr, "barmap: command '%s': must be one of", name);
	for (i = 0; i < program->commands_count; i++)
		fprintf(stderr, "%s %s", i ? "," : "", program->commands[i].name);
	fprintf(stderr, "\n");
	return OUTCOME_USE;
}

static int command_run(const struct command *command, int argc, char **argv)
{
	struct error error;

	if (!command->run(argc, argv, &error))
		return OUTCOME_OK;
	fprintf(stderr, "barmap: %s\n", error.text);
	return error.outcome;
}

int program_run(const struct program *program, int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : "";
	size_t i;

	outfile_watch_stdout();
	if (!strcmp(name, "--help"))
		return program_help(program);
	if (!strcmp(name, "--version")) {
		printf("%s %s\n", program->name, program->version);
		return OUTCOME_OK;
	}
	for (i = 0; i < program->commands_count; i++)
		if (!strcmp(name, program->commands[i].name))
			return command_run(&program->commands[i], argc - 1, argv + 1);
	return program_unknown(program, name);
}
