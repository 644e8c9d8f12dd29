/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BARMAP_CASES_FLEET_H
#define BARMAP_CASES_FLEET_H

#include <stdbool.h>

#include "cases/mapping.h"
#include "harness/case.h"

/*
 * Mappings side by side, of as many devices and in as many containers as the axes of the case have:
 * each of the same size, at an IOVA of its own.
 */

#define FLEET_MAX	8

struct fleet_member {
	struct case_target target;	/* the mapping's own */
	struct mapping mapping;
	struct backend_session session;
	struct vfio_device device;
	bool own_session, own_device, mapped;		/* what is to be closed */
};

struct fleet {
	size_t count;
	struct fleet_member members[FLEET_MAX];
};

/*
 * Make *@target that of @context with the IOVA of mapping @index. Returns 0, or CASE_SKIPPED if
 * there is no room for so many.
 */
int fleet_place(const struct case_context *context, unsigned int index,
		struct case_target *target);

/* Open further device @index of the target, in @session, or just its group if that is NULL. */
int fleet_device_open(const struct case_context *context, size_t index,
		      struct backend_session *session, struct vfio_device *device);

/*
 * Open all that is needed, map the BARs into the process and populate its page tables. Returns 0,
 * CASE_SKIPPED or -errno; after 0 fleet_close() undoes it.
 */
int fleet_open(struct fleet *fleet, const struct case_context *context);
void fleet_close(struct fleet *fleet);

#endif
