// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * monitor SCENE: makes the calls of a monitor, for tests of barmap-vmm-trace. Ends with 0 when each
 * call gave what it gives without the library.
 */
#include <errno.h>
#include <linux/pci_regs.h>
#include <linux/vfio.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "area.h"
#include "lib/array.h"
#include "uapi.h"

#define BAR_BYTES	(UINT64_C(1) << 32)
#define BAR_OFFSET	((off_t)2 << 40)
#define CONFIG_OFFSET	((off_t)7 << 40)
#define THREADS		4
#define THREAD_CALLS	500

#define REQUIRE(condition)						\
	do {								\
		if (!(condition)) {					\
			fprintf(stderr, "monitor: line %d: %s: %s\n", __LINE__, #condition, \
				strerror(errno));			\
			exit(9);					\
		}							\
	} while (0)

static int container;	/* a pipe: nothing of VFIO, nor of a terminal */

static int device_open(const char *name)
{
	struct vfio_device_info info = { .argsz = sizeof(info) };
	struct vfio_region_info region = { .argsz = sizeof(region) };
	int fd;

	fd = ioctl(container, VFIO_GROUP_GET_DEVICE_FD, name);
	REQUIRE(fd >= 0);
	REQUIRE(!ioctl(fd, VFIO_DEVICE_GET_INFO, &info));
	for (region.index = 0; region.index < 9; region.index++)
		REQUIRE(!ioctl(fd, VFIO_DEVICE_GET_REGION_INFO, &region));
	return fd;
}

static uint64_t bar_map(int device, uint64_t bytes, off_t offset)
{
	void *bar = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, device, BAR_OFFSET + offset);

	REQUIRE(bar != MAP_FAILED);
	return (uint64_t)bar;
}

static int dma_map(uint64_t vaddr, uint64_t iova, uint64_t bytes)
{
	struct vfio_iommu_type1_dma_map map = {
		.argsz = sizeof(map), .vaddr = vaddr, .iova = iova, .size = bytes,
	};

	return ioctl(container, VFIO_IOMMU_MAP_DMA, &map);
}

static int dma_unmap(uint64_t iova, uint64_t bytes)
{
	struct vfio_iommu_type1_dma_unmap unmap = {
		.argsz = sizeof(unmap), .iova = iova, .size = bytes,
	};

	return ioctl(container, VFIO_IOMMU_UNMAP_DMA, &unmap);
}

static void decode(int device, uint16_t command)
{
	REQUIRE(pwrite(device, &command, sizeof(command), CONFIG_OFFSET + PCI_COMMAND) == 2);
}

/* Memory, a BAR, decode off and on, the BAR again, one that fails. */
static void scene_boot(void)
{
	int device = device_open("0000:65:00.0");
	uint64_t bar = bar_map(device, BAR_BYTES, 0);

	REQUIRE(!dma_map(4096, 0, 1 << 20));
	decode(device, PCI_COMMAND_MEMORY);
	REQUIRE(!dma_map(bar, BAR_BYTES, BAR_BYTES));
	decode(device, PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER);	/* changes no decode */
	decode(device, 0);
	REQUIRE(!dma_unmap(BAR_BYTES, BAR_BYTES));
	decode(device, PCI_COMMAND_MEMORY);
	REQUIRE(!dma_map(bar, BAR_BYTES, BAR_BYTES));
	REQUIRE(dma_map(bar, BAR_BYTES, 0) == -1 && errno == EINVAL);
}

/* Where the BAR is, and the second half of it. */
static void scene_place(void)
{
	int device = device_open("0000:65:00.0");
	uint64_t half = bar_map(device, BAR_BYTES / 2, BAR_BYTES / 2 + 8192), bar;

	bar = bar_map(device, BAR_BYTES, 0);
	*(volatile char *)bar = 1;
	*(volatile char *)(bar + BAR_BYTES - 1) = 1;
	REQUIRE(!munmap((void *)bar, BAR_BYTES));
	printf("%#llx %#llx\n", (unsigned long long)bar % (1 << 30), (unsigned long long)half % (1 << 30));
}

