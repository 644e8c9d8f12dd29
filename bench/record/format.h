/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BARMAP_RECORD_FORMAT_H
#define BARMAP_RECORD_FORMAT_H

/*
 * format: what a record file holds, for who writes and who reads one. results/schema-3.json says the
 * same to other programs.
 *
 * A record is JSON Lines: an env line (what was measured on what), a cell line for each cell with the
 * array of its samples, a memory line for each amount of memory that was read, an end line with the
 * number of samples. A cell of more than RECORD_LINE_SAMPLES goes on in a line of the same keys.
 */

#include "lib/counters.h"
#include "record/fields.h"

#define RECORD_SCHEMA		3
#define RECORD_LINE_SAMPLES	8192
#define RECORD_LINE_BYTES	(1024 * 1024)
#define RECORD_DUMP		(JSON_COMPACT | JSON_PRESERVE_ORDER)

/* What a line is, in the key "record". */
#define RECORD_ENV	"env"
#define RECORD_CELL	"cell"
#define RECORD_MEMORY	"memory"
#define RECORD_END	"end"

/* The variant of what no variant is asked in, and the state of page tables that are not. */
#define RECORD_NONE	"none"

/**
 * struct record_env - the env line; schema-3.json describes the keys
 *
 * Strings, arrays and objects are borrowed. @more_devices, @skipped and @lab may be NULL, and
 * @machine_boot_id where boots do not differ, as with icount.
 */
struct record_env {
	const char *record;
	uint64_t schema;
	const char *tool_name;
	const char *tool_version;
	const char *tool_revision;
	const char *mode;
	const char *unit;
	const char *kernel_name;
	const char *kernel_release;
	const char *kernel_version;
	const char *kernel_cmdline;
	const char *machine_cpu;
	const char *machine_hypervisor;
	uint64_t machine_cpus;
	uint64_t machine_page_bytes;
	const char *machine_governor;
	const char *machine_mitigations;
	uint64_t machine_memory_bytes;
	const char *machine_boot_id;
	const char *iommu_model;
	json_t *iommu_page_sizes_bytes;
	const char *device_address;
	const char *device_id;
	uint64_t device_bar;
	uint64_t device_bar_bytes;
	const char *plan_profile;
	uint64_t plan_iterations;
	json_t *plan_cases;
	json_t *plan_variants;
	json_t *plan_sizes_bytes;
	uint64_t plan_shard;
	uint64_t plan_shards;
	const char *sampling_order;
	uint64_t sampling_order_seed;
	uint64_t sampling_warmup;
	uint64_t sampling_min_time_ns;
	uint64_t sampling_repeats_max;
	json_t *skipped;
	json_t *argv;
	const char *time;
	json_t *more_devices;
	json_t *lab;
};

/**
 * struct record_skip - one of @skipped: a case that the machine could not run
 * @case_name: its name
 * @from_bytes: from this size on
 * @reason: what was missing
 */
struct record_skip {
	const char *case_name;
	uint64_t from_bytes;
	const char *reason;
};

/**
 * struct record_cell_key - what was done; the same for every sample of a cell
 * @case_name: e.g. "bar/aligned/warm"; letters, digits and "_./+-" only
 * @op: the measured step: "map", "unmap", "null", …
 * @variant: the lookup under test, "stock", or "none"
 * @tables: state of the CPU page tables: "warm", "cold", "none"
 * @size_bytes: bytes mapped by one operation; 0 for the empty harness
 * @pages: page-sized operations in @size_bytes
 * @va_offset_bytes: distance of the virtual address from a 1 GiB boundary
 * @iova_align_bytes: alignment of the IOVA, which bounds the IOPTE size
 * @chunk_bytes: bytes per ioctl; 0 = all of @size_bytes in one
 * @devices: that are mapped, @size_bytes of each; 0 = one, like the next three
 * @containers: that they are mapped in
 * @domains: of a container
 * @threads: that map at the same time, @size_bytes each
 * @repeats: operations that each sample is of, 1 or more; 1 in memory lines
 *
 * The first three and @size_bytes name a cell within a file; the others are its conditions.
 */
struct record_cell_key {
	const char *case_name;
	const char *op;
	const char *variant;
	const char *tables;
	uint64_t size_bytes;
	uint64_t pages;
	uint64_t va_offset_bytes;
	uint64_t iova_align_bytes;
	uint64_t chunk_bytes;
	uint64_t devices;
	uint64_t containers;
	uint64_t domains;
	uint64_t threads;
	uint64_t repeats;
};

/**
 * struct record_line - a cell line or a memory line
 * @record: which of the two
 * @key: what was done
 * @unit: of the costs; the env line's
 * @order: places of the samples in the run, rising
 * @cost: what each sample took, for all its repeats
 * @counts: what the hardware counted for each sample, by enum counter; NULL where it did not
 * @bytes: of memory; in place of the four
 */
struct record_line {
	const char *record;
	struct record_cell_key key;
	const char *unit;
	json_t *order;
	json_t *cost;
	json_t *counts[COUNTERS];
	json_t *bytes;
};

/**
 * struct record_end - the end line
 * @record: "end"
 * @samples: in all cell and memory lines
 */
struct record_end {
	const char *record;
	uint64_t samples;
};

/* A table of fields and their number. */
struct record_fields {
	const struct field *fields;
	size_t count;
};

extern const struct record_fields record_env_fields;
extern const struct record_fields record_skip_fields;
extern const struct record_fields record_cell_fields;
extern const struct record_fields record_memory_fields;
extern const struct record_fields record_end_fields;

/* The unit that costs have in @mode; NULL when there is no such mode. */
const char *record_mode_unit(const char *mode);

#endif
