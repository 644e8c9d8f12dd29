/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BARMAP_LIB_INTERRUPT_H
#define BARMAP_LIB_INTERRUPT_H

#include <stdbool.h>

/*
 * Leaving the machine as it was found, however the program ends. SIGINT, SIGTERM and SIGHUP are
 * noted and looked at between samples; a second one ends the program at once. Either way, and at
 * a normal exit, what was registered is undone.
 */

/*
 * Catch the signals; with @at_once the first one ends the program. Call once, before the first undo
 * is registered.
 */
void interrupt_install(bool at_once);

/*
 * Register something to undo at the end; the latest is undone first. @undo must be
 * async-signal-safe and harmless when called more than once.
 */
void interrupt_add_undo(void (*undo)(void));

/* Whether the program was told to stop. */
bool interrupt_pending(void);

/* Undo everything, then die of the signal that was noted. Does nothing if there was none. */
void interrupt_die_if_pending(void);

#endif
