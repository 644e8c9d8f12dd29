// SPDX-License-Identifier: GPL-2.0-or-later
/* What state the device is in whose memory is mapped. */
#include "oracle.h"

#include <errno.h>
#include <linux/pci_regs.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "lib/file.h"

static void memory_off(struct scene *scene, struct subject *subject)
{
	memory_enable(scene, subject, false);
}

static void memory_on(struct scene *scene, struct subject *subject)
{
	memory_enable(scene, subject, true);
}

static void power_off(struct scene *scene, struct subject *subject)
{
	power_set(scene, subject, 3);
}

static void power_on(struct scene *scene, struct subject *subject)
{
	power_set(scene, subject, 0);
	/* The transition may have reset the device. */
	memory_enable(scene, subject, true);
}

/* VFIO's own low power state: the kernel decides what becomes of the device. */
static void low_power(struct scene *scene, struct subject *subject, uint32_t feature)
{
	struct vfio_device_feature request = {
		.argsz = sizeof(request),
		.flags = VFIO_DEVICE_FEATURE_SET | feature,
	};

	if (ioctl(subject->device.fd, VFIO_DEVICE_FEATURE, &request))
		skipped(scene, strerrorname_np(errno));
}

static void low_power_enter(struct scene *scene, struct subject *subject)
{
	low_power(scene, subject, VFIO_DEVICE_FEATURE_LOW_POWER_ENTRY);
}

static void low_power_leave(struct scene *scene, struct subject *subject)
{
	low_power(scene, subject, VFIO_DEVICE_FEATURE_LOW_POWER_EXIT);
}

static const char *sysfs_path(const struct scene *scene, const char *name)
{
	static char path[128];

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/%s", scene->cast->power, name);
	return path;
}

/* Somebody wants the device awake. */
static void woken_enter(struct scene *scene, struct subject *subject)
{
	low_power_enter(scene, subject);
	must(scene, "power/control", file_write(sysfs_path(scene, "power/control"), "on"));
}

static void woken_leave(struct scene *scene, struct subject *subject)
{
	must(scene, "power/control", file_write(sysfs_path(scene, "power/control"), "auto"));
	low_power_leave(scene, subject);
}

static void wakeup_enter(struct scene *scene, struct subject *subject)
{
	struct {
		struct vfio_device_feature head;
		struct vfio_device_low_power_entry_with_wakeup entry;
	} request = {
		.head = {
			.argsz = sizeof(request),
			.flags = VFIO_DEVICE_FEATURE_SET |
				 VFIO_DEVICE_FEATURE_LOW_POWER_ENTRY_WITH_WAKEUP,
		},
		.entry.wakeup_eventfd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC),
	};

	scene->wakeup_fd = must(scene, "eventfd", request.entry.wakeup_eventfd);
	if (ioctl(subject->device.fd, VFIO_DEVICE_FEATURE, &request))
		skipped(scene, strerrorname_np(errno));
}

/* Somebody wants it awake, for a moment. */
static void wakeup_leave(struct scene *scene, struct subject *subject)
{
	uint64_t count;

	(void)subject;
	must(scene, "power/control", file_write(sysfs_path(scene, "power/control"), "on"));
	must(scene, "power/control", file_write(sysfs_path(scene, "power/control"), "auto"));
	if (read(scene->wakeup_fd, &count, sizeof(count)) != sizeof(count))
		broken(scene, "the wakeup", errno);
	close(scene->wakeup_fd);
}

const struct outage outages[OUTAGES] = {
	{ memory_off, memory_on },
	{ power_off, power_on },
	{ low_power_enter, low_power_leave },
	{ woken_enter, woken_leave },
	{ wakeup_enter, wakeup_leave },
};

struct subject *outage_subject(struct scene *scene, uint64_t outage, struct subject *powered)
{
	if (outage == OUTAGE_MEMORY)
		return &scene->subject;
	scene_open_subject(scene, powered, scene->cast->power, 2);
	return powered;
}

/* Map while the memory is out of reach; then when it is back. */
static void map_in_outage(struct scene *scene, const struct situation_plan *plan)
{
	const struct outage *outage = &outages[plan->first];
	struct subject powered, *subject = outage_subject(scene, plan->first, &powered);
	char *vma = scene_place(scene, 0, subject, 0, VMA_BYTES, PROT_READ | PROT_WRITE);

	if (plan->populated)
		populate(vma, VMA_BYTES);
	outage->begin(scene, subject);
	result_map(scene, vma, VMA_BYTES);
	effect_end(scene, VMA_BYTES);
	outage->end(scene, subject);
	effect_errno(scene, "back", dma_map(scene, MAP_IOVA, vma, VMA_BYTES, DMA_RW));
}

/* Unmap while the memory is out of reach. */
static void unmap_in_outage(struct scene *scene, const struct situation_plan *plan)
{
	const struct outage *outage = &outages[plan->first];
	struct subject powered, *subject = outage_subject(scene, plan->first, &powered);
	char *vma = scene_place(scene, 0, subject, 0, VMA_BYTES, PROT_READ | PROT_WRITE);

	result_map(scene, vma, VMA_BYTES);
	outage->begin(scene, subject);
	effect_end(scene, VMA_BYTES);
	outage->end(scene, subject);
}

