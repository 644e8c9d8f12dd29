// SPDX-License-Identifier: GPL-2.0-or-later
#include "lib/interrupt.h"

#include <signal.h>
#include <stddef.h>
#include <stdlib.h>

#include "lib/array.h"

#define UNDOS_MAX	4

static void (*undos[UNDOS_MAX])(void);
static volatile sig_atomic_t undos_count;
static volatile sig_atomic_t pending_signal;
static bool die_at_once;

static void undo_all(void)
{
	int i;

	for (i = undos_count; i > 0; i--)
		undos[i - 1]();
}

/* Ends the program as the signal would have, so that a shell sees what happened. */
static void die_of(int signal_number)
{
	sigset_t only;

	undo_all();
	signal(signal_number, SIG_DFL);
	sigemptyset(&only);
	sigaddset(&only, signal_number);
	raise(signal_number);
	sigprocmask(SIG_UNBLOCK, &only, NULL);
}

static void handle_signal(int signal_number)
{
	if (pending_signal || die_at_once)
		die_of(signal_number);
	pending_signal = signal_number;
}

void interrupt_install(bool at_once)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP };
	struct sigaction action = { .sa_handler = handle_signal };
	size_t i;

	die_at_once = at_once;
	for (i = 0; i < ARRAY_SIZE(signals); i++)
		sigaction(signals[i], &action, NULL);
	atexit(undo_all);
}

void interrupt_add_undo(void (*undo)(void))
{
	if (undos_count == UNDOS_MAX)
		abort();
	undos[undos_count] = undo;
	undos_count = undos_count + 1;
}

bool interrupt_pending(void)
{
	return pending_signal;
}

void interrupt_die_if_pending(void)
{
	if (pending_signal)
		die_of(pending_signal);
}
