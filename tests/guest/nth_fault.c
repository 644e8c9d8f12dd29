// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * nth_fault MEMORY DMA
 *
 * Let every allocation fail, one after the other, that the kernel makes while it maps, unmaps, or
 * brings a mapping into another domain; with every lookup that it has. After each failure nothing
 * may be left behind: no mapping, no locked memory, no IOPTE; and the same call must then succeed
 * and be right, as DMA shows. Needs a kernel with FAULT_INJECTION, FAILSLAB, FAIL_PAGE_ALLOC, and
 * the debugfs files of the Intel IOMMU. MEMORY has memory behind BAR 2, DMA is QEMU's edu.
 *
 * Prints for each call how many allocations there are, how many of their failures made the call
 * fail, and how many IOPTEs a failed call left behind, if any. Ends with 0, with 1 if something was
 * wrong, or with 77 if the kernel cannot have its allocations fail.
 */
#include "oracle.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/file.h"
#include "lib/iotable.h"
#include "lib/procfile.h"
#include "lib/size.h"
#include "lib/variant.h"

#define FAIL_NTH	"/proc/thread-self/fail-nth"
#define FAULTS		"/sys/kernel/debug"
#define SEPARATE	"/sys/module/vfio_iommu_type1/parameters/separate_domains"
#define FAULTS_MAX	1000	/* a call that has not ended by then is no call at all */
#define RW		(PROT_READ | PROT_WRITE)

/* A call whose allocations fail. Each runs in a process and a container of its own. */
struct call {
	const char *name;
	uint64_t bytes;				/* of the mapping, from the window's start */
	void (*prepare)(struct scene *scene, const struct call *call);
	int (*run)(struct scene *scene, const struct call *call);	/* 0 or -errno */
	void (*check)(struct scene *scene, const struct call *call);	/* after it was refused */
	int without_fault;			/* what it returns then */
	bool needs_domains;			/* cannot be had without the parameter */
};

/* What the process of one call found; shared with its parent. */
struct finding {
	bool injected;
	int ret;
	uint64_t left;		/* IOPTEs that a failed call left behind */
	char wrong[256];	/* empty: nothing */
};

static struct finding *finding;
static int group_fd;		/* of the device that joins */
static int nth_fd;		/* of FAIL_NTH */
static uint64_t locked_before;

/* End the process: the kernel did something wrong. */
static void wrong(const char *what, int64_t value)
{
	snprintf(finding->wrong, sizeof(finding->wrong), "%s (%" PRId64 ")", what, value);
	exit(OUTCOME_FAILED);
}

static void expect(bool holds, const char *what, int64_t value)
{
	if (!holds)
		wrong(what, value);
}

/* ---- what there is to see ---- */

/* Count the leaves that the IOMMU's own tables have for the device, where mappings are made. */
static uint64_t tables_count(const struct scene *scene, const char *address)
{
	struct iotable_leaf leaf;
	struct iotable table;
	uint64_t count = 0;
	int ret;

	must(scene, "IOMMU tables", iotable_open(&table, address));
	while ((ret = iotable_next(&table, &leaf)) > 0)
		count += leaf.iova >= MAP_IOVA && leaf.iova < ECHO_IOVA;
	must(scene, "IOMMU tables", ret);
	iotable_close(&table);
	return count;
}

static uint64_t locked_now(const struct scene *scene)
{
	uint64_t bytes = 0;

	must(scene, "VmLck", procfile_field("/proc/self/status", "VmLck", &bytes));
	return bytes;
}

static void check_locked(const struct scene *scene)
{
	uint64_t now = locked_now(scene);

	expect(now == locked_before, "locked memory is left over", (int64_t)(now - locked_before));
}

/* Nothing is mapped. What the IOMMU's driver has left in its own tables is counted. */
static void check_empty(struct scene *scene)
{
	uint64_t bytes = 0;
	int ret = dma_unmap(scene, 0, VFIO_DMA_UNMAP_FLAG_ALL, &bytes);

	expect(!ret, "unmapping all fails", ret);
	expect(!bytes, "a mapping is left over", (int64_t)bytes);
	check_locked(scene);
	finding->left = tables_count(scene, scene->cast->memory);
}

