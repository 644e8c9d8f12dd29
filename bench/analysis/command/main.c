// SPDX-License-Identifier: GPL-2.0-or-later
/* barmap-report: reads records. `barmap report` runs it; it touches no device. */
#include "analysis/command/commands.h"
#include "lib/array.h"
#include "lib/interrupt.h"
#include "lib/program.h"

#include "config.h"
#include "revision.h"

static const struct command commands[] = {
	{ "report", "tables and plot data from record files", command_report },
	{ "join", "one record from those of the shards of a run", command_join },
	{ "compare", "what changed from one kernel to another", command_compare },
	{ "gate", "whether one kernel is slower than another, as exit status", command_gate },
	{ "cover-letter", "the results section of a cover letter", command_letter },
};

static const struct program program = {
	.name = "barmap-report",
	.version = PACKAGE_VERSION " (" BARMAP_REVISION ")",
	.usage = "barmap-report COMMAND [OPTION...] FILE...\n"
		 "Reads the records that barmap run writes.\n\n",
	.statuses = "Exit status: 0 done, 1 the output cannot be written or a gate found a kernel slower,\n"
		    "2 wrong use or a file that is no sound record, 99 barmap-report itself is broken,\n"
		    "125 a gate cannot tell.\n",
	.commands = commands,
	.commands_count = ARRAY_SIZE(commands),
};

int main(int argc, char **argv)
{
	interrupt_install(true);
	return program_run(&program, argc, argv);
}
