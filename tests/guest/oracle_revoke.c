// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What DMA finds in mapped device memory while that is out of reach, and after. That the IOMMU
 * still lets an access through where nothing answers is only known by the fault it does not log.
 */
#include "oracle.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/file.h"
#include "lib/iommufd.h"
#include "lib/iotable.h"
#include "lib/size.h"

#define CONSOLE_LEVEL	"/proc/sys/kernel/printk"
#define RAM_BYTES	SZ_2M
#define LOG_PAUSE_S	6	/* the kernel logs no more than ten faults in five seconds */
#define CONSOLE_PAUSE_US 100000	/* the console asks for its level when it gets to print */

/* The kernel's log from now on, kept off the console. */
struct fault_watch {
	int fd;
	char level_before[64];
};

static void fault_watch_begin(const struct scene *scene, struct fault_watch *watch)
{
	watch->fd = must(scene, "/dev/kmsg", open("/dev/kmsg", O_RDONLY | O_NONBLOCK));
	must(scene, "/dev/kmsg", lseek(watch->fd, 0, SEEK_END) < 0 ? -errno : 0);
	must(scene, CONSOLE_LEVEL, file_read(CONSOLE_LEVEL, watch->level_before,
					     sizeof(watch->level_before)));
	must(scene, CONSOLE_LEVEL, file_write(CONSOLE_LEVEL, "1"));
}

/* Whether the IOMMU logged a fault since. */
static bool fault_watch_end(const struct scene *scene, struct fault_watch *watch)
{
	char message[1024];
	bool seen = false;
	ssize_t bytes;

	while ((bytes = read(watch->fd, message, sizeof(message) - 1)) > 0) {
		message[bytes] = '\0';
		seen = seen || strstr(message, "fault addr") || strstr(message, "IO_PAGE_FAULT");
	}
	close(watch->fd);
	usleep(CONSOLE_PAUSE_US);
	must(scene, CONSOLE_LEVEL, file_write(CONSOLE_LEVEL, watch->level_before));
	return seen;
}

void effect_passes(struct scene *scene, const char *key, uint64_t iova)
{
	struct fault_watch watch;

	sleep(LOG_PAUSE_S);
	fault_watch_begin(scene, &watch);
	must(scene, "DMA", edu_dma_write(&scene->edu, iova, 64));
	effect(scene, " %s=%s", key, fault_watch_end(scene, &watch) ? "faults" : "passes");
}

/* The device of the outage, and how its memory comes to be at MAP_IOVA. */
static struct subject *revoke_map(struct scene *scene, uint64_t outage, struct subject *powered)
{
	struct subject *subject = outage_subject(scene, outage, powered);
	char *vma = scene_place(scene, 0, subject, 0, VMA_BYTES, PROT_READ | PROT_WRITE);

	scene_open_edu(scene);
	result_map(scene, vma, VMA_BYTES);
	effect_dma(scene, "before", MAP_IOVA, subject->memory, DMA_RW);
	return subject;
}

/* The memory goes and comes back. */
static void revoke_outage(struct scene *scene, const struct situation_plan *plan)
{
	const struct outage *outage = &outages[plan->first];
	struct subject powered, *subject = revoke_map(scene, plan->first, &powered);

	outage->begin(scene, subject);
	effect_passes(scene, "during", MAP_IOVA);
	outage->end(scene, subject);
	effect_dma(scene, "after", MAP_IOVA + VMA_BYTES / 2, subject->memory + VMA_BYTES / 2, DMA_RW);
	effect_end(scene, VMA_BYTES);
}

/* It is unmapped and asked for again in between. */
static void revoke_unmap(struct scene *scene, const struct situation_plan *plan)
{
	struct subject *subject = revoke_map(scene, OUTAGE_MEMORY, NULL);
	char *vma = scene->window.base;

	(void)plan;
	memory_enable(scene, subject, false);
	effect_end(scene, VMA_BYTES);
	effect_errno(scene, "again", dma_map(scene, MAP_IOVA, vma, VMA_BYTES, DMA_RW));
	memory_enable(scene, subject, true);
	effect_passes(scene, "idle", MAP_IOVA);
	effect_errno(scene, "back", dma_map(scene, MAP_IOVA, vma, VMA_BYTES, DMA_RW));
	effect_dma(scene, "after", MAP_IOVA, subject->memory, DMA_RW);
}

