// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/model/differences.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/array.h"
#include "lib/text.h"

/* Characters shown before the place where two long values differ, and in all. */
#define CONTEXT_CHARS	8
#define SHOWN_CHARS	40

/* Conditions under which costs can be compared; the kernel is what one wants to differ. */
static const char *const comparable[] = {
	"mode", "machine.cpu", "machine.hypervisor", "machine.cpus", "machine.page_bytes",
	"machine.governor", "machine.mitigations", "machine.memory_bytes", "iommu.model",
	"iommu.page_sizes_bytes", "device.id", "device.bar", "device.bar_bytes",
	"kernel.cmdline", "tool.version", "tool.revision", "lab.qemu", "lab.host_cpu",
	"sampling.order", "sampling.warmup", "sampling.min_time_ns", "sampling.repeats_max",
};

/* Kernels of other sizes leave a guest more or less memory; this much is no other machine. */
#define MEMORY_TOLERANCE 0.01

static bool memory_is_same(const char *path, const json_t *a_value, const json_t *b_value)
{
	double a_bytes = json_number_value(a_value), b_bytes = json_number_value(b_value);

	return !strcmp(path, "machine.memory_bytes") && a_value && b_value &&
	       fabs(a_bytes - b_bytes) <= MEMORY_TOLERANCE * a_bytes;
}

size_t differences_each(const struct record *a, const struct record *b,
			void (*say)(const char *path, const json_t *a_value,
				    const json_t *b_value, void *data),
			void *data)
{
	const json_t *a_value, *b_value;
	size_t i, count = 0;

	for (i = 0; i < ARRAY_SIZE(comparable); i++) {
		a_value = record_env_value(a, comparable[i]);
		b_value = record_env_value(b, comparable[i]);
		if (record_condition_equal(a, b, comparable[i]) ||
		    memory_is_same(comparable[i], a_value, b_value))
			continue;
		say(comparable[i], a_value, b_value, data);
		count++;
	}
	return count;
}

/* How many bytes of two long texts are the same before they differ, a few characters left. */
static size_t common_bytes(const char *a, const char *b)
{
	size_t same = 0, begin = 0, characters = 0;

	while (a[same] && a[same] == b[same])
		same++;
	while (begin + (size_t)text_cut(a + begin, 1) <= same && a[begin]) {
		begin += text_cut(a + begin, 1);
		characters++;
	}
	return characters > CONTEXT_CHARS ? (size_t)text_cut(a, characters - CONTEXT_CHARS) : 0;
}

char *differences_text(const json_t *a_value, const json_t *b_value)
{
	char *a = a_value ? json_dumps(a_value, JSON_ENCODE_ANY | JSON_COMPACT) : NULL;
	char *b = b_value ? json_dumps(b_value, JSON_ENCODE_ANY | JSON_COMPACT) : NULL;
	size_t common = a && b ? common_bytes(a, b) : 0;
	const char *a_text = a ? a + common : "none", *b_text = b ? b + common : "none";
	const char *dots = common ? "..." : "";
	char *text;

	if (asprintf(&text, "%s%.*s | %s%.*s", dots, text_cut(a_text, SHOWN_CHARS), a_text, dots,
		     text_cut(b_text, SHOWN_CHARS), b_text) < 0)
		text = NULL;
	free(a);
	free(b);
	return text;
}
