// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/conditions.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "lib/size.h"

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

/**
 * struct mode_text - a mode in words
 * @mode: as in the records
 * @unit: what its unit is
 * @unseen: what its costs do not show
 * @title: short, for plots
 */
static const struct mode_text {
	const char *mode;
	const char *unit;
	const char *unseen;
	const char *title;
} mode_texts[] = {
	{ "icount", "guest instructions, counted under emulation (QEMU TCG icount), repeatable",
	  "caches, TLB misses, DRAM, IOTLB flush latency, parallelism",
	  "guest instructions (icount), emulated" },
	{ "kvm", "nanoseconds in a virtual machine (KVM)",
	  "what the host does meanwhile; the IOMMU is the emulated one", "ns in a KVM guest" },
	{ "tcg", "nanoseconds of emulation (QEMU TCG): shows that it runs, proves no cost",
	  "anything about hardware", "ns of emulation (TCG), no evidence of cost" },
	{ "metal", "nanoseconds on hardware", "other machines", "ns on hardware" },
};

/* Conditions under which costs can be compared; the kernel is what one wants to differ. */
static const char *const comparable[] = {
	"mode", "machine.cpu", "machine.hypervisor", "machine.cpus", "machine.page_bytes",
	"machine.governor", "machine.mitigations", "machine.memory_bytes", "iommu.model",
	"iommu.page_sizes_bytes", "device.id", "device.bar", "device.bar_bytes",
	"kernel.cmdline", "tool.version", "tool.revision", "lab.qemu",
};

/* The reader has let no other mode pass. */
static const struct mode_text *mode_text_find(const char *mode)
{
	size_t i = 0;

	while (i < ARRAY_SIZE(mode_texts) - 1 && strcmp(mode_texts[i].mode, mode))
		i++;
	return &mode_texts[i];
}

char *conditions_title(const struct set *set, char text[CONDITIONS_TITLE_BYTES])
{
	const struct record *record = &set->records[0];
	size_t i, used = 0;

	for (i = 0; i < set->kernels_count && used < CONDITIONS_TITLE_BYTES / 2; i++)
		used += snprintf(text + used, CONDITIONS_TITLE_BYTES - used, "%s%.24s (%.16s)",
				 i ? ", " : "Linux ", set->kernels[i].release,
				 set->kernels[i].name);
	if (used < CONDITIONS_TITLE_BYTES)
		snprintf(text + used, CONDITIONS_TITLE_BYTES - used, " | IOMMU %.10s | %s",
			 record->iommu_model, mode_text_find(record->mode)->title);
	return text;
}

static void __attribute__((format(printf, 4, 5))) line_print(enum table_format format, FILE *out,
							     const char *name, const char *text,
							     ...)
{
	va_list args;

	if (format == TABLE_MARKDOWN)
		fprintf(out, "- **%s**: ", name);
	else
		fprintf(out, "  %-8s  ", name);
	va_start(args, text);
	vfprintf(out, text, args);
	va_end(args);
	putc('\n', out);
}

static const char *env_string(const struct record *record, const char *path)
{
	return json_string_value(record_env_value(record, path));
}

static long long env_count(const struct record *record, const char *path)
{
	return json_integer_value(record_env_value(record, path));
}

static void kernels_print(const struct set *set, enum table_format format, FILE *out)
{
	const struct set_kernel *kernel;
	size_t i;

	for (i = 0; i < set->kernels_count; i++) {
		kernel = &set->kernels[i];
		line_print(format, out, "kernel", "#%zu %.40s: Linux %.40s", i + 1, kernel->name,
			   kernel->release);
	}
}

static void iommu_print(const struct record *record, enum table_format format, FILE *out)
{
	char sizes[80] = "", size[SIZE_TEXT_BYTES];
	size_t i, used = 0;
	json_t *value;

	json_array_foreach(record_env_value(record, "iommu.page_sizes_bytes"), i, value)
		if (used < sizeof(sizes))
			used += snprintf(sizes + used, sizeof(sizes) - used, " %s",
					 size_format(json_integer_value(value), size));
	line_print(format, out, "IOMMU", "%s%s, IOPTE sizes%s", record->iommu_model,
		   !strcmp(record->mode, "metal") ? "" : " (emulated)", sizes);
}

void conditions_print(const struct set *set, enum table_format format, FILE *out)
{
	const struct record *record = &set->records[0];
	const struct mode_text *mode = mode_text_find(record->mode);
	char size[SIZE_TEXT_BYTES];

	line_print(format, out, "unit", "%s: %s", set->unit, mode->unit);
	line_print(format, out, "unseen", "%s", mode->unseen);
	kernels_print(set, format, out);
	iommu_print(record, format, out);
	line_print(format, out, "device", "%.20s, BAR %lld of %s", env_string(record, "device.id"),
		   env_count(record, "device.bar"),
		   size_format(env_count(record, "device.bar_bytes"), size));
	line_print(format, out, "machine", "%.48s, CPUs: %lld, hypervisor: %.16s",
		   env_string(record, "machine.cpu"), env_count(record, "machine.cpus"),
		   env_string(record, "machine.hypervisor"));
	line_print(format, out, "plan", "profile %.20s, %lld iterations",
		   env_string(record, "plan.profile"), env_count(record, "plan.iterations"));
	line_print(format, out, "tool", "barmap %.20s (%.40s)", env_string(record, "tool.version"),
		   env_string(record, "tool.revision"));
}

static size_t difference_print(const struct record *first, const struct record *record,
			       const char *path, enum table_format format, FILE *out)
{
	const json_t *a = record_env_value(first, path), *b = record_env_value(record, path);
	char *a_text, *b_text;

	if (a == b || json_equal(a, b))
		return 0;
	a_text = a ? json_dumps(a, JSON_ENCODE_ANY | JSON_COMPACT) : NULL;
	b_text = b ? json_dumps(b, JSON_ENCODE_ANY | JSON_COMPACT) : NULL;
	line_print(format, out, "warning", "%s differs: %.60s (%s), %.60s (%s)", path,
		   a_text ? a_text : "none", first->kernel_name, b_text ? b_text : "none",
		   record->kernel_name);
	free(a_text);
	free(b_text);
	return 1;
}

size_t conditions_print_differences(const struct set *set, enum table_format format, FILE *out)
{
	size_t i, j, lines = 0;

	for (i = 1; i < set->records_count; i++)
		for (j = 0; j < ARRAY_SIZE(comparable); j++)
			lines += difference_print(&set->records[0], &set->records[i],
						  comparable[j], format, out);
	return lines;
}