/* One mapping has memory of the process, of the device, and of the process again. */
static void revoke_mixed(struct scene *scene, const struct situation_plan *plan)
{
	struct subject *subject = &scene->subject;
	uint64_t bytes = RAM_BYTES + VMA_BYTES + RAM_BYTES, after = RAM_BYTES + VMA_BYTES;
	char *low = scene_place_ram(scene, 0, RAM_BYTES);
	char *high = scene_place_ram(scene, after, RAM_BYTES);

	(void)plan;
	scene_place(scene, RAM_BYTES, subject, 0, VMA_BYTES, PROT_READ | PROT_WRITE);
	scene_open_edu(scene);
	result_map(scene, low, bytes);
	memory_enable(scene, subject, false);
	effect_dma(scene, "low", MAP_IOVA, low, DMA_RW);
	effect_passes(scene, "during", MAP_IOVA + RAM_BYTES);
	effect_dma(scene, "high", MAP_IOVA + after, high, DMA_RW);
	if (plan->other)
		effect_end(scene, bytes);
	memory_enable(scene, subject, true);
	if (plan->other)
		return;
	effect_dma(scene, "after", MAP_IOVA + RAM_BYTES, subject->memory, DMA_RW);
	effect_end(scene, bytes);
}

/* The device that does the DMA joins while the memory is gone. */
static void revoke_join(struct scene *scene, const struct situation_plan *plan)
{
	struct subject *subject = &scene->subject;
	char *vma = scene_place(scene, 0, subject, 0, VMA_BYTES, PROT_READ | PROT_WRITE);

	(void)plan;
	result_map(scene, vma, VMA_BYTES);
	memory_enable(scene, subject, false);
	scene_open_edu(scene);
	effect_passes(scene, "during", MAP_IOVA);
	memory_enable(scene, subject, true);
	effect_dma(scene, "after", MAP_IOVA, subject->memory, DMA_RW);
	effect_end(scene, VMA_BYTES);
}

static void function_reset(struct scene *scene, struct subject *subject)
{
	effect_errno(scene, "reset", ioctl(subject->device.fd, VFIO_DEVICE_RESET) ? -errno : 0);
}

static void hot_reset(struct scene *scene, struct subject *subject)
{
	struct {
		struct vfio_pci_hot_reset head;
		int32_t group_fd;
	} reset = {
		.head = { .argsz = sizeof(reset), .count = 1 },
		.group_fd = subject->device.group_fd,
	};

	effect_errno(scene, "reset",
		     ioctl(subject->device.fd, VFIO_DEVICE_PCI_HOT_RESET, &reset) ? -errno : 0);
}

/* A reset is over when the call returns: all there is to see is that the mapping is back. */
static void revoke_reset(struct scene *scene, const struct situation_plan *plan)
{
	struct subject powered, *subject = revoke_map(scene, OUTAGE_POWER, &powered);

	if (plan->other)
		hot_reset(scene, subject);
	else
		function_reset(scene, subject);
	effect_dma(scene, "after", MAP_IOVA, subject->memory, DMA_RW);
	effect_end(scene, VMA_BYTES);
}

#define HELD_US	5000	/* until who is to take a lock sleeps with it, which a reset does for 20000 */

/* Let a process run @hold on @held until it sleeps with a lock. */
static pid_t hold_begin(struct scene *scene, struct subject *held,
			void (*hold)(struct scene *scene, struct subject *held))
{
	pid_t pid = must(scene, "fork", fork());

	if (!pid) {
		hold(scene, held);
		_exit(0);
	}
	usleep(HELD_US);
	return pid;
}

/*
 * What comes of @try now. A refusal is not to take the memory away: the CPU would need a fault to see
 * it again.
 */
