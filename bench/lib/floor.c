// SPDX-License-Identifier: GPL-2.0-or-later
#include "lib/floor.h"

#include <barmap_floor.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static int floor_error(int err, struct error *error)
{
	return error_set(error, OUTCOME_CANNOT, err, "'%s': %s%s", FLOOR_PATH, strerror(err),
			 err == ENOENT ? "; the variant floor needs the module barmap_floor" : "");
}

int floor_present(const char *address, struct error *error)
{
	(void)address;
	return access(FLOOR_PATH, F_OK) ? floor_error(errno, error) : 0;
}

static int attach_fill(struct barmap_floor_attach *attach, const struct vfio_device *device,
		       int bar)
{
	unsigned int segment, bus, slot, function;

	if (sscanf(device->pci.address, "%x:%x:%x.%x", &segment, &bus, &slot, &function) != 4)
		return -EINVAL;
	*attach = (struct barmap_floor_attach) {
		.device_fd = device->fd,
		.segment = segment,
		.bus = (uint8_t)bus,
		.devfn = (uint8_t)(slot << 3 | function),
		.bar = (uint8_t)bar,
	};
	return 0;
}

int floor_open(struct vfio_container *floor, const struct vfio_device *device, int bar,
	       struct error *error)
{
	struct barmap_floor_attach attach;
	int ret;

	floor->fd = open(FLOOR_PATH, O_RDWR | O_CLOEXEC);
	if (floor->fd < 0)
		return floor_error(errno, error);
	ret = attach_fill(&attach, device, bar);
	if (!ret && ioctl(floor->fd, BARMAP_FLOOR_ATTACH, &attach))
		ret = -errno;
	if (!ret)
		return 0;
	close(floor->fd);
	return error_set(error, OUTCOME_CANNOT, -ret, "'%s': does not take BAR %d of device '%s': %s",
			 FLOOR_PATH, bar, device->pci.address, strerror(-ret));
}
