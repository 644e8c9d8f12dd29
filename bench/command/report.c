// SPDX-License-Identifier: GPL-2.0-or-later
/* Reading results needs libraries that measuring does not, so it is a program of its own. */
#include <errno.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command/command.h"

#define REPORT_PROGRAM	"barmap-report"

static void exec_in(const char *directory, char **argv)
{
	char path[PATH_MAX];

	if (snprintf(path, sizeof(path), "%s/" REPORT_PROGRAM, directory) < (int)sizeof(path))
		execv(path, argv);
}

int cmd_report(int argc, char **argv)
{
	char **arguments, self[PATH_MAX];
	struct error error;
	ssize_t length;

	arguments = calloc((size_t)argc + 2, sizeof(*arguments));
	if (!arguments)
		abort();
	arguments[0] = (char *)REPORT_PROGRAM;
	memcpy(&arguments[1], argv, (size_t)(argc + 1) * sizeof(*argv));
	/* Beside this program first, so that a build tree runs its own. */
	length = readlink("/proc/self/exe", self, sizeof(self) - 1);
	if (length > 0) {
		self[length] = '\0';
		exec_in(dirname(self), arguments);
	}
	exec_in(LIBEXECDIR, arguments);
	execvp(REPORT_PROGRAM, arguments);
	error_set(&error, OUTCOME_CANNOT, errno,
		  "program '" REPORT_PROGRAM "': %s; it belongs beside barmap, in %s or in PATH",
		  strerror(errno), LIBEXECDIR);
	return command_fail(&error);
}