static void check_dma(struct scene *scene, uint64_t iova, uint64_t bytes)
{
	char *base = scene->window.base;
	uint64_t last = bytes - SZ_4K;

	scene->result = 0;
	scene->effect[0] = '\0';
	effect_dma(scene, "first", iova, base, VFIO_DMA_MAP_FLAG_READ);
	effect_dma(scene, "last", iova + last, base + last, VFIO_DMA_MAP_FLAG_READ);
	expect(!strcmp(scene->effect, " first=reaches last=reaches"), "DMA misses", 0);
}

static void check_unmap(struct scene *scene, uint64_t iova, uint64_t bytes)
{
	uint64_t unmapped = bytes;
	int ret = dma_unmap(scene, iova, 0, &unmapped);

	expect(!ret, "unmapping fails", ret);
	expect(unmapped == bytes, "another size is unmapped", (int64_t)unmapped);
}

/* ---- the calls ---- */

static void place_bar(struct scene *scene, const struct call *call)
{
	scene_place(scene, 0, &scene->subject, 0, call->bytes, RW);
}

/* So that only IOPTEs of 4 KiB fit. */
static void place_bar_4k_off(struct scene *scene, const struct call *call)
{
	scene_place(scene, 0, &scene->subject, SZ_4K, call->bytes, RW);
}

static void place_swapped(struct scene *scene, const struct call *call)
{
	uint64_t half = call->bytes / 2;

	scene_place(scene, 0, &scene->subject, half, half, RW);
	scene_place(scene, half, &scene->subject, 0, half, RW);
}

static void place_ram(struct scene *scene, const struct call *call)
{
	scene_place_ram(scene, 0, call->bytes);
}

static void place_bar_and_ram(struct scene *scene, const struct call *call)
{
	uint64_t half = call->bytes / 2;

	scene_place(scene, 0, &scene->subject, SZ_4K, half, RW);
	scene_place_ram(scene, half, half);
}

static int map(struct scene *scene, const struct call *call)
{
	return dma_map(scene, MAP_IOVA, scene->window.base, call->bytes, DMA_RW);
}

/* Beside what the driver has left in its tables, if anything. */
static void map_again(struct scene *scene, const struct call *call)
{
	uint64_t iova;
	int ret;

	check_empty(scene);
	iova = finding->left ? MAP_IOVA + SZ_1G : MAP_IOVA;
	ret = dma_map(scene, iova, scene->window.base, call->bytes, DMA_RW);
	expect(!ret, "the next mapping fails", ret);
	check_dma(scene, iova, call->bytes);
	check_unmap(scene, iova, call->bytes);
}

/* After the vmas comes nothing. */
static int map_with_hole(struct scene *scene, const struct call *call)
{
	return dma_map(scene, MAP_IOVA, scene->window.base, 2 * call->bytes, DMA_RW);
}

static void place_and_map(struct scene *scene, const struct call *call)
{
	place_bar_and_ram(scene, call);
	must(scene, "a mapping", map(scene, call));
}

static void place_bar_and_map(struct scene *scene, const struct call *call)
{
	place_bar_4k_off(scene, call);
	must(scene, "a mapping", map(scene, call));
}

static int unmap(struct scene *scene, const struct call *call)
{
	uint64_t bytes = call->bytes;
	int ret = dma_unmap(scene, MAP_IOVA, 0, &bytes);

	return ret ? ret : bytes == call->bytes ? 0 : -EIO;
}

static void unmap_again(struct scene *scene, const struct call *call)
{
	check_unmap(scene, MAP_IOVA, call->bytes);
	check_empty(scene);
}

/* Something mapped, and a group that is about to join. */
static void prepare_join(struct scene *scene, const struct call *call)
{
	struct pci_device pci;
	struct error error;
	char path[32];

	place_and_map(scene, call);
	must(scene, scene->cast->dma, pci_device_read(&pci, scene->cast->dma, &error));
	snprintf(path, sizeof(path), "/dev/vfio/%d", pci.group);
	group_fd = must(scene, path, open(path, O_RDWR | O_CLOEXEC));
}

