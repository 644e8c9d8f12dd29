// SPDX-License-Identifier: GPL-2.0-or-later
#include "lib/number.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* @whole is not negative and below 2^63. */
static char *format_grouped(double whole, char text[FORMAT_TEXT_BYTES])
{
	char digits[FORMAT_TEXT_BYTES];
	size_t length, i, used = 0;

	length = snprintf(digits, sizeof(digits), "%" PRIu64, (uint64_t)llround(whole));
	for (i = 0; i < length; i++) {
		if (i && (length - i) % 3 == 0)
			text[used++] = ',';
		text[used++] = digits[i];
	}
	text[used] = '\0';
	return text;
}

char *format_cost(double cost, char text[FORMAT_TEXT_BYTES])
{
	int decimals;

	if (cost >= 999.95 || cost == floor(cost))
		return format_grouped(cost, text);
	decimals = cost >= 99.95 ? 1 : 2 - (int)floor(log10(cost));
	snprintf(text, FORMAT_TEXT_BYTES, "%.*f", decimals < 9 ? decimals : 9, cost);
	return text;
}

char *format_factor(double factor, char text[FORMAT_TEXT_BYTES])
{
	int decimals;

	if (factor >= 99.95)
		format_grouped(factor, text);
	else {
		decimals = factor >= 9.995 ? 1 : 2;
		snprintf(text, FORMAT_TEXT_BYTES, "%.*f", decimals, factor);
	}
	return strcat(text, "x");
}

char *format_change(double change_pct, char text[FORMAT_TEXT_BYTES])
{
	if (fabs(change_pct) < 0.005)
		change_pct = 0;
	snprintf(text, FORMAT_TEXT_BYTES, change_pct ? "%+.2f %%" : "%.2f %%", change_pct);
	return text;
}

char *format_rounded(double cost, char text[FORMAT_TEXT_BYTES])
{
	static const char suffixes[] = " kMGTP";
	size_t power = 0;

	while (cost >= 999.5 && suffixes[power + 1]) {
		cost /= 1000;
		power++;
	}
	if (power)
		snprintf(text, FORMAT_TEXT_BYTES, "%.*f %c", cost < 9.995 ? 2 : cost < 99.95, cost,
			 suffixes[power]);
	else
		snprintf(text, FORMAT_TEXT_BYTES, "%.3g", cost);
	return text;
}