/* The memory went and came back: what is mapped still reaches it. */
static void outage_survived(struct scene *scene, const struct situation_plan *plan)
{
	const struct outage *outage = &outages[plan->first];
	struct subject powered, *subject = outage_subject(scene, plan->first, &powered);
	char *vma = scene_place(scene, 0, subject, 0, VMA_BYTES, PROT_READ | PROT_WRITE);

	scene_open_edu(scene);
	result_map(scene, vma, VMA_BYTES);
	outage->begin(scene, subject);
	outage->end(scene, subject);
	effect_dma(scene, "dma", MAP_IOVA, subject->memory, DMA_RW);
	effect_end(scene, VMA_BYTES);
}

static void device_reset(struct scene *scene, const struct situation_plan *plan)
{
	struct subject subject;
	char *vma;

	(void)plan;
	scene_open_subject(scene, &subject, scene->cast->power, 2);
	vma = scene_place(scene, 0, &subject, 0, VMA_BYTES, PROT_READ | PROT_WRITE);
	result_map(scene, vma, VMA_BYTES);
	effect_errno(scene, "reset", ioctl(subject.device.fd, VFIO_DEVICE_RESET) ? -errno : 0);
	effect_end(scene, VMA_BYTES);
	memory_enable(scene, &subject, true);
	effect_errno(scene, "again", dma_map(scene, MAP_IOVA, vma, VMA_BYTES, DMA_RW));
}

/* The device's file is closed, but its memory stays mapped into the process. */
static void device_closed(struct scene *scene, const struct situation_plan *plan)
{
	char *vma = scene_place(scene, 0, &scene->subject, 0, VMA_BYTES, PROT_READ | PROT_WRITE);

	if (plan->populated)
		populate(vma, VMA_BYTES);
	scene_open_edu(scene);
	vfio_device_close(&scene->subject.device);
	result_map(scene, vma, VMA_BYTES);
	effect_dma(scene, "dma", MAP_IOVA, scene->subject.memory, DMA_RW);
	effect_end(scene, VMA_BYTES);
}

/* Nothing is left of the device in the process, but of its memory in the container. */
static void device_gone(struct scene *scene, const struct situation_plan *plan)
{
	char *vma = scene_place(scene, 0, &scene->subject, 0, VMA_BYTES, PROT_READ | PROT_WRITE);

	(void)plan;
	scene_open_edu(scene);
	result_map(scene, vma, VMA_BYTES);
	must(scene, "munmap", va_range_clear(&scene->window));
	must(scene, "munmap", munmap(scene->subject.memory, scene->subject.memory_bytes));
	vfio_device_close(&scene->subject.device);
	effect_errno(scene, "again", dma_map(scene, MAP_IOVA, vma, VMA_BYTES, DMA_RW));
	effect_end(scene, VMA_BYTES);
}

/* The memory of a device that another container has: peer to peer between them. */
static void other_container(struct scene *scene, const struct situation_plan *plan)
{
	char *vma = scene_place(scene, 0, &scene->subject, 0, VMA_BYTES, PROT_READ | PROT_WRITE);
	struct error error;

	(void)plan;
	must(scene, "another container", vfio_container_open(&scene->container, &error));
	scene_open_edu(scene);
	result_map(scene, vma, VMA_BYTES);
	effect_dma(scene, "dma", MAP_IOVA, scene->subject.memory, DMA_RW);
	effect_end(scene, VMA_BYTES);
}

/* The same while the memory is out of reach. */
static void other_container_outage(struct scene *scene, const struct situation_plan *plan)
{
	char *vma = scene_place(scene, 0, &scene->subject, 0, VMA_BYTES, PROT_READ | PROT_WRITE);
	struct error error;

	(void)plan;
	must(scene, "another container", vfio_container_open(&scene->container, &error));
	scene_open_edu(scene);
	memory_enable(scene, &scene->subject, false);
	result_map(scene, vma, VMA_BYTES);
	effect_end(scene, VMA_BYTES);
}

const struct situation device_situations[] = {
	SITUATION("device/memory-off", map_in_outage, .first = OUTAGE_MEMORY),
	SITUATION("device/memory-off-populated", map_in_outage,
		  .first = OUTAGE_MEMORY, .populated = true),
	SITUATION("device/memory-off-unmap", unmap_in_outage, .first = OUTAGE_MEMORY),
	SITUATION("device/memory-off-and-on", outage_survived, .first = OUTAGE_MEMORY),
	SITUATION("device/d3", map_in_outage, .first = OUTAGE_POWER),
	SITUATION("device/d3-populated", map_in_outage, .first = OUTAGE_POWER, .populated = true),
	SITUATION("device/d3-unmap", unmap_in_outage, .first = OUTAGE_POWER),
	SITUATION("device/d3-and-d0", outage_survived, .first = OUTAGE_POWER),
	SITUATION("device/low-power", map_in_outage, .first = OUTAGE_LOW_POWER),
	SITUATION("device/low-power-unmap", unmap_in_outage, .first = OUTAGE_LOW_POWER),
	SITUATION("device/reset", device_reset),
	SITUATION("device/closed", device_closed),
	SITUATION("device/closed-populated", device_closed, .populated = true),
	SITUATION("device/gone", device_gone),
	SITUATION("device/other-container", other_container),
	SITUATION("device/other-container-memory-off", other_container_outage),
	SITUATIONS_END
};
