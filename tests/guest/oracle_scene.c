// SPDX-License-Identifier: GPL-2.0-or-later
#include "oracle.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "lib/file.h"
#include "lib/size.h"

#define VMSTAT		"/proc/vmstat"
#define STAT_REFRESH	"/proc/sys/vm/stat_refresh"
#define PATTERN_WORDS	8
#define PATTERN_BYTES	(PATTERN_WORDS * sizeof(uint64_t))

const char *errno_name(int ret)
{
	return ret ? strerrorname_np(-ret) : "0";
}

void broken(const struct scene *scene, const char *what, int err)
{
	fprintf(stderr, "barmap: oracle '%s': %s: %s\n", scene->name, what, strerror(err));
	exit(OUTCOME_BROKEN);
}

void skipped(const struct scene *scene, const char *why)
{
	printf("%s skipped %s\n", scene->name, why);
	exit(OUTCOME_OK);
}

int must(const struct scene *scene, const char *what, int ret)
{
	if (ret < 0)
		broken(scene, what, ret == -1 ? errno : -ret);
	return ret;
}

static void must_open(const struct scene *scene, int ret, const struct error *error)
{
	if (!ret)
		return;
	fprintf(stderr, "barmap: oracle '%s': %s\n", scene->name, error->text);
	exit(OUTCOME_BROKEN);
}

void scene_open_subject(struct scene *scene, struct subject *subject, const char *address,
			int bar_number)
{
	struct error error;

	must_open(scene, vfio_device_open(&subject->device, &scene->container, address, &error),
		  &error);
	must_open(scene, bar_choose(&subject->device, bar_number, &subject->bar, &error), &error);
	subject->memory_bytes = subject->bar.mmap_bytes;
	subject->memory = mmap(NULL, subject->memory_bytes, PROT_READ | PROT_WRITE, MAP_SHARED,
			       subject->device.fd, (off_t)subject->bar.fd_offset_bytes);
	if (subject->memory == MAP_FAILED)
		broken(scene, "mmap of a BAR", errno);
}

void scene_init(struct scene *scene, const struct cast *cast, const char *name)
{
	struct error error;

	memset(scene, 0, sizeof(*scene));
	scene->cast = cast;
	scene->name = name;
	must_open(scene, vfio_container_open(&scene->container, &error), &error);
	scene_open_subject(scene, &scene->subject, cast->memory, 2);
	must(scene, "room for vmas", va_range_reserve(&scene->window, WINDOW_BYTES, SZ_2M, 0));
}

