/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BARMAP_COMMAND_COMMAND_H
#define BARMAP_COMMAND_COMMAND_H

#include "lib/program.h"

/* The parts of the program, one file NAME.c each; struct command says what they do. */

int cmd_list(int argc, char **argv, struct error *error);
int cmd_run(int argc, char **argv, struct error *error);
int cmd_verify(int argc, char **argv, struct error *error);
int cmd_report(int argc, char **argv, struct error *error);
int cmd_bench(int argc, char **argv, struct error *error);

#endif
