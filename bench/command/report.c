// SPDX-License-Identifier: GPL-2.0-or-later
/* Reading results needs libraries that measuring does not, so it is a program of its own. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command/command.h"
#include "command/program.h"

int cmd_report(int argc, char **argv, struct error *error)
{
	char **arguments, path[PATH_MAX];

	arguments = calloc((size_t)argc + 2, sizeof(*arguments));
	if (!arguments)
		abort();
	arguments[0] = (char *)"barmap-report";
	memcpy(&arguments[1], argv, (size_t)(argc + 1) * sizeof(*argv));
	program_report(path);
	execvp(path, arguments);
	return error_set(error, OUTCOME_CANNOT, errno,
			 "program 'barmap-report': %s; it belongs beside barmap, in %s or in PATH",
			 strerror(errno), LIBEXECDIR);
}
