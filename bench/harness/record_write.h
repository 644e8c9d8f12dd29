/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BARMAP_HARNESS_RECORD_WRITE_H
#define BARMAP_HARNESS_RECORD_WRITE_H

#include <jansson.h>

#include "harness/environment.h"
#include "harness/plan.h"
#include "harness/sampling.h"
#include "lib/bar.h"
#include "lib/clock.h"
#include "lib/error.h"
#include "lib/iova.h"
#include "lib/outfile.h"
#include "lib/pci.h"
#include "lib/variant.h"

/* A run as a record (record/format.h). Equal runs give equal bytes. */

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

/* The env line, which the caller owns; NULL if memory ran out or a string is not UTF-8. */
json_t *record_env(const struct record_run *run, const struct sample_set *set);

/* Write the record of a run. Returns 0, or -errno with @error filled. */
int record_write(struct outfile *file, const struct record_run *run,
		 const struct sample_set *set, struct error *error);

#endif
