// SPDX-License-Identifier: GPL-2.0-or-later
/* What stress does to the devices. */
#include "stress.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#define OUTAGE_US	2000

/* ---- memory that is out of reach for a while ---- */

/*
 * By one thread at a time, as a driver does: the kernel keeps a copy of the register,
 * which it looks at without a lock once more after it was written.
 */
static void command_write(struct stress *stress, const struct subject *subject, bool enable)
{
	pthread_mutex_lock(&stress->command);
	memory_enable(&stress->scene, subject, enable);
	pthread_mutex_unlock(&stress->command);
}

static int memory_off_and_on(struct worker *worker)
{
	struct stress *stress = worker->stress;
	const struct subject *subject = worker_random(worker, 2) ? &stress->scene.subject :
								    &stress->power;

	command_write(stress, subject, false);
	worker_pause(worker, OUTAGE_US);
	command_write(stress, subject, true);
	return 0;
}

static int power_off_and_on(struct worker *worker)
{
	struct stress *stress = worker->stress;

	power_set(&stress->scene, &stress->power, 3);
	worker_pause(worker, OUTAGE_US);
	power_set(&stress->scene, &stress->power, 0);
	/* The transition may have reset the device. */
	command_write(stress, &stress->power, true);
	return 0;
}

static int feature_set(const struct subject *subject, uint32_t feature)
{
	struct vfio_device_feature request = {
		.argsz = sizeof(request),
		.flags = VFIO_DEVICE_FEATURE_SET | feature,
	};

	return ioctl(subject->device.fd, VFIO_DEVICE_FEATURE, &request) ? -errno : 0;
}

static int low_power(struct worker *worker)
{
	const struct subject *subject = &worker->stress->power;
	int ret = feature_set(subject, VFIO_DEVICE_FEATURE_LOW_POWER_ENTRY);

	if (ret)
		return ret;
	worker_pause(worker, OUTAGE_US);
	return feature_set(subject, VFIO_DEVICE_FEATURE_LOW_POWER_EXIT);
}

static int reset(struct worker *worker)
{
	return ioctl(worker->stress->power.device.fd, VFIO_DEVICE_RESET) ? -errno : 0;
}

/* Of the bus that the device has for itself. */
static int hot_reset(struct worker *worker)
{
	const struct vfio_device *device = &worker->stress->power.device;
	char room[sizeof(struct vfio_pci_hot_reset) + sizeof(__s32)] = "";
	struct vfio_pci_hot_reset *request = (void *)room;

	request->argsz = sizeof(room);
	request->count = 1;
	request->group_fds[0] = device->group_fd;
	return ioctl(device->fd, VFIO_DEVICE_PCI_HOT_RESET, request) ? -errno : 0;
}

/* ---- devices that come and go ---- */

/* As vfio_device_open(); a child that is not gone yet still has the group open. */
static int device_open(struct worker *worker, struct vfio_device *device, const char *address)
{
	struct error error;
	int ret = vfio_device_open(device, &worker->stress->scene.container, address, &error);

	if (ret && ret != -EBUSY)
		stress_fail(worker->stress, "%s: %s", worker->operation->name, error.text);
	return ret;
}

static int group_join_and_leave(struct worker *worker)
{
	struct vfio_device device;
	int ret = device_open(worker, &device, worker->stress->scene.cast->dma);

	if (ret)
		return ret;
	worker_pause(worker, OUTAGE_US);
	vfio_device_close(&device);
	return 0;
}

static int guest_place(struct stress *stress, const struct vfio_device *device)
{
	struct error error;
	struct bar bar;

	if (bar_choose(device, 2, &bar, &error)) {
		stress_fail(stress, "%s", error.text);
		return -EINVAL;
	}
	return mmap(stress_slot(stress, SLOT_GUEST), VMA_BYTES, PROT_READ | PROT_WRITE,
		    MAP_SHARED | MAP_FIXED, device->fd,
		    (off_t)bar.fd_offset_bytes) == MAP_FAILED ? -errno : 0;
}

/* Closed before its memory is unmapped from the process, or after that. */
static int guest_open_and_close(struct worker *worker)
{
	char *slot = stress_slot(worker->stress, SLOT_GUEST);
	bool close_first = worker_random(worker, 2);
	struct vfio_device device;
	int ret = device_open(worker, &device, worker->stress->guest);

	if (ret)
		return ret;
	ret = guest_place(worker->stress, &device);
	worker_pause(worker, 20000);
	if (close_first)
		vfio_device_close(&device);
	worker_pause(worker, OUTAGE_US);
	if (munmap(slot, VMA_BYTES))
		ret = -errno;
	if (!close_first)
		vfio_device_close(&device);
	return ret;
}

const struct operation stress_device_operations[] = {
	{ OPERATION("memory-off-and-on", memory_off_and_on, 1, 5000, 0) },
	{ OPERATION("d3-and-d0", power_off_and_on, 1, 200000, 0) },
	{ OPERATION("low-power", low_power, 1, 200000, EINVAL) },
	{ OPERATION("reset", reset, 1, 2000000, EAGAIN) },
	{ OPERATION("hot-reset", hot_reset, 1, 8000000, EAGAIN, EBUSY) },
	{ OPERATION("group-join-and-leave", group_join_and_leave, 1, 10000, EBUSY) },
	{ OPERATION("device-open-and-close", guest_open_and_close, 1, 10000, EBUSY) },
	{ .name = NULL },
};
