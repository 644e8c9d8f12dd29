// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/view/conditions.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/document/html.h"
#include "analysis/model/differences.h"
#include "analysis/model/mode.h"
#include "lib/size.h"
#include "lib/text.h"

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

static void kernels_print(const struct set *set, enum table_format format, FILE *out)
{
	const struct set_kernel *kernel;
	size_t i;

	for (i = 0; i < set->kernels_count; i++) {
		kernel = &set->kernels[i];
		conditions_line(format, out, "kernel", "#%zu %.*s: Linux %.*s", i + 1,
				text_cut(kernel->name, 40), kernel->name,
				text_cut(kernel->release, 40), kernel->release);
	}
}

static void iommu_print(const struct record_env *env, enum table_format format, FILE *out)
{
	char sizes[80] = "", size[SIZE_TEXT_BYTES];
	size_t i, used = 0;
	json_t *value;

	json_array_foreach(env->iommu_page_sizes_bytes, i, value)
		if (used < sizeof(sizes))
			used += snprintf(sizes + used, sizeof(sizes) - used, " %s",
					 size_format(json_integer_value(value), size));
	conditions_line(format, out, "IOMMU", "%s%s, IOPTE sizes%s", env->iommu_model,
			!strcmp(env->mode, "metal") ? "" : " (emulated)", sizes);
}

/* Counted samples have nothing to say here. */
static void sampling_print(const struct record_env *env, enum table_format format, FILE *out)
{
	if (strcmp(env->sampling_order, "shuffled"))
		return;
	conditions_line(format, out, "sampling", "variants in shuffled order, seed %" PRIu64 "; %"
			PRIu64 " iterations thrown away first; steps repeated to %.3g ms a sample (at "
			"most %" PRIu64 ")", env->sampling_order_seed, env->sampling_warmup,
			env->sampling_min_time_ns / 1e6, env->sampling_repeats_max);
}

void conditions_print_unit(const struct set *set, enum table_format format, FILE *out)
{
	const struct mode *mode = mode_find(set->records[0].env.mode);

	conditions_line(format, out, "unit", "%s: %s", set->unit, mode->unit);
	conditions_line(format, out, "unseen", "%s", mode->unseen);
}

void conditions_print(const struct set *set, enum table_format format, FILE *out)
{
	const struct record_env *env = &set->records[0].env;
	char size[SIZE_TEXT_BYTES];
	size_t i;

	conditions_print_unit(set, format, out);
	kernels_print(set, format, out);
	iommu_print(env, format, out);
	conditions_line(format, out, "device", "%.*s, BAR %" PRIu64 " of %s",
			text_cut(env->device_id, 20), env->device_id, env->device_bar,
			size_format(env->device_bar_bytes, size));
	conditions_line(format, out, "machine", "%.*s, CPUs: %" PRIu64 ", hypervisor: %.*s",
			text_cut(env->machine_cpu, 48), env->machine_cpu, env->machine_cpus,
			text_cut(env->machine_hypervisor, 16), env->machine_hypervisor);
	conditions_line(format, out, "plan", "profile %.*s, %" PRIu64 " iterations",
			text_cut(env->plan_profile, 20), env->plan_profile, env->plan_iterations);
	for (i = 0; i < set->records_count; i++)
		sampling_print(&set->records[i].env, format, out);
	conditions_line(format, out, "tool", "%.*s %.*s (%.*s)", text_cut(env->tool_name, 20),
			env->tool_name, text_cut(env->tool_version, 20), env->tool_version,
			text_cut(env->tool_revision, 40), env->tool_revision);
}

/* Where differences are printed. */
struct difference_out {
	enum table_format format;
	FILE *out;
};

static void difference_print(const char *path, const json_t *a_value, const json_t *b_value,
			     void *data)
{
	char *text = differences_text(a_value, b_value);
	const struct difference_out *to = data;

	conditions_line(to->format, to->out, "warning", "%s differs: %s", path, text ? text : "?");
	free(text);
}

size_t conditions_print_differences(const struct record *a, const struct record *b,
				    enum table_format format, FILE *out)
{
	struct difference_out to = { format, out };

	return differences_each(a, b, difference_print, &to);
}
