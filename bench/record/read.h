/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BARMAP_RECORD_READ_H
#define BARMAP_RECORD_READ_H

/*
 * record: one record file (JSON Lines, results/schema-N.json) as read from disk.
 *
 * A file is one `env` line, any number of `sample` and `memory` lines, one `end` line. Reading is
 * strict: what is not exactly that is refused with the file, the line, and what is wrong with it.
 * Nothing is averaged or dropped here.
 */

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/error.h"

/* The schemas this program reads. */
#define RECORD_SCHEMA_FIRST 1
#define RECORD_SCHEMA 2

/* Costs above this (2^53) could not be held exactly in a double. */
#define RECORD_COST_MAX 9007199254740992LL

/**
 * struct record_cell_key - what was done; the same for every sample of a cell
 * @case_name: e.g. "bar/aligned/warm"; letters, digits and "_./+-" only
 * @op: "map", "unmap", "null", …
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
 *
 * The first three and @size_bytes name a cell within a file. The strings are owned by the record.
 */
struct record_cell_key {
	char *case_name;
	char *op;
	char *variant;
	char *tables;
	uint64_t size_bytes;
	uint64_t pages;
	uint64_t va_offset_bytes;
	uint64_t iova_align_bytes;
	uint64_t chunk_bytes;
	uint64_t devices;
	uint64_t containers;
	uint64_t domains;
	uint64_t threads;
};

/**
 * struct record_cell - all samples of one cell, in the order in which they were taken
 * @key: what was done
 * @cost: of one operation, one for each sample, in the record's unit, 0 … RECORD_COST_MAX: what a
 *        sample took divided by its repeats
 * @order: place of each sample in the run, rising
 * @samples: number of costs
 * @repeats_least: the fewest operations that one of the samples is of
 * @repeats_most: the most
 * @capacity: room in @cost and @order
 * @last_iteration: iteration of the newest sample; within a cell iterations rise
 */
struct record_cell {
	struct record_cell_key key;
	double *cost;
	double *order;
	size_t samples;
	int64_t repeats_least;
	int64_t repeats_most;
	size_t capacity;
	int64_t last_iteration;
};

/**
 * struct record - one file
 * @path: as given, owned
 * @env: the whole env line, owned; the strings below point into it
 * @schema: RECORD_SCHEMA_FIRST … RECORD_SCHEMA
 * @mode: "icount", "kvm", "tcg", "metal"
 * @unit: "insn" or "ns"; the unit of every cost in the file
 * @kernel_name: name given to the kernel image, e.g. "patched"
 * @kernel_release: uname -r
 * @iommu_model: "intel", "amd", …
 * @cells: each owned; in order of first appearance
 * @cells_count: at least 1
 * @samples: samples in all cells
 * @memory: amounts of memory: each owned, with bytes for costs; never among @cells, as no cost can
 *          be compared with bytes
 * @memory_count: may be 0
 */
struct record {
	char *path;
	json_t *env;
	int schema;
	const char *mode;
	const char *unit;
	const char *kernel_name;
	const char *kernel_release;
	const char *iommu_model;
	struct record_cell **cells;
	size_t cells_count;
	size_t samples;
	struct record_cell **memory;
	size_t memory_count;
};

/*
 * Reads the file at @path. Returns 0, or -errno with nothing to clean up and @error set to
 * "FILE:LINE: what is wrong" (-EBADMSG), or to what the system said of the file.
 */
int record_read(struct record *record, const char *path, struct error *error);
void record_cleanup(struct record *record);

/* Whether two cells of the same name were measured under the same conditions. */
bool record_conditions_equal(const struct record_cell_key *a, const struct record_cell_key *b);

/*
 * The value at a dotted path of the env line ("machine.cpu"), borrowed; NULL when it is not there.
 */
const json_t *record_env_value(const struct record *record, const char *dotted_path);

#endif
