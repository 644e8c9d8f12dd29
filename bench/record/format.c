// SPDX-License-Identifier: GPL-2.0-or-later
#include "record/format.h"

#include <string.h>

#include "lib/array.h"

#define ENV(path, type, member)		{ path, type, offsetof(struct record_env, member) }
#define SKIP(path, type, member)	{ path, type, offsetof(struct record_skip, member) }
#define LINE(path, type, member)	{ path, type, offsetof(struct record_line, member) }

static const struct field env_fields[] = {
	ENV("record", FIELD_NAME, record),
	ENV("schema", FIELD_COUNT, schema),
	ENV("tool.name", FIELD_TEXT, tool_name),
	ENV("tool.version", FIELD_TEXT, tool_version),
	ENV("tool.revision", FIELD_TEXT, tool_revision),
	ENV("mode", FIELD_NAME, mode),
	ENV("unit", FIELD_NAME, unit),
	ENV("kernel.name", FIELD_TEXT, kernel_name),
	ENV("kernel.release", FIELD_TEXT, kernel_release),
	ENV("kernel.version", FIELD_TEXT, kernel_version),
	ENV("kernel.cmdline", FIELD_TEXT, kernel_cmdline),
	ENV("machine.cpu", FIELD_TEXT, machine_cpu),
	ENV("machine.hypervisor", FIELD_TEXT, machine_hypervisor),
	ENV("machine.cpus", FIELD_COUNT, machine_cpus),
	ENV("machine.page_bytes", FIELD_POSITIVE, machine_page_bytes),
	ENV("machine.governor", FIELD_TEXT, machine_governor),
	ENV("machine.mitigations", FIELD_TEXT, machine_mitigations),
	ENV("machine.memory_bytes", FIELD_COUNT, machine_memory_bytes),
	ENV("machine.boot_id", FIELD_TEXT | FIELD_OPTIONAL, machine_boot_id),
	ENV("iommu.model", FIELD_NAME, iommu_model),
	ENV("iommu.page_sizes_bytes", FIELD_ARRAY | FIELD_COUNT, iommu_page_sizes_bytes),
	ENV("device.address", FIELD_TEXT, device_address),
	ENV("device.id", FIELD_TEXT, device_id),
	ENV("device.bar", FIELD_COUNT, device_bar),
	ENV("device.bar_bytes", FIELD_COUNT, device_bar_bytes),
	ENV("plan.profile", FIELD_TEXT, plan_profile),
	ENV("plan.iterations", FIELD_COUNT, plan_iterations),
	ENV("plan.cases", FIELD_ARRAY | FIELD_NAME, plan_cases),
	ENV("plan.variants", FIELD_ARRAY | FIELD_NAME, plan_variants),
	ENV("plan.sizes_bytes", FIELD_ARRAY | FIELD_COUNT, plan_sizes_bytes),
	ENV("plan.shard", FIELD_POSITIVE | FIELD_OPTIONAL, plan_shard),
	ENV("plan.shards", FIELD_POSITIVE | FIELD_OPTIONAL, plan_shards),
	ENV("sampling.order", FIELD_NAME, sampling_order),
	ENV("sampling.order_seed", FIELD_COUNT, sampling_order_seed),
	ENV("sampling.warmup", FIELD_COUNT, sampling_warmup),
	ENV("sampling.min_time_ns", FIELD_COUNT, sampling_min_time_ns),
	ENV("sampling.repeats_max", FIELD_POSITIVE, sampling_repeats_max),
	ENV("skipped", FIELD_ARRAY | FIELD_OBJECT | FIELD_OPTIONAL, skipped),
	ENV("argv", FIELD_ARRAY | FIELD_STRING, argv),
	ENV("time", FIELD_TEXT, time),
	ENV("more_devices", FIELD_ARRAY | FIELD_TEXT | FIELD_OPTIONAL, more_devices),
	ENV("lab", FIELD_OBJECT | FIELD_OPTIONAL, lab),
};

static const struct field skip_fields[] = {
	SKIP("case", FIELD_NAME, case_name),
	SKIP("from_bytes", FIELD_COUNT, from_bytes),
	SKIP("reason", FIELD_TEXT, reason),
};

#define KEY_FIELDS							\
	LINE("record", FIELD_NAME, record),				\
	LINE("case", FIELD_NAME, key.case_name),			\
	LINE("op", FIELD_NAME, key.op),					\
	LINE("variant", FIELD_NAME, key.variant),			\
	LINE("size_bytes", FIELD_COUNT, key.size_bytes),		\
	LINE("pages", FIELD_COUNT, key.pages),				\
	LINE("va_offset_bytes", FIELD_COUNT, key.va_offset_bytes),	\
	LINE("tables", FIELD_NAME, key.tables),				\
	LINE("iova_align_bytes", FIELD_COUNT, key.iova_align_bytes),	\
	LINE("chunk_bytes", FIELD_COUNT, key.chunk_bytes),		\
	LINE("devices", FIELD_POSITIVE | FIELD_OPTIONAL, key.devices),	\
	LINE("containers", FIELD_POSITIVE | FIELD_OPTIONAL, key.containers), \
	LINE("domains", FIELD_POSITIVE | FIELD_OPTIONAL, key.domains),	\
	LINE("threads", FIELD_POSITIVE | FIELD_OPTIONAL, key.threads)

#define COUNTS(path, counter)						\
	LINE(path, FIELD_ARRAY | FIELD_COUNT | FIELD_OPTIONAL, counts[counter])

static const struct field cell_fields[] = {
	KEY_FIELDS,
	LINE("repeats", FIELD_POSITIVE, key.repeats),
	LINE("unit", FIELD_NAME, unit),
	LINE("order", FIELD_ARRAY | FIELD_COUNT, order),
	LINE("cost", FIELD_ARRAY | FIELD_COUNT, cost),
	COUNTS("cycles", COUNTER_CYCLES),
	COUNTS("instructions", COUNTER_INSTRUCTIONS),
	COUNTS("dtlb_misses", COUNTER_DTLB_MISSES),
	COUNTS("llc_misses", COUNTER_LLC_MISSES),
};

static const struct field memory_fields[] = {
	KEY_FIELDS,
	LINE("bytes", FIELD_ARRAY | FIELD_COUNT, bytes),
};

static const struct field end_fields[] = {
	{ "record", FIELD_NAME, offsetof(struct record_end, record) },
	{ "samples", FIELD_COUNT, offsetof(struct record_end, samples) },
};

const struct record_fields record_env_fields = { env_fields, ARRAY_SIZE(env_fields) };
const struct record_fields record_skip_fields = { skip_fields, ARRAY_SIZE(skip_fields) };
const struct record_fields record_cell_fields = { cell_fields, ARRAY_SIZE(cell_fields) };
const struct record_fields record_memory_fields = { memory_fields, ARRAY_SIZE(memory_fields) };
const struct record_fields record_end_fields = { end_fields, ARRAY_SIZE(end_fields) };

static const struct {
	const char *mode;
	const char *unit;
} mode_units[] = {
	{ "icount", "insn" },
	{ "kvm", "ns" },
	{ "tcg", "ns" },
	{ "metal", "ns" },
};

const char *record_mode_unit(const char *mode)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(mode_units); i++)
		if (!strcmp(mode, mode_units[i].mode))
			return mode_units[i].unit;
	return NULL;
}
