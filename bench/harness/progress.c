// SPDX-License-Identifier: GPL-2.0-or-later
#include "harness/progress.h"

#include <stdarg.h>
#include <stdio.h>
#include <termios.h>
#include <unistd.h>

#include "lib/size.h"

#define TERMINAL_CLEAR_LINE	"\r\033[K"
#define NOTE_BYTES		512

void progress_init(struct progress *progress, size_t total)
{
	progress->done = 0;
	progress->total = total;
	progress->terminal = isatty(STDERR_FILENO);
}

void progress_step(struct progress *progress, const char *name, uint64_t size_bytes)
{
	char size[SIZE_TEXT_BYTES] = "";

	if (size_bytes)
		size_format(size_bytes, size);
	progress->done++;
	fprintf(stderr, "%sbarmap: [%zu/%zu] %s%s%s%s",
		progress->terminal ? TERMINAL_CLEAR_LINE : "", progress->done, progress->total,
		name, size[0] ? " " : "", size, progress->terminal ? "" : "\n");
	if (progress->terminal)
		tcdrain(STDERR_FILENO);
}

void progress_note(const struct progress *progress, const char *format, ...)
{
	char text[NOTE_BYTES];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	/* with one write: a log may take each for a line */
	fprintf(stderr, "%sbarmap: note: %s\n", progress->terminal ? TERMINAL_CLEAR_LINE : "",
		text);
	if (progress->terminal)
		tcdrain(STDERR_FILENO);
}

void progress_finish(const struct progress *progress)
{
	if (progress->terminal)
		fprintf(stderr, TERMINAL_CLEAR_LINE);
}
