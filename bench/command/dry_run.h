/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BARMAP_COMMAND_DRY_RUN_H
#define BARMAP_COMMAND_DRY_RUN_H

#include "harness/plan.h"
#include "lib/clock.h"
#include "lib/error.h"
#include "lib/parameter.h"
#include "lib/pci.h"
#include "lib/variant.h"

/* barmap run --dry-run: what the run would do, from what sysfs says. No device is opened. */
struct dry_run {
	struct plan *plan;		/* still without the limits of the BAR */
	const struct variant_set *variants;
	const struct parameter *domains;
	const struct clock_source *clock;
	const struct pci_device *device;
	int bar;			/* BAR_ANY: the largest */
	struct plan_shard shard;
	const char *output;
};

/*
 * Fit the plan to the BAR and print it on standard output. Returns 0, or -errno with @error filled:
 * the device has no such BAR, or the user's sizes are beyond it.
 */
int dry_run_print(const struct dry_run *run, struct error *error);

#endif