void scene_open_edu(struct scene *scene)
{
	struct error error;

	if (scene->echo)
		return;
	must_open(scene, edu_open(&scene->edu, &scene->container, scene->cast->dma, &error),
		  &error);
	scene->echo = mmap(NULL, SZ_4K, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (scene->echo == MAP_FAILED)
		broken(scene, "mmap of a page", errno);
	must(scene, "mapping the echo", dma_map(scene, ECHO_IOVA, scene->echo, SZ_4K, DMA_RW));
}

char *scene_place(struct scene *scene, uint64_t at_bytes, const struct subject *subject,
		  uint64_t from_bytes, uint64_t bytes, int prot)
{
	char *vaddr;

	vaddr = mmap(scene->window.base + at_bytes, bytes, prot, MAP_SHARED | MAP_FIXED,
		     subject->device.fd, (off_t)(subject->bar.fd_offset_bytes + from_bytes));
	/* since 7.3 files of devices may not be mapped executable */
	if (vaddr == MAP_FAILED && errno == EPERM && prot & PROT_EXEC)
		return NULL;
	if (vaddr == MAP_FAILED)
		broken(scene, "mmap of the vma", errno);
	return vaddr;
}

char *scene_place_ram(struct scene *scene, uint64_t at_bytes, uint64_t bytes)
{
	char *vaddr;

	vaddr = mmap(scene->window.base + at_bytes, bytes, PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	if (vaddr == MAP_FAILED)
		broken(scene, "mmap of memory", errno);
	memset(vaddr, 0, bytes);
	return vaddr;
}

void populate(const char *vaddr, uint64_t bytes)
{
	uint64_t at;

	for (at = 0; at < bytes; at += SZ_4K)
		(void)*(const volatile uint64_t *)(vaddr + at);
}

int dma_map(const struct scene *scene, uint64_t iova, const void *vaddr, uint64_t bytes,
	    uint32_t flags)
{
	struct vfio_iommu_type1_dma_map map = {
		.argsz = sizeof(map),
		.flags = flags,
		.vaddr = (uintptr_t)vaddr,
		.iova = iova,
		.size = bytes,
	};

	return ioctl(scene->container.fd, VFIO_IOMMU_MAP_DMA, &map) ? -errno : 0;
}

int dma_unmap(const struct scene *scene, uint64_t iova, uint32_t flags, uint64_t *unmapped_bytes)
{
	struct vfio_iommu_type1_dma_unmap unmap = {
		.argsz = sizeof(unmap),
		.flags = flags,
		.iova = iova,
		.size = *unmapped_bytes,
	};
	int ret = ioctl(scene->container.fd, VFIO_IOMMU_UNMAP_DMA, &unmap) ? -errno : 0;

	*unmapped_bytes = unmap.size;
	return ret;
}

void result_map(struct scene *scene, const void *vaddr, uint64_t bytes)
{
	scene->result = dma_map(scene, MAP_IOVA, vaddr, bytes, DMA_RW);
}

void effect(struct scene *scene, const char *format, ...)
{
	size_t used = strlen(scene->effect);
	va_list arguments;
	int bytes;

	va_start(arguments, format);
	bytes = vsnprintf(scene->effect + used, sizeof(scene->effect) - used, format, arguments);
	va_end(arguments);
	if (bytes < 0 || (size_t)bytes >= sizeof(scene->effect) - used)
		broken(scene, "the effect", ENOSPC);
}

void effect_errno(struct scene *scene, const char *key, int ret)
{
	effect(scene, " %s=%s", key, errno_name(ret));
}

/* Write a pattern that was never used before. Device memory takes whole words only. */
static void pattern_write(struct scene *scene, char *to)
{
	unsigned int i;

	for (i = 0; i < PATTERN_WORDS; i++)
		((volatile uint64_t *)to)[i] = UINT64_C(0x0acc1e0000000000) + ++scene->patterns;
}

static bool pattern_equal(const char *a, const char *b)
{
	unsigned int i;

	for (i = 0; i < PATTERN_WORDS; i++) {
		if (((const volatile uint64_t *)a)[i] != ((const volatile uint64_t *)b)[i])
			return false;
	}
	return true;
}

/* What the CPU writes at @cpu, edu must find at @iova. */
static bool dma_reads(struct scene *scene, uint64_t iova, char *cpu)
{
	pattern_write(scene, scene->echo);
	pattern_write(scene, cpu);
	must(scene, "DMA", edu_dma_read(&scene->edu, iova, PATTERN_BYTES));
	must(scene, "DMA", edu_dma_write(&scene->edu, ECHO_IOVA, PATTERN_BYTES));
	return pattern_equal(scene->echo, cpu);
}

/* What edu writes to @iova, the CPU must find at @cpu. */
static bool dma_writes(struct scene *scene, uint64_t iova, char *cpu)
{
	pattern_write(scene, cpu);
	pattern_write(scene, scene->echo);
	must(scene, "DMA", edu_dma_read(&scene->edu, ECHO_IOVA, PATTERN_BYTES));
	must(scene, "DMA", edu_dma_write(&scene->edu, iova, PATTERN_BYTES));
	return pattern_equal(scene->echo, cpu);
}

void effect_dma(struct scene *scene, const char *key, uint64_t iova, char *cpu, uint32_t flags)
{
	bool reaches = true;

	if (scene->result)
		return;
	scene_open_edu(scene);
	if (flags & VFIO_DMA_MAP_FLAG_READ)
		reaches = dma_reads(scene, iova, cpu);
	if (flags & VFIO_DMA_MAP_FLAG_WRITE)
		reaches = dma_writes(scene, iova, cpu) && reaches;
	effect(scene, " %s=%s", key, reaches ? "reaches" : "misses");
}

void effect_unmap(struct scene *scene, const char *key, uint64_t iova, uint64_t bytes)
{
	char text[SIZE_TEXT_BYTES];
	int ret = dma_unmap(scene, iova, 0, &bytes);

	effect(scene, " %s=%s", key, ret ? errno_name(ret) : size_format(bytes, text));
}

void effect_end(struct scene *scene, uint64_t bytes)
{
	effect_unmap(scene, "unmap", MAP_IOVA, bytes);
}

void effect_locked(struct scene *scene, const char *key)
{
	FILE *status = fopen("/proc/self/status", "r");
	unsigned long kbytes = 0;
	bool found = false;
	char line[128];

	if (!status)
		broken(scene, "/proc/self/status", errno);
	while (!found && fgets(line, sizeof(line), status))
		found = sscanf(line, "VmLck: %lu", &kbytes) == 1;
	fclose(status);
	if (!found)
		broken(scene, "VmLck in /proc/self/status", ENOENT);
	effect(scene, " %s=%lu", key, kbytes / 4);
}

static uint64_t vmstat_count(const struct scene *scene, const char *text, const char *name)
{
	const char *at = strstr(text, name);
	uint64_t count = 0;

	if (!at || sscanf(at + strlen(name), " %" SCNu64, &count) != 1)
		broken(scene, name, ENOENT);
	return count;
}

struct census census_take(const struct scene *scene)
{
	char text[16384];

	must(scene, STAT_REFRESH, file_write(STAT_REFRESH, "1"));
	must(scene, VMSTAT, file_read(VMSTAT, text, sizeof(text)));
	return (struct census){
		.pinned = vmstat_count(scene, text, "nr_foll_pin_acquired") -
			  vmstat_count(scene, text, "nr_foll_pin_released"),
		.tables = vmstat_count(scene, text, "nr_iommu_pages"),
	};
}

bool kernel_since(unsigned int version, unsigned int patchlevel)
{
	unsigned int here = 0, here_level = 0;
	struct utsname kernel;

	return !uname(&kernel) && sscanf(kernel.release, "%u.%u", &here, &here_level) == 2 &&
	       (here > version || (here == version && here_level >= patchlevel));
}

bool kernel_moves_populated(void)
{
	return kernel_since(6, 12);
}
