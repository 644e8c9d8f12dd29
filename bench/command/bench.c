// SPDX-License-Identifier: GPL-2.0-or-later
/* The lab is shell scripts: in the source that this was built from, or where they were installed. */
#include <errno.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command/command.h"
#include "command/program.h"

#define BENCH_SCRIPT	"scripts/bench-here"

/* The source folder that a build folder's lab.conf names. Returns whether there is one. */
static bool lab_source(const char *build, char source[PATH_MAX])
{
	char path[PATH_MAX], line[PATH_MAX + 32];
	bool found = false;
	FILE *file;

	if (snprintf(path, sizeof(path), "%s/lab.conf", build) >= (int)sizeof(path))
		return false;
	file = fopen(path, "re");
	if (!file)
		return false;
	while (!found && fgets(line, sizeof(line), file))
		found = sscanf(line, "lab_srcdir='%4095[^']'", source) == 1;
	fclose(file);
	return found;
}

static void exec_in(const char *directory, char **argv)
{
	char path[PATH_MAX];

	if (snprintf(path, sizeof(path), "%s/" BENCH_SCRIPT, directory) < (int)sizeof(path))
		execv(path, argv);
}

int cmd_bench(int argc, char **argv, struct error *error)
{
	char self[PATH_MAX], report[PATH_MAX], source[PATH_MAX], directory[PATH_MAX];
	char **arguments = calloc((size_t)argc + 3, sizeof(*arguments));

	if (!arguments)
		abort();
	program_self(self);
	program_report(report);
	arguments[0] = argv[0];
	arguments[1] = self;
	arguments[2] = report;
	memcpy(&arguments[3], argv + 1, (size_t)argc * sizeof(*argv));
	strcpy(directory, self);
	dirname(directory);
	if (lab_source(directory, source))
		exec_in(source, arguments);
	if (strlen(directory) + sizeof(PROGRAM_DATA) < sizeof(directory))
		exec_in(strcat(directory, PROGRAM_DATA), arguments);
	exec_in(PKGDATADIR, arguments);
	return error_set(error, OUTCOME_CANNOT, errno,
			 "the scripts of the lab: %s; they belong in %s", strerror(errno),
			 PKGDATADIR);
}