static void effect_stayed(struct scene *scene, struct subject *subject,
			  void (*try)(struct scene *scene, struct subject *subject))
{
	struct rusage before, after = { 0 };

	populate(subject->memory, VMA_BYTES);
	try(scene, subject);
	getrusage(RUSAGE_SELF, &before);
	populate(subject->memory, VMA_BYTES);
	getrusage(RUSAGE_SELF, &after);
	effect(scene, " memory=%s", after.ru_minflt > before.ru_minflt ? "went" : "stayed");
}

/* Nothing of the device is in the process. */
static void device_leave(struct scene *scene, struct subject *subject)
{
	must(scene, "munmap", va_range_clear(&scene->window));
	must(scene, "munmap", munmap(subject->memory, subject->memory_bytes));
	vfio_device_close(&subject->device);
}

static void hold_driver(struct scene *scene, struct subject *held)
{
	device_leave(scene, held);
	file_write("/sys/bus/pci/drivers/vfio-pci/unbind", scene->cast->power);
}

/* A function reset finds the device locked, as its driver is about to leave it. */
static void revoke_reset_refused(struct scene *scene, const struct situation_plan *plan)
{
	struct subject powered, *subject = revoke_map(scene, OUTAGE_POWER, &powered);
	pid_t pid = hold_begin(scene, subject, hold_driver);

	(void)plan;
	effect_stayed(scene, subject, function_reset);
	effect_dma(scene, "after", MAP_IOVA, subject->memory, DMA_RW);
	effect_end(scene, VMA_BYTES);
	device_leave(scene, subject);
	must(scene, "unbind", waitpid(pid, NULL, 0));
	must(scene, "bind", file_write("/sys/bus/pci/drivers/vfio-pci/bind", scene->cast->power));
}

/* The memory of a device that is being reset is locked. */
static void hold_memory(struct scene *scene, struct subject *held)
{
	(void)scene;
	ioctl(held->device.fd, VFIO_DEVICE_RESET);
}

/* A hot reset finds the second of its devices in use after it had the first. */
static void revoke_hot_reset_refused(struct scene *scene, const struct situation_plan *plan)
{
	struct subject subject, second;
	char *vma;
	pid_t pid;

	(void)plan;
	scene_open_subject(scene, &subject, scene->cast->first, 2);
	second.device.fd = must(scene, "the second function",
				ioctl(subject.device.group_fd, VFIO_GROUP_GET_DEVICE_FD,
				      scene->cast->second));
	vma = scene_place(scene, 0, &subject, 0, VMA_BYTES, PROT_READ | PROT_WRITE);
	scene_open_edu(scene);
	result_map(scene, vma, VMA_BYTES);
	pid = hold_begin(scene, &second, hold_memory);
	effect_stayed(scene, &subject, hot_reset);
	effect_dma(scene, "after", MAP_IOVA, subject.memory, DMA_RW);
	effect_end(scene, VMA_BYTES);
	must(scene, "reset", waitpid(pid, NULL, 0));
}

/* Whether the IOMMU has, for the device at @address, leaves between MAP_IOVA and VMA_BYTES behind. */
static void effect_tables(struct scene *scene, const char *key, const char *address)
{
	struct iotable_leaf leaf;
	struct iotable table;
	bool found = false;
	int ret;

	must(scene, "IOMMU tables", iotable_open(&table, address));
	while ((ret = iotable_next(&table, &leaf)) > 0)
		found = found || (leaf.iova >= MAP_IOVA && leaf.iova < MAP_IOVA + VMA_BYTES);
	must(scene, "IOMMU tables", ret);
	iotable_close(&table);
	effect(scene, " %s=%s", key, found ? "mapped" : "gone");
}

/*
 * The same BAR is mapped for another device as a dma-buf, by iommufd, which takes that away as well,
 * but leaves it to its user to map it again.
 */
