/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BARMAP_LIB_ERROR_H
#define BARMAP_LIB_ERROR_H

/*
 * What went wrong, in one line, and whose fault it is.
 *
 * Nothing in lib/ prints. A function that can fail for a reason a user must understand takes a
 * struct error, fills it and returns -errno; its caller decides where the line goes.
 */

/* How a program ends. The values are the exit statuses. */
enum outcome {
	OUTCOME_OK = 0,
	OUTCOME_FAILED = 1,	/* the thing under test failed */
	OUTCOME_USE = 2,	/* asked for something that does not exist or makes no sense */
	OUTCOME_CANNOT = 77,	/* this machine cannot do it; the text says why */
	OUTCOME_BROKEN = 99,	/* the tool itself, or an assumption it rests on, is broken */
	OUTCOME_UNTOLD = 125,	/* a gate cannot tell; git bisect run skips such a commit */
};

struct error {
	enum outcome outcome;
	char text[1024];	/* one line, no newline, no program name */
};

/*
 * Fill @error and return -@err, so that a failing function ends in `return error_set(...)`.
 * @err is a positive errno value. Text that does not fit is cut; control characters become "?".
 */
int error_set(struct error *error, enum outcome outcome, int err, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

#endif
