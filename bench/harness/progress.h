/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BARMAP_HARNESS_PROGRESS_H
#define BARMAP_HARNESS_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Says on stderr how far a run is: one line rewritten on a terminal, a line a step elsewhere. */
struct progress {
	size_t done, total;
	bool terminal;
};

void progress_init(struct progress *progress, size_t total);

/*
 * Announce the next step. Returns when a terminal has taken all of it, so that its interrupts do
 * not fall into what comes after.
 */
void progress_step(struct progress *progress, const char *name, uint64_t size_bytes);

/* Say something that stays, in a line of its own. */
void progress_note(const struct progress *progress, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Clear the rewritten line. */
void progress_finish(const struct progress *progress);

#endif
