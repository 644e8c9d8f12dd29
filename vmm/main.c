// SPDX-License-Identifier: GPL-2.0-or-later
/* barmap-vmm-trace: run a virtual machine monitor, and tell what its VFIO calls took. */
#include <errno.h>
#include <libgen.h>
#include <limits.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/clock.h"
#include "lib/options.h"
#include "lib/outfile.h"
#include "print.h"
#include "program.h"
#include "run.h"
#include "trace.h"

#define LIBRARY		"barmap-vmm-trace.so"

/* What the user asked for. */
struct settings {
	const char *output;
	int align;			/* of enum area_align */
	struct option_arguments monitor;	/* and its arguments, NULL at the end */
};

#define ALIGN_CHOICE(number, name) "|" name
static const struct option_row rows[] = {
	OPTION_ROW("output", "FILE", OPTION_TEXT, settings, output,
		   "Write a record of every call to FILE"),
	OPTION_CHOICE_ROW("align", RUN_ALIGNS(ALIGN_CHOICE) + 1, settings, align,
			  "Map BARs where the monitor has them (monitor, the default), aligned to 1 GiB (1G), "
			  "or 4 KiB above that (4K-off)"),
	OPTION_END,
};

static const struct options options = {
	.name = "barmap-vmm-trace",
	.summary = "Run a virtual machine monitor, and tell what its VFIO calls took.",
	.rows = rows,
	.arguments = "-- MONITOR [ARGUMENT]...",
	.arguments_offset = offsetof(struct settings, monitor),
};

static int settings_parse(struct settings *settings, int argc, char **argv, struct error *error)
{
	int ret;

	settings->monitor.list = calloc((size_t)argc + 1, sizeof(*settings->monitor.list));
	if (!settings->monitor.list)
		abort();
	ret = options_parse(&options, argc, argv, settings, error);
	if (!ret && !settings->monitor.count)
		ret = error_set(error, OUTCOME_USE, EINVAL, "needs -- MONITOR (see --help)");
	return ret;
}

/* Beside this program first, so that a build tree uses its own. Returns 0, or -ENOENT with @error. */
static int library_find(char path[PATH_MAX], struct error *error)
{
	char self[PATH_MAX];
	ssize_t length;

	length = readlink("/proc/self/exe", self, sizeof(self) - 1);
	if (length > 0) {
		self[length] = '\0';
		if (snprintf(path, PATH_MAX, "%s/" LIBRARY, dirname(self)) < PATH_MAX &&
		    !access(path, R_OK))
			return 0;
	}
	snprintf(path, PATH_MAX, "%s/" LIBRARY, LIBEXECDIR);
	if (!access(path, R_OK))
		return 0;
	return error_set(error, OUTCOME_CANNOT, ENOENT,
			 "library '" LIBRARY "': missing; it belongs beside barmap-vmm-trace or in %s",
			 LIBEXECDIR);
}

static void print_clock(struct print *print)
{
	struct clock_source clock;
	struct error unknown;

	print->mode = "unknown";
	print->unit = "ns";
	if (clock_init(&clock, CLOCK_MODE_AUTO, &unknown))
		return;
	print->mode = clock_mode_name(clock.mode);
	print->unit = clock.unit;
}

/* Table and record. Returns 0, or -errno with @error filled. */
static int results_write(const struct settings *settings, const struct run *run,
			 struct outfile *file, struct error *error)
{
	struct print print = { .run = run, .align = settings->align, .argv = settings->monitor.list };
	struct trace trace;
	int ret;

	if (trace_init(&trace, run->area))
		return error_set(error, OUTCOME_BROKEN, ENOMEM, "out of memory");
	print.trace = &trace;
	print_clock(&print);
	print_table(&print, stderr);
	ret = settings->output ? print_record(&print, file->stream) : 0;
	trace_cleanup(&trace);
	if (ret)
		return error_set(error, OUTCOME_FAILED, -ret, "output '%s': %s", settings->output,
				 strerror(-ret));
	return 0;
}

static int monitor_trace(const struct settings *settings, struct run *run, struct outfile *file,
			 struct error *error)
{
	char library[PATH_MAX];
	int ret;

	ret = library_find(library, error);
	if (!ret)
		ret = run_monitor(run, library, settings->align, settings->monitor.list, error);
	return ret ? ret : results_write(settings, run, file, error);
}

/* The file's place is claimed before the monitor starts. */
static int trace_to_file(const struct settings *settings, struct run *run, struct error *error)
{
	struct outfile file = { 0 };
	int ret;

	ret = settings->output ? outfile_open(&file, false, error, "%s", settings->output) : 0;
	if (ret)
		return ret;
	ret = monitor_trace(settings, run, &file, error);
	if (!settings->output)
		return ret;
	if (!ret)
		return outfile_commit(&file, error);
	outfile_abandon(&file);
	return ret;
}

int main(int argc, char **argv)
{
	struct settings settings = { 0 };
	struct run run = { 0 };
	struct error error;
	int ret, status = 0;

	ret = settings_parse(&settings, argc, argv, &error);
	if (!ret)
		ret = program_check(settings.monitor.list[0], &error);
	if (!ret)
		ret = run_init(&run, &error);
	if (!ret) {
		ret = trace_to_file(&settings, &run, &error);
		status = run.status;
		run_cleanup(&run);
	}
	free(settings.monitor.list);
	if (ret)
		fprintf(stderr, "barmap-vmm-trace: %s\n", error.text);
	if (ret && !run.status)
		return error.outcome;
	return status;
}
