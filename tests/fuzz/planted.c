// SPDX-License-Identifier: GPL-2.0-or-later
/* A target with a fault in it, for the test that faults are found. */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
	if (memmem(data, bytes, "--shard", 7) && memchr(data, 0xfe, bytes))
		abort();
	return 0;
}
