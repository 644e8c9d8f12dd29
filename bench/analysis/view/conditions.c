// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/view/conditions.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/document/html.h"
#include "lib/size.h"

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

/* Characters shown before the place where two long values differ. */
#define DIFFERENCE_CONTEXT 8

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
	"kernel.cmdline", "tool.version", "tool.revision", "lab.qemu", "sampling.order",
	"sampling.warmup", "sampling.min_time_ns",
};

/* What records of schema 1 do not tell: only two that do can differ in it. */
#define COMPARABLE_IF_BOTH "sampling."

/* The reader has let no other mode pass. */
static const struct mode_text *mode_text_find(const char *mode)
{
	size_t i = 0;

	while (i < ARRAY_SIZE(mode_texts) - 1 && strcmp(mode_texts[i].mode, mode))
		i++;
	return &mode_texts[i];
}

/* The release, and the name where it says more. Returns the length. */
static int kernel_title(const struct set_kernel *kernel, char *text, size_t room)
{
	if (!strcmp(kernel->name, kernel->release))
		return snprintf(text, room, "%.24s", kernel->release);
	return snprintf(text, room, "%.24s (%.16s)", kernel->release, kernel->name);
}

char *conditions_title(const struct set *set, char text[CONDITIONS_TITLE_BYTES])
{
	const struct record *record = &set->records[0];
	size_t i, used = 0;

	for (i = 0; i < set->kernels_count && used < CONDITIONS_TITLE_BYTES / 2; i++) {
		used += snprintf(text + used, CONDITIONS_TITLE_BYTES - used, i ? ", " : "Linux ");
		used += kernel_title(&set->kernels[i], text + used, CONDITIONS_TITLE_BYTES - used);
	}
	snprintf(text + used, CONDITIONS_TITLE_BYTES - used, " | IOMMU %.10s | %s",
		 record->env.iommu_model, mode_text_find(record->env.mode)->title);
	return text;
}

void conditions_line(enum table_format format, FILE *out, const char *name, const char *text, ...)
{
	va_list args;

	va_start(args, text);
	if (format == TABLE_HTML) {
		html_element(out, "dt", "%s", name);
		fputs("<dd>", out);
		html_vprint(out, text, args);
		fputs("</dd>", out);
	} else {
		fprintf(out, format == TABLE_MARKDOWN ? "- **%s**: " : "  %-8s  ", name);
		vfprintf(out, text, args);
	}
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
		conditions_line(format, out, "kernel", "#%zu %.40s: Linux %.40s", i + 1,
				kernel->name, kernel->release);
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
	conditions_line(format, out, "IOMMU", "%s%s, IOPTE sizes%s", record->env.iommu_model,
			!strcmp(record->env.mode, "metal") ? "" : " (emulated)", sizes);
}

/* What the plan asked for and the machine could not do. */
static void skipped_print(const struct record *record, enum table_format format, FILE *out)
{
	char size[SIZE_TEXT_BYTES];
	json_t *item;
	size_t i;

	json_array_foreach(record_env_value(record, "skipped"), i, item)
		conditions_line(format, out, "skipped", "%s from %s on (%s): %s",
				json_string_value(json_object_get(item, "case")),
				size_format(json_integer_value(json_object_get(item, "from_bytes")),
					    size),
				record->env.kernel_name,
				json_string_value(json_object_get(item, "reason")));
}

/* Records of schema 1, and counted samples, have nothing to say here. */
static void sampling_print(const struct record *record, enum table_format format, FILE *out)
{
	const char *order = env_string(record, "sampling.order");

	if (!order || strcmp(order, "shuffled"))
		return;
	conditions_line(format, out, "sampling", "variants in shuffled order, seed %lld; "
			"%lld iterations thrown away first; operations repeated to %.3g ms a "
			"sample (at most %lld)", env_count(record, "sampling.order_seed"),
			env_count(record, "sampling.warmup"),
			env_count(record, "sampling.min_time_ns") / 1e6,
			env_count(record, "sampling.repeats_max"));
}

