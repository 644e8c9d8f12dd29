/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BARMAP_HARNESS_RECORD_WRITE_H
#define BARMAP_HARNESS_RECORD_WRITE_H

#include <stdio.h>

#include <jansson.h>

#include "harness/environment.h"
#include "harness/plan.h"
#include "harness/sampling.h"
#include "lib/bar.h"
#include "lib/clock.h"
#include "lib/error.h"
#include "lib/iova.h"
#include "lib/pci.h"
#include "lib/variant.h"

/*
 * Records: JSON Lines, schema 2 (results/schema-2.json). One env record, the samples as sample and
 * memory records, one end record with their number. The order of keys is part of the format: equal
 * runs give equal bytes.
 */

#define RECORD_SCHEMA	2

/* All that a run was, apart from its samples. Everything is borrowed. */
struct record_run {
	const char *kernel_name;
	const struct environment *environment;
	const struct iommu_info *iommu;
	const struct pci_device *pci;
	const struct bar *bar;
	const struct pci_device *more;	/* further devices */
	size_t more_count;
	const struct plan *plan;
	const struct variant_set *variants;
	const struct clock_source *clock;
	int argc;
	char **argv;
};

/* The caller owns the result; NULL if memory ran out or a string is not UTF-8. */
json_t *record_env(const struct record_run *run, const struct sample_set *set);
json_t *record_sample(const struct record_run *run, const struct sample *sample);
json_t *record_end(size_t samples);

/* A result file under way: PATH.tmp-PID until it is whole. */
struct record_file {
	FILE *file;
	char *path, *temporary;
};

/*
 * Create the temporary file for @path, and see to its removal should the program end early. One at
 * a time. Returns 0, or -errno with @error filled: @path exists already or cannot be written.
 */
int record_file_open(struct record_file *file, const char *path, struct error *error);

/* Write all records of a run. Returns 0, or -errno with @error filled. */
int record_file_write(struct record_file *file, const struct record_run *run,
		      const struct sample_set *set, struct error *error);

/*
 * Make the file appear at its path, durable and whole; never over another. Returns 0, or -errno
 * with @error filled. The file is closed and its memory free in any case.
 */
int record_file_commit(struct record_file *file, struct error *error);

/* Close and remove the temporary file. */
void record_file_abandon(struct record_file *file);

#endif
