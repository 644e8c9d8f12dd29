/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BARMAP_FUZZ_H
#define BARMAP_FUZZ_H

/*
 * fuzz: a target is one function that is given any bytes and returns, or crashes. libFuzzer calls it
 * (configure --enable-fuzz), or main.c, which needs no compiler's help.
 */

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);

#endif
