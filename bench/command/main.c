// SPDX-License-Identifier: GPL-2.0-or-later
#include "command/command.h"
#include "lib/array.h"

#include "config.h"
#include "revision.h"

static const struct command commands[] = {
	{ "list", "variants of this kernel, cases, profiles; what a device offers", cmd_list },
	{ "run", "measure, and write every sample to a file", cmd_run },
	{ "verify", "prove that what is mapped is the right memory", cmd_verify },
	{ "bench", "build, boot and compare a kernel tree's changes, in guests", cmd_bench },
	{ "report", "tables and plot data from result files (runs barmap-report)", cmd_report },
	{ "join", "one record from those of the shards of a run (runs barmap-report)", cmd_report },
	{ "compare", "what changed from one kernel to another (runs barmap-report)", cmd_report },
	{ "gate", "whether one is slower, as exit status (runs barmap-report)", cmd_report },
	{ "cover-letter", "results as text for a cover letter (runs barmap-report)", cmd_report },
};

static const struct program program = {
	.name = "barmap",
	.version = PACKAGE_VERSION " (" BARMAP_REVISION ")",
	.usage = "barmap COMMAND [OPTION...]\n"
		 "What it costs to DMA-map device memory through VFIO type1.\n\n",
	.statuses = "Exit status: 0 done, 1 what was tested failed, 2 wrong use,\n"
		    "77 this machine cannot, 99 barmap itself is broken, 125 a gate cannot tell.\n",
	.commands = commands,
	.commands_count = ARRAY_SIZE(commands),
};

int main(int argc, char **argv)
{
	return program_run(&program, argc, argv);
}
