// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * stress MEMORY DMA POWER GUEST SECONDS [SEED]
 *
 * Do everything at once for SECONDS, or as much longer as it takes until each operation was done:
 * map, unmap, move and take away vmas, fork, switch memory off and on, reset, open and close
 * devices, add and remove groups, change the lookup. MEMORY has memory behind BAR 2, DMA is QEMU's
 * edu, POWER and GUEST are NVMe with memory behind BAR 2; POWER is alone behind a bridge. Prints the seed, how often each operation was done and was refused, and
 * what was wrong. Ends with 0 if every operation was done at least once, failed only as the others
 * can have made it fail, and left nothing behind; else with 1.
 */
#include "stress.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "lib/file.h"
#include "lib/procfile.h"
#include "lib/size.h"

#define WORKERS_MAX	64
#define LIMIT_S		120	/* for all threads to come to their end */
#define LONGER		6	/* times as long as asked for, on a machine that is too slow */

/*
 * Far below where the kernel puts vmas by itself: what is unmapped here must stay a hole until
 * something is placed there again.
 */
#define WINDOW_AT	((void *)(UINT64_C(1) << 40))

static const struct operation *const families[] = {
	stress_map_operations, stress_vma_operations, stress_device_operations, NULL,
};

/* ---- for the operations ---- */