/* What is none of the library's business. */
static void scene_others(void)
{
	struct vfio_iommu_type1_dma_map reset = { .argsz = 0, .size = 1 };
	int ends[2], bytes = 0;

	REQUIRE(!pipe(ends));
	REQUIRE(write(ends[1], "four", 4) == 4);
	REQUIRE(!ioctl(ends[0], FIONREAD, &bytes) && bytes == 4);
	errno = EXDEV;
	REQUIRE(ioctl(-1, FIONREAD, &bytes) == -1 && errno == EBADF);
	REQUIRE(ioctl(ends[0], TCGETS, NULL) == -1 && errno == ENOTTY);
	REQUIRE(pwrite(ends[1], "x", 1, 4) == -1 && errno == ESPIPE);
	REQUIRE(mmap(NULL, 0, PROT_READ, MAP_SHARED, ends[0], 0) == MAP_FAILED && errno == EINVAL);
	REQUIRE(close(-1) == -1 && errno == EBADF);
	REQUIRE(munmap((void *)1, 4096) == -1 && errno == EINVAL);
	errno = EXDEV;
	REQUIRE(!dma_unmap(0, 4096) && errno == EXDEV);		/* success leaves it */
	/* on a device, the number of MAP_DMA is that of a reset */
	REQUIRE(!ioctl(device_open("0000:65:00.0"), VFIO_IOMMU_MAP_DMA, &reset));
}

