// SPDX-License-Identifier: GPL-2.0-or-later
#include "lib/size.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char size_suffixes[] = "KMGT";

static int suffix_shift(const char *suffix, unsigned int *shift)
{
	const char *found;

	*shift = 0;
	if (!*suffix)
		return 0;
	found = strchr(size_suffixes, toupper((unsigned char)*suffix));
	if (!found || suffix[1])
		return -EINVAL;
	*shift = 10 * (unsigned int)(found - size_suffixes + 1);
	return 0;
}

int size_parse(const char *text, uint64_t *bytes)
{
	unsigned long long value;
	unsigned int shift;
	char *end;

	/* strtoull() would also take blanks and signs */
	if (!isdigit((unsigned char)*text))
		return -EINVAL;
	errno = 0;
	value = strtoull(text, &end, 10);
	if (errno)
		return -ERANGE;
	if (suffix_shift(end, &shift))
		return -EINVAL;
	if (shift && value >> (64 - shift))
		return -ERANGE;
	*bytes = (uint64_t)value << shift;
	return 0;
}

char *size_format(uint64_t bytes, char text[SIZE_TEXT_BYTES])
{
	size_t steps = 0;

	while (bytes && bytes % 1024 == 0 && steps < sizeof(size_suffixes) - 1) {
		bytes /= 1024;
		steps++;
	}
	if (steps)
		snprintf(text, SIZE_TEXT_BYTES, "%" PRIu64 "%c", bytes, size_suffixes[steps - 1]);
	else
		snprintf(text, SIZE_TEXT_BYTES, "%" PRIu64, bytes);
	return text;
}

bool size_is_power_of_two(uint64_t bytes)
{
	return bytes && !(bytes & (bytes - 1));
}

uint64_t size_align_up(uint64_t bytes, uint64_t align)
{
	return (bytes + align - 1) & ~(align - 1);
}

uint64_t size_floor_power_of_two(uint64_t bytes)
{
	return bytes ? UINT64_C(1) << (63 - __builtin_clzll(bytes)) : 0;
}
