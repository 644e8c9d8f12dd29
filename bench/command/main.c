// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <string.h>

#include "command/command.h"
#include "lib/outfile.h"

#include "config.h"
#include "revision.h"

static const struct command commands[] = {
	{ "list", "variants of this kernel, cases, profiles; what a device offers", cmd_list },
	{ "run", "measure, and write every sample to a file", cmd_run },
	{ "verify", "prove that what is mapped is the right memory", cmd_verify },
	{ "bench", "build, boot and compare a kernel tree's changes, in guests", cmd_bench },
	{ "report", "tables and plot data from result files (runs barmap-report)", cmd_report },
	{ "compare", "what changed from one kernel to another (runs barmap-report)", cmd_report },
	{ "gate", "whether one is slower, as exit status (runs barmap-report)", cmd_report },
	{ "cover-letter", "results as text for a cover letter (runs barmap-report)", cmd_report },
};

#define COMMANDS	(sizeof(commands) / sizeof(commands[0]))

int command_fail(const struct error *error)
{
	fprintf(stderr, "barmap: %s\n", error->text);
	return error->outcome;
}

static int help(void)
{
	size_t i;

	printf("Usage: barmap COMMAND [OPTION...]\n"
	       "What it costs to DMA-map device memory through VFIO type1.\n\n");
	for (i = 0; i < COMMANDS; i++)
		printf("  %-12s %s\n", commands[i].name, commands[i].summary);
	printf("\nbarmap COMMAND --help says the options of a command.\n\n"
	       "Exit status: 0 done, 1 what was tested failed, 2 wrong use,\n"
	       "77 this machine cannot, 99 barmap itself is broken, 125 a gate cannot tell.\n");
	return OUTCOME_OK;
}

static int version(void)
{
	printf("barmap %s (%s)\n", PACKAGE_VERSION, BARMAP_REVISION);
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
	size_t i;

	outfile_watch_stdout();
	if (!strcmp(name, "--help"))
		return help();
	if (!strcmp(name, "--version"))
		return version();
	for (i = 0; i < COMMANDS; i++)
		if (!strcmp(name, commands[i].name))
			return commands[i].run(argc - 1, argv + 1);
	return unknown(name);
}
