// SPDX-License-Identifier: GPL-2.0-or-later
/* barmap-report: reads records. `barmap report` runs it; it touches no device. */
#include <stdio.h>
#include <string.h>

#include "analysis/command/commands.h"
#include "lib/interrupt.h"
#include "lib/outfile.h"

#include "config.h"
#include "revision.h"

static const struct {
	const char *name;
	const char *summary;
	int (*run)(int argc, char **argv, struct error *error);
} commands[] = {
	{ "report", "tables and plot data from record files", command_report },
	{ "compare", "what changed from one kernel to another", command_compare },
	{ "gate", "whether one kernel is slower than another, as exit status", command_gate },
	{ "cover-letter", "the results section of a cover letter", command_letter },
};

#define COMMANDS (sizeof(commands) / sizeof(commands[0]))

static int help(void)
{
	size_t i;

	printf("Usage: barmap-report COMMAND [OPTION...] FILE...\n"
	       "Reads the records that barmap run writes.\n\n");
	for (i = 0; i < COMMANDS; i++)
		printf("  %-12s %s\n", commands[i].name, commands[i].summary);
	printf("\nbarmap-report COMMAND --help says the options of a command.\n\n"
	       "Exit status: 0 done, 1 the output cannot be written or a gate found a kernel slower,\n"
	       "2 wrong use or a file that is no sound record, 99 barmap-report itself is broken,\n"
	       "125 a gate cannot tell.\n");
	return OUTCOME_OK;
}

static int version(void)
{
	printf("barmap-report %s (%s)\n", PACKAGE_VERSION, BARMAP_REVISION);
	return OUTCOME_OK;
}

static int unknown(const char *name)
{
	size_t i;

	fprintf(stderr, "barmap: command '%s': must be one of", name);
	for (i = 0; i < COMMANDS; i++)
		fprintf(stderr, "%s %s", i ? "," : "", commands[i].name);
	fprintf(stderr, "\n");
	return OUTCOME_USE;
}

int main(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : "";
	struct error error;
	size_t i;

	outfile_watch_stdout();
	interrupt_install(true);
	if (!strcmp(name, "--help"))
		return help();
	if (!strcmp(name, "--version"))
		return version();
	for (i = 0; i < COMMANDS; i++)
		if (!strcmp(name, commands[i].name))
			break;
	if (i == COMMANDS)
		return unknown(name);
	if (!commands[i].run(argc - 1, argv + 1, &error))
		return OUTCOME_OK;
	fprintf(stderr, "barmap: %s\n", error.text);
	return error.outcome;
}
