// SPDX-License-Identifier: GPL-2.0-or-later
#include "command/program.h"

#include <libgen.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define REPORT_PROGRAM	"barmap-report"

void program_self(char path[PATH_MAX])
{
	ssize_t length = readlink("/proc/self/exe", path, PATH_MAX - 1);

	if (length <= 0)
		length = sprintf(path, "barmap");
	path[length] = '\0';
}

/* Whether @path becomes that of an executable barmap-report in @directory with @below after it. */
static bool report_in(const char *directory, const char *below, char path[PATH_MAX])
{
	return snprintf(path, PATH_MAX, "%s%s/" REPORT_PROGRAM, directory, below) < PATH_MAX &&
	       !access(path, X_OK);
}

void program_report(char path[PATH_MAX])
{
	char self[PATH_MAX];
	char *directory;

	program_self(self);
	directory = dirname(self);
	/* Beside this program first, so that a build tree runs its own. */
	if (!report_in(directory, "", path) && !report_in(directory, PROGRAM_LIBEXEC, path) &&
	    !report_in(LIBEXECDIR, "", path))
		strcpy(path, REPORT_PROGRAM);
}
