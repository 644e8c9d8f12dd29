/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BARMAP_ANALYSIS_COMMAND_COMMANDS_H
#define BARMAP_ANALYSIS_COMMAND_COMMANDS_H

/*
 * The commands of barmap-report; lib/program.h says what a command is. When one fails, nothing on
 * stdout is to be trusted.
 */

#include "lib/error.h"

int command_compare(int argc, char **argv, struct error *error);
int command_gate(int argc, char **argv, struct error *error);
int command_join(int argc, char **argv, struct error *error);
int command_letter(int argc, char **argv, struct error *error);
int command_report(int argc, char **argv, struct error *error);

#endif