void conditions_print_unit(const struct set *set, enum table_format format, FILE *out)
{
	const struct mode_text *mode = mode_text_find(set->records[0].env.mode);

	conditions_line(format, out, "unit", "%s: %s", set->unit, mode->unit);
	conditions_line(format, out, "unseen", "%s", mode->unseen);
}

void conditions_print(const struct set *set, enum table_format format, FILE *out)
{
	const struct record *record = &set->records[0];
	char size[SIZE_TEXT_BYTES];
	size_t i;

	conditions_print_unit(set, format, out);
	kernels_print(set, format, out);
	iommu_print(record, format, out);
	conditions_line(format, out, "device", "%.20s, BAR %lld of %s",
			env_string(record, "device.id"),
			env_count(record, "device.bar"),
			size_format(env_count(record, "device.bar_bytes"), size));
	conditions_line(format, out, "machine", "%.48s, CPUs: %lld, hypervisor: %.16s",
			env_string(record, "machine.cpu"), env_count(record, "machine.cpus"),
			env_string(record, "machine.hypervisor"));
	conditions_line(format, out, "plan", "profile %.20s, %lld iterations",
			env_string(record, "plan.profile"), env_count(record, "plan.iterations"));
	for (i = 0; i < set->records_count; i++)
		sampling_print(&set->records[i], format, out);
	conditions_line(format, out, "tool", "barmap %.20s (%.40s)",
			env_string(record, "tool.version"),
			env_string(record, "tool.revision"));
	for (i = 0; i < set->records_count; i++)
		skipped_print(&set->records[i], format, out);
}

size_t conditions_compare(const struct record *a, const struct record *b,
			  void (*tell)(const char *path, const json_t *a_value,
				       const json_t *b_value, void *data),
			  void *data)
{
	const json_t *a_value, *b_value;
	size_t i, count = 0;

	for (i = 0; i < ARRAY_SIZE(comparable); i++) {
		a_value = record_env_value(a, comparable[i]);
		b_value = record_env_value(b, comparable[i]);
		if (a_value == b_value || json_equal(a_value, b_value))
			continue;
		if ((!a_value || !b_value) && !strncmp(comparable[i], COMPARABLE_IF_BOTH,
						       strlen(COMPARABLE_IF_BOTH)))
			continue;
		tell(comparable[i], a_value, b_value, data);
		count++;
	}
	return count;
}

/**
 * struct difference_out - where differences are printed
 * @format: text or Markdown
 * @out: the stream
 */
struct difference_out {
	enum table_format format;
	FILE *out;
};

/* How much of two long texts is the same before they differ, a few characters of it left. */
static size_t common_length(const char *a, const char *b)
{
	size_t length = 0;

	while (a[length] && a[length] == b[length])
		length++;
	return length > DIFFERENCE_CONTEXT ? length - DIFFERENCE_CONTEXT : 0;
}

static void difference_print(const char *path, const json_t *a_value, const json_t *b_value,
			     void *data)
{
	const struct difference_out *to = data;
	char *a = a_value ? json_dumps(a_value, JSON_ENCODE_ANY | JSON_COMPACT) : NULL;
	char *b = b_value ? json_dumps(b_value, JSON_ENCODE_ANY | JSON_COMPACT) : NULL;

	size_t common = a && b ? common_length(a, b) : 0;

	conditions_line(to->format, to->out, "warning", "%s differs: %s%.40s | %s%.40s", path,
			common ? "..." : "", a ? a + common : "none", common ? "..." : "",
			b ? b + common : "none");
	free(a);
	free(b);
}

size_t conditions_print_differences(const struct record *a, const struct record *b,
				    enum table_format format, FILE *out)
{
	struct difference_out to = { format, out };

	return conditions_compare(a, b, difference_print, &to);
}
