/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BARMAP_VMM_PRINT_H
#define BARMAP_VMM_PRINT_H

#include <stdio.h>

#include <jansson.h>

#include "run.h"
#include "trace.h"

/* What a monitor was seen to do, for people and for programs. */

/**
 * struct print - what is printed
 * @mode: how the clock counts (lib/clock.h), or "unknown"
 * @unit: "ns", or "insn" in an emulated guest whose clock counts instructions
 * @argv: the monitor and its arguments
 */
struct print {
	const struct trace *trace;
	const struct run *run;
	const char *mode;
	const char *unit;
	enum area_align align;
	char **argv;
};

/* The table. */
void print_table(const struct print *print, FILE *file);

/*
 * The record: JSON Lines, as doc/vmm.md says. Returns 0, -EILSEQ when an argument is not UTF-8 or
 * memory ran out, or -EIO.
 */
int print_record(const struct print *print, FILE *file);

#endif
