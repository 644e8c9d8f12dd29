/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BARMAP_VMM_PROGRAM_H
#define BARMAP_VMM_PROGRAM_H

#include "lib/error.h"

/*
 * Whether the library can be preloaded into the program that @name is to execvp(). Returns 0, or
 * -errno with @error filled: there is no such program (OUTCOME_USE), or it is static, set-user-ID or
 * for another machine (OUTCOME_CANNOT). Of a script nothing is known; that gives 0.
 */
int program_check(const char *name, struct error *error);

#endif
