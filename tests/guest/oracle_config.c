// SPDX-License-Identifier: GPL-2.0-or-later
/* The config space of a subject. */
#include "oracle.h"

#include <errno.h>
#include <linux/pci_regs.h>
#include <sys/ioctl.h>
#include <unistd.h>

uint64_t config_offset(const struct scene *scene, const struct subject *subject)
{
	struct vfio_region_info info = {
		.argsz = sizeof(info),
		.index = VFIO_PCI_CONFIG_REGION_INDEX,
	};

	must(scene, "config space", ioctl(subject->device.fd, VFIO_DEVICE_GET_REGION_INFO, &info));
	return info.offset;
}

void memory_enable(const struct scene *scene, const struct subject *subject, bool enable)
{
	off_t at = (off_t)config_offset(scene, subject) + PCI_COMMAND;
	uint16_t command;

	if (pread(subject->device.fd, &command, sizeof(command), at) != sizeof(command))
		broken(scene, "reading the command register", EIO);
	command &= (uint16_t)~PCI_COMMAND_MEMORY;
	if (enable)
		command |= PCI_COMMAND_MEMORY;
	if (pwrite(subject->device.fd, &command, sizeof(command), at) != sizeof(command))
		broken(scene, "writing the command register", EIO);
}

/* The device's config space at @at, through VFIO. */
static uint16_t config_read(const struct scene *scene, const struct subject *subject,
			    unsigned int at)
{
	off_t offset = (off_t)(config_offset(scene, subject) + at);
	uint16_t value;

	if (pread(subject->device.fd, &value, sizeof(value), offset) != sizeof(value))
		broken(scene, "reading config space", EIO);
	return value;
}

static unsigned int power_capability(const struct scene *scene, const struct subject *subject)
{
	unsigned int at = config_read(scene, subject, PCI_CAPABILITY_LIST) & 0xfc;
	unsigned int capabilities;

	for (capabilities = 0; at && capabilities < 48; capabilities++) {
		uint16_t header = config_read(scene, subject, at);

		if ((header & 0xff) == PCI_CAP_ID_PM)
			return at;
		at = header >> 8 & 0xfc;
	}
	skipped(scene, "no power management capability");
}

void power_set(const struct scene *scene, const struct subject *subject, uint16_t state)
{
	unsigned int at = power_capability(scene, subject) + PCI_PM_CTRL;
	uint16_t control = config_read(scene, subject, at);

	control = (uint16_t)((control & ~PCI_PM_CTRL_STATE_MASK) | state);
	if (pwrite(subject->device.fd, &control, sizeof(control),
		   (off_t)(config_offset(scene, subject) + at)) != sizeof(control))
		broken(scene, "setting the power state", EIO);
}