/* splitmix64, as published by Steele, Lea and Flood */
static uint64_t random_next(uint64_t *state)
{
	uint64_t z = (*state += UINT64_C(0x9e3779b97f4a7c15));

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

uint64_t worker_random(struct worker *worker, uint64_t limit)
{
	return random_next(&worker->random) % limit;
}

void worker_pause(struct worker *worker, unsigned int limit_us)
{
	usleep((useconds_t)worker_random(worker, limit_us));
}

void stress_fail(struct stress *stress, const char *format, ...)
{
	char text[1280];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	fprintf(stderr, "barmap: stress: %s\n", text);
	stress->failures++;
	stress->stop = true;
}

char *stress_slot(const struct stress *stress, unsigned int slot)
{
	return stress->scene.window.base + slot * VMA_BYTES;
}

/* ---- the threads ---- */

static bool refusal_allowed(const struct operation *operation, int err)
{
	size_t i;

	for (i = 0; i < sizeof(operation->refusals) / sizeof(operation->refusals[0]); i++) {
		if (operation->refusals[i] == err)
			return true;
	}
	return false;
}

static void *worker_run(void *data)
{
	struct worker *worker = data;
	int ret;

	while (!worker->stress->stop) {
		ret = worker->operation->run(worker);
		if (!ret)
			worker->done++;
		else if (refusal_allowed(worker->operation, -ret))
			worker->refused++;
		else
			stress_fail(worker->stress, "%s: %s", worker->operation->name,
				    strerrorname_np(-ret));
		worker_pause(worker, worker->operation->pause_us);
	}
	return NULL;
}

static unsigned int workers_start(struct stress *stress, struct worker workers[WORKERS_MAX])
{
	const struct operation *const *family;
	const struct operation *operation;
	uint64_t state = stress->seed;
	unsigned int count = 0, i;

	for (family = families; *family; family++) {
		for (operation = *family; operation->name; operation++) {
			for (i = 0; i < operation->threads && count < WORKERS_MAX; i++) {
				workers[count] = (struct worker){
					.stress = stress,
					.operation = operation,
					.random = random_next(&state),
				};
				count++;
			}
		}
	}
	for (i = 0; i < count; i++)
		must(&stress->scene, "a thread",
		     -pthread_create(&workers[i].thread, NULL, worker_run, &workers[i]));
	return count;
}

/* A thread that does not end hangs in the kernel: nothing can be done here but to say where. */
static void workers_join(const struct worker *workers, unsigned int count)
{
	struct timespec limit;
	unsigned int i;

	clock_gettime(CLOCK_REALTIME, &limit);
	limit.tv_sec += LIMIT_S;
	for (i = 0; i < count; i++) {
		if (!pthread_timedjoin_np(workers[i].thread, NULL, &limit))
			continue;
		fprintf(stderr, "barmap: stress: %s: did not end\n", workers[i].operation->name);
		_exit(OUTCOME_FAILED);
	}
}

/* One line for each operation, which may have had several threads. */
static void workers_report(struct stress *stress, const struct worker *workers,
			   unsigned int count)
{
	uint64_t done = 0, refused = 0;
	unsigned int i;

	for (i = 0; i < count; i++) {
		done += workers[i].done;
		refused += workers[i].refused;
		if (i + 1 < count && workers[i + 1].operation == workers[i].operation)
			continue;
		printf("stress %s: %" PRIu64 " done, %" PRIu64 " refused\n",
		       workers[i].operation->name, done, refused);
		if (!done)
			stress_fail(stress, "%s: was never done", workers[i].operation->name);
		done = 0;
		refused = 0;
	}
}

/* ---- the beginning and the end ---- */

static void stress_init(struct stress *stress, const struct cast *cast, const char *guest)
{
	struct scene *scene = &stress->scene;
	struct error error;
	char path[128];
	uint64_t bytes;

	scene_init(scene, cast, "stress");
	va_range_release(&scene->window);
	scene->window = (struct va_range){ .base = WINDOW_AT, .bytes = SLOTS * VMA_BYTES };
	scene_open_subject(scene, &stress->power, cast->power, 2);
	stress->guest = guest;
	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/resource2", cast->memory);
	must(scene, path, pci_resource_open(path, &stress->sysfs_fd, &bytes, &error));
	must(scene, "pfn_lookup", variant_set_read(&stress->variants, VARIANT_PARAMETER, &error));
	stress_read_init();
}

static uint64_t locked_bytes(const struct stress *stress, const char *name)
{
	uint64_t bytes = 0;

	must(&stress->scene, name, procfile_field("/proc/self/status", name, &bytes));
	return bytes;
}

static void check_locked(struct stress *stress, const char *name, uint64_t before)
{
	uint64_t now = locked_bytes(stress, name);

	printf("stress end: %s %" PRIu64 " kB\n", name, now / 1024);
	if (now != before)
		stress_fail(stress, "%s is %" PRIu64 " bytes, was %" PRIu64, name, now, before);
}

/* Unmap everything; after that there must be nothing. */
static void check_unmapped(struct stress *stress)
{
	uint64_t first = 0, second = 0;
	int ret = dma_unmap(&stress->scene, 0, VFIO_DMA_UNMAP_FLAG_ALL, &first);

	if (!ret)
		ret = dma_unmap(&stress->scene, 0, VFIO_DMA_UNMAP_FLAG_ALL, &second);
	printf("stress end: unmapped %" PRIu64 " bytes, then %" PRIu64 "\n", first, second);
	if (ret || second)
		stress_fail(stress, "unmapping all: %s, then %" PRIu64 " bytes", errno_name(ret),
			    second);
}

/*
 * IOPTEs that were left behind make the IOMMU's driver complain when page by page something else
 * is mapped there.
 */
static void check_domain(struct stress *stress)
{
	char *ram = mmap(NULL, PLACE_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
			 -1, 0);
	unsigned int i;
	int ret;

	must(&stress->scene, "disable_hugepages",
	     file_write("/sys/module/vfio_iommu_type1/parameters/disable_hugepages", "Y"));
	for (i = 0; i < PLACES; i++) {
		uint64_t iova = MAP_IOVA + i * PLACE_BYTES, bytes = PLACE_BYTES;

		ret = dma_map(&stress->scene, iova, ram, PLACE_BYTES, DMA_RW);
		if (!ret)
			ret = dma_unmap(&stress->scene, iova, 0, &bytes);
		if (ret || bytes != PLACE_BYTES)
			stress_fail(stress, "place %u: %s", i, errno_name(ret));
	}
	munmap(ram, PLACE_BYTES);
	file_write("/sys/module/vfio_iommu_type1/parameters/disable_hugepages", "N");
}

/* The device still works, mapped in each of the ways. */
static void check_dma(struct stress *stress)
{
	struct scene *scene = &stress->scene;
	uint64_t at = VMA_BYTES - SZ_4K;
	size_t i;

	memory_enable(scene, &scene->subject, true);
	for (i = 0; i < stress->variants.count; i++) {
		if (stress->variants.selectable)
			must(scene, "pfn_lookup", file_write(stress->variants.path,
							     stress->variants.names[i]));
		scene->effect[0] = '\0';
		result_map(scene, scene_place(scene, 0, &scene->subject, 0, VMA_BYTES,
					      PROT_READ | PROT_WRITE), VMA_BYTES);
		effect_dma(scene, "dma", MAP_IOVA + at, scene->subject.memory + at, DMA_RW);
		effect_end(scene, VMA_BYTES);
		printf("stress end: %s %s%s\n", stress->variants.names[i],
		       errno_name(scene->result), scene->effect);
		if (strcmp(scene->effect, " dma=reaches unmap=4M"))
			stress_fail(stress, "%s: maps wrongly", stress->variants.names[i]);
	}
}

static void stress_end(struct stress *stress)
{
	if (stress->variants.selectable)
		file_write(stress->variants.path,
			   stress->variants.names[stress->variants.initial]);
	file_write("/sys/module/vfio_iommu_type1/parameters/separate_domains", "N");
	check_unmapped(stress);
	check_domain(stress);
}

/* Whether each operation was done, by one of its threads at least. */
static bool workers_done(const struct worker *workers, unsigned int count)
{
	bool done = false;
	unsigned int i;

	for (i = 0; i < count; i++) {
		done = done || workers[i].done;
		if (i + 1 < count && workers[i + 1].operation == workers[i].operation)
			continue;
		if (!done)
			return false;
		done = false;
	}
	return true;
}

static void stress_run(struct stress *stress, unsigned int seconds)
{
	static struct worker workers[WORKERS_MAX];
	unsigned int count, i;

	count = workers_start(stress, workers);
	for (i = 0; i < LONGER * seconds && !stress->stop; i++) {
		if (i >= seconds && workers_done(workers, count))
			break;
		sleep(1);
	}
	stress->stop = true;
	workers_join(workers, count);
	workers_report(stress, workers, count);
}

int main(int argc, char **argv)
{
	static struct stress stress = { .command = PTHREAD_MUTEX_INITIALIZER };
	uint64_t locked, pinned;
	struct cast cast;

	if (argc < 6 || argc > 7) {
		fprintf(stderr, "barmap: stress: needs MEMORY DMA POWER GUEST SECONDS [SEED]\n");
		return OUTCOME_USE;
	}
	cast = (struct cast){ argv[1], argv[2], argv[3], NULL, NULL };
	setvbuf(stdout, NULL, _IOLBF, 0);
	stress_init(&stress, &cast, argv[4]);
	stress.seed = argc == 7 ? strtoull(argv[6], NULL, 0) : (uint64_t)time(NULL) ^
								(uint64_t)getpid() << 32;
	printf("stress seed: %" PRIu64 "\n", stress.seed);
	fprintf(stderr, "barmap: stress: seed %" PRIu64 "\n", stress.seed);
	locked = locked_bytes(&stress, "VmLck");
	pinned = locked_bytes(&stress, "VmPin");
	stress_run(&stress, (unsigned int)strtoul(argv[5], NULL, 10));
	stress_end(&stress);
	check_locked(&stress, "VmLck", locked);
	check_locked(&stress, "VmPin", pinned);
	check_dma(&stress);
	return stress.failures ? OUTCOME_FAILED : OUTCOME_OK;
}
