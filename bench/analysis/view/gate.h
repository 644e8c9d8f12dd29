/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BARMAP_ANALYSIS_VIEW_GATE_H
#define BARMAP_ANALYSIS_VIEW_GATE_H

/* gate_print: the answers of a gate, for people (text) and for programs (TAP 13, JUnit's XML). */

#include <stdio.h>

#include "analysis/model/gate.h"

/* As options name them, in that order. */
#define GATE_FORMATS "text|tap|junit"

enum gate_format {
	GATE_TEXT,
	GATE_TAP,
	GATE_JUNIT,
};

#define GATE_TEXT_BYTES 512

/* Returns 0, -ENOMEM, or -EIO when @out took it badly. */
int gate_print(const struct gate *gate, enum gate_format format, FILE *out);

/* The same where there is no answer, for the reason @why, one line. */
void gate_print_nothing(const char *why, enum gate_format format, FILE *out);

/* The answer of the whole in one line. Returns @text. */
char *gate_sentence(const struct gate *gate, char text[GATE_TEXT_BYTES]);

#endif