static int join(struct scene *scene, const struct call *call)
{
	(void)call;
	return ioctl(group_fd, VFIO_GROUP_SET_CONTAINER, &scene->container.fd) ? -errno : 0;
}

/* The domains have the same in them. */
static void check_joined(struct scene *scene)
{
	uint64_t here = tables_count(scene, scene->cast->memory);
	uint64_t there = tables_count(scene, scene->cast->dma);

	expect(here, "the first domain is empty", 0);
	expect(here == there, "the domains differ", (int64_t)(here - there));
}

static void join_again(struct scene *scene, const struct call *call)
{
	int ret = join(scene, call);

	expect(!ret, "joining again fails", ret);
	check_joined(scene);
}

/* ---- one fault ---- */

/* The call did what it does without a fault. */
static void check_done(struct scene *scene, const struct call *call)
{
	if (call->run == join) {
		check_joined(scene);
		return;
	}
	if (call->run == unmap) {
		check_empty(scene);
		return;
	}
	if (call->without_fault) {
		map_again(scene, call);
		return;
	}
	check_dma(scene, MAP_IOVA, call->bytes);
	check_unmap(scene, MAP_IOVA, call->bytes);
	check_unmap(scene, ECHO_IOVA, SZ_4K);
	check_empty(scene);
	expect(!finding->left, "IOPTEs are left over", (int64_t)finding->left);
}

/* The file stays open: opening it would itself meet the fault. */
static void fault_set(const struct scene *scene, unsigned int nth)
{
	char text[16];
	int bytes = snprintf(text, sizeof(text), "%u", nth);

	must(scene, FAIL_NTH, (int)pwrite(nth_fd, text, (size_t)bytes, 0));
}

/* Whether the fault was used up. */
static bool fault_get(const struct scene *scene)
{
	char text[16] = "";

	must(scene, FAIL_NTH, (int)pread(nth_fd, text, sizeof(text) - 1, 0));
	return !strtoul(text, NULL, 10);
}

/* The process of one call with one fault. */
static void fault_run(const struct cast *cast, const struct call *call, unsigned int nth)
{
	struct scene scene;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	scene_init(&scene, cast, call->name);
	locked_before = locked_now(&scene);
	nth_fd = must(&scene, FAIL_NTH, open(FAIL_NTH, O_RDWR | O_CLOEXEC));
	call->prepare(&scene, call);
	fault_set(&scene, nth);
	finding->ret = call->run(&scene, call);
	finding->injected = fault_get(&scene);
	fault_set(&scene, 0);
	if (finding->ret == call->without_fault) {
		check_done(&scene, call);
	} else {
		expect(finding->injected, "fails without a fault", finding->ret);
		expect(finding->ret == -ENOMEM, "fails otherwise than for want of memory",
		       finding->ret);
		call->check(&scene, call);
	}
	exit(OUTCOME_OK);
}

/* ---- all of them ---- */

static const struct call calls[] = {
	{ "bar", SZ_2M * 2, place_bar, map, map_again, 0, false },
	{ "bar-4K-off", SZ_2M * 2, place_bar_4k_off, map, map_again, 0, false },
	{ "two-vmas", SZ_2M, place_swapped, map, map_again, 0, false },
	{ "ram", SZ_2M, place_ram, map, map_again, 0, false },
	{ "bar-and-ram", SZ_2M, place_bar_and_ram, map, map_again, 0, false },
	{ "bar-and-hole", SZ_2M, place_bar, map_with_hole, map_again, -EFAULT, false },
	{ "unmap-bar", SZ_2M, place_bar_and_map, unmap, unmap_again, 0, false },
	{ "unmap-bar-and-ram", SZ_2M, place_and_map, unmap, unmap_again, 0, false },
	{ "join", SZ_2M, prepare_join, join, join_again, 0, true },
};