static void revoke_dma_buf(struct scene *scene, const struct situation_plan *plan)
{
	const char *peer_address = scene->cast->power;
	struct vfio_device peer;
	struct subject *subject;
	struct iommufd iommufd;
	struct error error;
	int file;

	(void)plan;
	if (!iommufd_present() || iommufd_export_probe(&scene->subject.device))
		skipped(scene, "no dma-bufs");
	subject = revoke_map(scene, OUTAGE_MEMORY, NULL);
	must(scene, "iommufd", iommufd_open(&iommufd, &error));
	must(scene, peer_address, iommufd_device_open(&iommufd, &peer, peer_address, &error));
	file = must(scene, "a dma-buf", iommufd_export(&subject->device, 2, VMA_BYTES));
	must(scene, "a dma-buf", iommufd_map_file(&iommufd, file, MAP_IOVA, 0, VMA_BYTES));
	effect_tables(scene, "file", peer_address);
	memory_enable(scene, subject, false);
	effect_passes(scene, "during", MAP_IOVA);
	effect_tables(scene, "file-during", peer_address);
	memory_enable(scene, subject, true);
	effect_dma(scene, "after", MAP_IOVA, subject->memory, DMA_RW);
	effect_tables(scene, "file-after", peer_address);
	effect_errno(scene, "unmap-file", iommufd_unmap(&iommufd, MAP_IOVA, VMA_BYTES));
	effect_errno(scene, "map-file", iommufd_map_file(&iommufd, file, MAP_IOVA, 0, VMA_BYTES));
	effect_tables(scene, "file-again", peer_address);
	effect_end(scene, VMA_BYTES);
}

/* Nothing is left of the device in the process, but edu goes on; then somebody else has it. */
static void revoke_close(struct scene *scene, const struct situation_plan *plan)
{
	struct subject *subject = revoke_map(scene, OUTAGE_MEMORY, NULL);
	struct fault_watch watch;

	(void)plan;
	device_leave(scene, subject);
	effect_passes(scene, "during", MAP_IOVA);
	scene_open_subject(scene, subject, scene->cast->memory, 2);
	sleep(LOG_PAUSE_S);
	fault_watch_begin(scene, &watch);
	effect_dma(scene, "next", MAP_IOVA, subject->memory, VFIO_DMA_MAP_FLAG_WRITE);
	fault_watch_end(scene, &watch);
	effect_end(scene, VMA_BYTES);
}

#define TWO_DOMAINS(title, function, ...) \
	SITUATION_SET("revoke/two-domains-" title, function, "separate_domains", "1", __VA_ARGS__)
#define KEPT(title, function, ...) \
	SITUATION_SET("revoke/kept-" title, function, "revoke_device_memory", "0", __VA_ARGS__)

const struct situation revoke_situations[] = {
	SITUATION("revoke/memory-off", revoke_outage, .first = OUTAGE_MEMORY),
	SITUATION("revoke/d3", revoke_outage, .first = OUTAGE_POWER),
	SITUATION("revoke/low-power", revoke_outage, .first = OUTAGE_LOW_POWER),
	SITUATION("revoke/woken", revoke_outage, .first = OUTAGE_WOKEN),
	SITUATION("revoke/wakeup", revoke_outage, .first = OUTAGE_WAKEUP),
	SITUATION("revoke/dma-buf", revoke_dma_buf),
	SITUATION("revoke/unmap", revoke_unmap),
	SITUATION("revoke/mixed", revoke_mixed),
	SITUATION("revoke/mixed-unmap", revoke_mixed, .other = true),
	SITUATION("revoke/join", revoke_join),
	SITUATION("revoke/reset", revoke_reset),
	SITUATION("revoke/hot-reset", revoke_reset, .other = true),
	SITUATION("revoke/reset-refused", revoke_reset_refused),
	SITUATION("revoke/hot-reset-refused", revoke_hot_reset_refused),
	SITUATION("revoke/close", revoke_close),
	TWO_DOMAINS("memory-off", revoke_outage, .first = OUTAGE_MEMORY),
	TWO_DOMAINS("mixed", revoke_mixed),
	TWO_DOMAINS("mixed-unmap", revoke_mixed, .other = true),
	TWO_DOMAINS("join", revoke_join),
	TWO_DOMAINS("close", revoke_close),
	KEPT("memory-off", revoke_outage, .first = OUTAGE_MEMORY),
	KEPT("close", revoke_close),
	SITUATIONS_END
};
