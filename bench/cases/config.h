/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BARMAP_CASES_CONFIG_H
#define BARMAP_CASES_CONFIG_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "lib/vfio.h"

/* What a guest does to the configuration space of a device to find out how large its BARs are. */

#define CONFIG_REGISTERS	(PCI_BARS + 1)	/* and that of the expansion ROM */

/* A BAR, or the half of one of 64 bits, and what was found in it. */
struct config_register {
	off_t offset_bytes;
	uint32_t mask;			/* what sizing sets */
	uint32_t value;
	bool upper;			/* sized together with the one before */
};

struct config {
	struct config_register registers[CONFIG_REGISTERS];
	int fd;				/* the device's; borrowed */
	off_t command_offset_bytes;
	uint16_t command;		/* as found: with decode enabled */
};

/* Functions return 0, or -errno; -EIO if the device took or gave only a part. */

/* Note what there is in the configuration space of @device, whose memory space is enabled. */
int config_open(struct config *config, const struct vfio_device *device);

/* Turn decode on, or off. Off, the BARs cannot be accessed, nor mapped by a walk. */
int config_decode(const struct config *config, bool on);

/*
 * Write all ones to register @index, and to its upper half if it has one, read what sticks, and
 * restore it. Sets *@next to the register after.
 */
int config_size(const struct config *config, size_t index, size_t *next);

/* Put everything back as it was found. */
void config_restore(const struct config *config);

#endif