/* A descriptor that was a device's is another file's. */
static void scene_reuse(void)
{
	int device = device_open("0000:65:00.0");
	uint64_t bar = bar_map(device, BAR_BYTES, 0);
	void *memory;

	REQUIRE(!close(device));
	REQUIRE(!dma_map(bar, 0, BAR_BYTES));	/* mapped still */
	REQUIRE(!munmap((void *)bar, BAR_BYTES));
	memory = mmap((void *)bar, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	REQUIRE(memory == (void *)bar);
	REQUIRE(!dma_map(bar, BAR_BYTES, 4096));
}

/* Something else is mapped over a page in the middle of a BAR. */
static void scene_hole(void)
{
	uint64_t bar = bar_map(device_open("0000:65:00.0"), BAR_BYTES, 0), hole = bar + 8192;

	REQUIRE(mmap((void *)hole, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) ==
		(void *)hole);
	REQUIRE(!dma_map(bar, 0, 8192));
	REQUIRE(!dma_map(hole, 8192, 4096));
	REQUIRE(!dma_map(hole + 4096, 12288, BAR_BYTES - 12288));
	REQUIRE(!munmap((void *)bar, 16384 - 1));
	REQUIRE(!dma_map(bar + 16384, BAR_BYTES, 4096));
}

/* Two whose names differ in the last character, and one that is named with an option. */
static void scene_names(void)
{
	static const char *const names[] = {
		"83b8f4f2-509f-382f-3c1e-e6bfe0fa1001", "83b8f4f2-509f-382f-3c1e-e6bfe0fa1002",
		"0000:65:10.0 vf_token=83b8f4f2-509f-382f-3c1e-e6bfe0fa1001",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++)
		REQUIRE(!dma_map(bar_map(device_open(names[i]), BAR_BYTES, 0), i << 32, BAR_BYTES));
}

/* A device's number is a container's, and nobody saw the device closed. */
static void scene_renumber(void)
{
	int device = device_open("0000:65:00.0");

	REQUIRE(dup2(container, device) == device);
	container = device;
	REQUIRE(!ioctl(container, VFIO_SET_IOMMU, VFIO_TYPE1_IOMMU));
	REQUIRE(!dma_map(4096, 0, 4096));
}

/* All addresses, in halves. */
static void scene_halves(void)
{
	REQUIRE(!dma_map(4096, 0, 4096));
	REQUIRE(!dma_unmap(0, UINT64_C(1) << 63));
	REQUIRE(!dma_unmap(UINT64_C(1) << 63, UINT64_C(1) << 63));
}

/* Somebody is left who makes no call, and says when he is alone. */
static void scene_helper(void)
{
	pid_t monitor = getpid();

	if (fork())
		exit(0);
	while (getppid() == monitor)
		usleep(1000);
	printf("alone\n");
	fflush(stdout);
	sleep(60);
}

static void scene_closes(void)
{
	int device = device_open("0000:65:00.0");
	uint64_t bar = bar_map(device, BAR_BYTES, 0);

	REQUIRE(!syscall(SYS_close_range, 3, ~0U, 0));
	container = 3;
	REQUIRE(!dma_map(bar, 0, BAR_BYTES));
}

static void scene_iommufd(void)
{
	struct {
		struct vfio_device_feature feature;
		struct uapi_dma_buf dma_buf;
		struct uapi_dma_buf_range range;
	} export = {
		{ sizeof(export), VFIO_DEVICE_FEATURE_GET | UAPI_FEATURE_DMA_BUF },
		{ .region_index = 2, .nr_ranges = 1 }, { 0, BAR_BYTES },
	};
	struct uapi_ioas_map_file map = { .size = sizeof(map), .ioas_id = 7, .length = BAR_BYTES };
	struct uapi_ioas_map memory = { .size = sizeof(memory), .ioas_id = 7, .length = 4096 };
	struct uapi_ioas_unmap unmap = { .size = sizeof(unmap), .ioas_id = 7, .length = BAR_BYTES };

	map.fd = ioctl(device_open("0000:65:00.0"), VFIO_DEVICE_FEATURE, &export);
	REQUIRE(map.fd >= 0);
	REQUIRE(!ioctl(container, UAPI_IOAS_MAP, &memory));
	REQUIRE(!ioctl(container, UAPI_IOAS_MAP_FILE, &map));
	unmap.iova = map.iova;
	REQUIRE(!ioctl(container, UAPI_IOAS_UNMAP, &unmap));
}

static void *thread_run(void *argument)
{
	uint64_t iova = (uint64_t)(uintptr_t)argument << 32;
	int i;

	for (i = 0; i < THREAD_CALLS; i++)
		if (dma_map(4096, iova, 4096) || dma_unmap(iova, 4096))
			return argument;
	return NULL;
}

static void scene_threads(void)
{
	pthread_t threads[THREADS];
	void *failed;
	uintptr_t i;

	for (i = 0; i < THREADS; i++)
		REQUIRE(!pthread_create(&threads[i], NULL, thread_run, (void *)(i + 1)));
	for (i = 0; i < THREADS; i++)
		REQUIRE(!pthread_join(threads[i], &failed) && !failed);
}

static void scene_many(void)
{
	int i;

	for (i = 0; i < AREA_CALLS + 10; i++)
		REQUIRE(!dma_map(4096, (uint64_t)i << 12, 4096));
}

/* The child has the trace, too; the parent's last call is last. */
static void scene_fork(void)
{
	int status;

	if (!fork()) {
		REQUIRE(!dma_map(4096, 0, 4096));
		_exit(0);
	}
	REQUIRE(wait(&status) > 0 && !status);
	REQUIRE(!dma_unmap(0, 4096));
}

static void scene_daemon(void)
{
	if (fork())
		exit(0);
	usleep(200000);
	REQUIRE(!dma_map(4096, 0, 4096));
	usleep(200000);
}

/* A child that made a call ends, and says so; the process that makes the last one says nothing. */
static void scene_killed(void)
{
	scene_fork();
	raise(SIGKILL);
}

static void scene_exit(const char *how)
{
	REQUIRE(!dma_map(4096, 0, 4096));
	if (!strcmp(how, "exit"))
		exit(5);
	if (!strcmp(how, "_exit"))
		_exit(5);
	if (!strcmp(how, "exit_group"))
		syscall(SYS_exit_group, 5);
	raise(!strcmp(how, "SIGTERM") ? SIGTERM : SIGKILL);
}

static const struct {
	const char *name;
	void (*play)(void);
} scenes[] = {
	{ "boot", scene_boot }, { "place", scene_place }, { "others", scene_others },
	{ "reuse", scene_reuse }, { "closes", scene_closes }, { "iommufd", scene_iommufd },
	{ "threads", scene_threads }, { "many", scene_many }, { "fork", scene_fork },
	{ "daemon", scene_daemon }, { "names", scene_names }, { "renumber", scene_renumber },
	{ "halves", scene_halves }, { "helper", scene_helper },
	{ "killed", scene_killed },
	{ "hole", scene_hole },
};

int main(int argc, char **argv)
{
	int ends[2];
	size_t i;

	REQUIRE(argc > 1);
	REQUIRE(!pipe(ends));
	container = ends[0];
	if (argc > 2)
		scene_exit(argv[2]);
	for (i = 0; i < ARRAY_SIZE(scenes); i++)
		if (!strcmp(argv[1], scenes[i].name))
			scenes[i].play();
	return 0;
}