struct sweep {
	unsigned int faults, refused, leaving;
	uint64_t left;
};

/* Returns whether the fault was used up; what was wrong is said. */
static bool fault_try(const struct cast *cast, const struct call *call, unsigned int nth,
		      const char *variant, bool *failed)
{
	int status = -1;
	pid_t pid;

	memset(finding, 0, sizeof(*finding));
	fflush(stdout);
	pid = fork();
	if (!pid)
		fault_run(cast, call, nth);
	if (pid < 0 || waitpid(pid, &status, 0) != pid || status) {
		fprintf(stderr, "barmap: nth_fault: %s %s: fault %u: %s (returned %d)\n", variant,
			call->name, nth, finding->wrong[0] ? finding->wrong : "broken",
			finding->ret);
		*failed = true;
	}
	return finding->injected;
}

/* One call, until it meets no fault any more. */
static bool sweep_run(const struct cast *cast, const struct call *call, const char *variant)
{
	struct sweep sweep = { 0 };
	bool failed = false;
	unsigned int nth;

	for (nth = 1; nth < FAULTS_MAX && fault_try(cast, call, nth, variant, &failed); nth++) {
		sweep.faults++;
		sweep.refused += finding->ret == -ENOMEM;
		sweep.leaving += finding->left != 0;
		sweep.left += finding->left;
	}
	printf("nth-fault %s %s: %u faults, %u refused, %" PRIu64 " IOPTEs left by %u\n", variant,
	       call->name, sweep.faults, sweep.refused, sweep.left, sweep.leaving);
	return !failed && nth < FAULTS_MAX;
}

/* Allocations that may wait can fail as well, and nothing is said of it. */
static int faults_enable(void)
{
	static const char *const settings[][2] = {
		{ FAULTS "/failslab/ignore-gfp-wait", "N" },
		{ FAULTS "/failslab/verbose", "0" },
		{ FAULTS "/fail_page_alloc/ignore-gfp-wait", "N" },
		{ FAULTS "/fail_page_alloc/ignore-gfp-highmem", "N" },
		{ FAULTS "/fail_page_alloc/min-order", "0" },
		{ FAULTS "/fail_page_alloc/verbose", "0" },
	};
	size_t i;
	int ret;

	for (i = 0; i < sizeof(settings) / sizeof(settings[0]); i++) {
		ret = file_write(settings[i][0], settings[i][1]);
		if (ret) {
			fprintf(stderr, "barmap: nth_fault: '%s': %s; the kernel needs FAILSLAB and "
				"FAIL_PAGE_ALLOC\n", settings[i][0], strerror(-ret));
			return ret;
		}
	}
	return 0;
}

static bool variant_sweep(const struct cast *cast, const char *variant)
{
	bool separate = !file_write(SEPARATE, "Y");
	bool right = true;
	size_t i;

	for (i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		if (!calls[i].needs_domains || separate)
			right = sweep_run(cast, &calls[i], variant) && right;
	}
	return right;
}

int main(int argc, char **argv)
{
	struct variant_set variants;
	struct error error;
	struct cast cast;
	bool right = true;
	size_t i;

	if (argc != 3) {
		fprintf(stderr, "barmap: nth_fault: needs MEMORY DMA\n");
		return OUTCOME_USE;
	}
	if (faults_enable())
		return OUTCOME_CANNOT;
	cast = (struct cast){ argv[1], argv[2], NULL, NULL };
	finding = mmap(NULL, sizeof(*finding), RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (finding == MAP_FAILED || variant_set_read(&variants, VARIANT_PARAMETER, &error))
		return OUTCOME_BROKEN;
	for (i = 0; i < variants.count; i++) {
		if (variants.selectable && file_write(variants.path, variants.names[i]))
			return OUTCOME_BROKEN;
		right = variant_sweep(&cast, variants.names[i]) && right;
	}
	if (variants.selectable)
		file_write(variants.path, variants.names[variants.initial]);
	file_write(SEPARATE, "N");
	return right ? OUTCOME_OK : OUTCOME_FAILED;
}
