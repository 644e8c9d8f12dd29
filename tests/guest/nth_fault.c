// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * nth_fault MEMORY DMA
 *
 * Let every allocation fail, one after the other, that the kernel makes while it maps, unmaps, or
 * brings a mapping into another domain; with every lookup that it has. After each failure nothing
 * may be left behind: no mapping, no locked or pinned memory, no IOPTE; and the same call must then
 * succeed and leave in the IOMMU's tables what it did without a failure, which DMA shows to be right
 * at the end. Needs a kernel with FAULT_INJECTION, FAILSLAB, FAIL_PAGE_ALLOC, and the debugfs files
 * of the Intel IOMMU. MEMORY has memory behind BAR 2, DMA is QEMU's edu.
 *
 * The mappings are small: what is allocated depends on how many tables they reach into, of the CPU
 * and of the IOMMU, not on how many pages they have. So their middle is where two tables of each
 * level meet, and none of them is there yet.
 *
 * Prints for each call how many allocations there are, each of which failed once, how many of the
 * failures made the call fail, how many IOPTEs a failed call left behind at most, how many calls
 * did, and how many faults were set again; and a last line if no call and no lookup was left out.
 * Ends with 0, with 1 if something was wrong, or with 77 if the kernel cannot have its allocations
 * fail.
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
#define STAT_REFRESH	"/proc/sys/vm/stat_refresh"
#define SEPARATE	"/sys/module/vfio_iommu_type1/parameters/separate_domains"
#define FAULTS_MAX	1000	/* a call that has not ended by then is no call at all */
#define REVOKE		"/sys/module/vfio_iommu_type1/parameters/revoke_device_memory"
#define RW		(PROT_READ | PROT_WRITE)

/* The kernel tries each second to restore what could not be. */
#define RESTORE_LIMIT_US	5000000
#define RESTORE_POLL_US		100000

/* Far from all that the kernel places by itself, so that no table is there before the call. */
#define WINDOW_AT	((char *)(UINT64_C(1) << 40) + SZ_1G - SZ_2M)
#define WINDOW_MIDDLE	SZ_2M

/*
 * The IOMMU's driver keeps a table that it has made for a part of what the table is for. So each
 * mapping has an IOVA far from all others; the first such slot has the echo. There are 256, and the
 * more have been used, the longer takes a look at the tables.
 */
#define SLOT_BYTES	(UINT64_C(1) << 40)
#define SLOTS		24

#define FEW_PAGES	(8 * SZ_4K)
#define HALF		(FEW_PAGES / 2)

/* A call whose allocations fail, and what it maps: some of the BAR, then memory. */
struct call {
	const char *name;
	uint64_t bar_bytes, ram_bytes;
	uint64_t from_bytes;		/* where in the BAR */
	bool swapped;			/* the BAR's second half comes first: two vmas */
	uint64_t hole_bytes;		/* behind all that, mapped with it */
	bool map_before;		/* it is mapped when the call is made */
	int (*run)(struct scene *scene, const struct call *call);	/* 0 or -errno */
	/* After the call: it did what it does, or it was refused. Both end with nothing mapped. */
	void (*done)(struct scene *scene, const struct call *call);
	void (*refused)(struct scene *scene, const struct call *call);
	int without_fault;		/* what it returns then */
	bool needs_domains, needs_revoke;	/* cannot be had without the parameter */
};

/* The leaves in the IOMMU's tables. */
struct tables {
	uint64_t count, sum;
};

/* One call with one lookup; shared by the processes that make it and their parent. */
struct sweep {
	unsigned int nth;		/* the allocation that fails */
	unsigned int faults, refused, leaving;
	unsigned int repeated;		/* faults that may have met another allocation */
	uint64_t left;			/* IOPTEs that a failed call left behind, at most */
	bool complete;
	char wrong[256];		/* empty: nothing */
};

static struct sweep *sweep;
static struct tables reference;		/* of the call without a fault */
static unsigned int slot;		/* where the call maps */
static uint64_t left;			/* IOPTEs in the slot when nothing is mapped */
static int group_fd;			/* of the device that joins */
static int nth_fd;			/* of FAIL_NTH */
static uint64_t locked_before, pinned_before;

/* End the process: the kernel did something wrong. */
static void wrong(const char *what, int64_t value)
{
	snprintf(sweep->wrong, sizeof(sweep->wrong), "%s (%" PRId64 ")", what, value);
	exit(OUTCOME_FAILED);
}

static void expect(bool holds, const char *what, int64_t value)
{
	if (!holds)
		wrong(what, value);
}

/* ---- what there is to see ---- */

static void tables_add(struct tables *tables, uint64_t value)
{
	tables->sum = (tables->sum ^ value) * UINT64_C(0x100000001b3);
}

/* What the IOMMU's own tables have for the device between @iova and @iova + @bytes. */
static struct tables tables_read(const struct scene *scene, const char *address, uint64_t iova,
				 uint64_t bytes)
{
	struct tables tables = { 0 };
	struct iotable_leaf leaf;
	struct iotable table;
	int ret;

	must(scene, "IOMMU tables", iotable_open(&table, address));
	while ((ret = iotable_next(&table, &leaf)) > 0) {
		if (leaf.iova < iova || leaf.iova >= iova + bytes)
			continue;
		tables.count++;
		tables_add(&tables, leaf.iova - iova);
		tables_add(&tables, leaf.physical);
		tables_add(&tables, leaf.size);
		tables_add(&tables, (uint64_t)leaf.readable | (uint64_t)leaf.writable << 1);
	}
	must(scene, "IOMMU tables", ret);
	iotable_close(&table);
	return tables;
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

/* A page that nobody will unpin is in no other count. */
static void check_pinned(const struct scene *scene)
{
	uint64_t now = census_take(scene).pinned;

	expect(now == pinned_before, "pinned memory is left over", (int64_t)(now - pinned_before));
}

static uint64_t bytes_of(const struct call *call)
{
	return call->bar_bytes + call->ram_bytes;
}

static char *vaddr_of(const struct scene *scene, const struct call *call)
{
	return scene->window.base + WINDOW_MIDDLE - bytes_of(call) / 2;
}

static uint64_t iova_of(const struct call *call)
{
	return slot * SLOT_BYTES + SLOT_BYTES / 2 - bytes_of(call) / 2;
}

/* Nothing is mapped. What the IOMMU's driver has left in its own tables is counted. */
static void check_empty(struct scene *scene)
{
	uint64_t bytes = 0;
	int ret = dma_unmap(scene, 0, VFIO_DMA_UNMAP_FLAG_ALL, &bytes);

	expect(!ret, "unmapping all fails", ret);
	expect(!bytes, "a mapping is left over", (int64_t)bytes);
	check_locked(scene);
	check_pinned(scene);
	left = tables_read(scene, scene->cast->memory, slot * SLOT_BYTES, SLOT_BYTES).count;
}

/* The device has mapped what it had without a fault. */
static void check_tables(const struct scene *scene, const struct call *call, const char *address)
{
	struct tables tables = tables_read(scene, address, iova_of(call), bytes_of(call));

	expect(tables.count == reference.count, "other IOPTEs than without a fault",
	       (int64_t)tables.count);
	expect(tables.sum == reference.sum, "IOPTEs with something else in them", 0);
}

static void check_dma(struct scene *scene, const struct call *call)
{
	uint64_t iova = iova_of(call), last = bytes_of(call) - SZ_4K;
	char *base = vaddr_of(scene, call);

	scene->result = 0;
	scene->effect[0] = '\0';
	effect_dma(scene, "first", iova, base, DMA_RW);
	effect_dma(scene, "last", iova + last, base + last, DMA_RW);
	expect(!strcmp(scene->effect, " first=reaches last=reaches"), "DMA misses", 0);
}

static void check_nothing_left(struct scene *scene)
{
	check_empty(scene);
	expect(!left, "IOPTEs are left over", (int64_t)left);
}

/* The mapping goes, and leaves nothing behind. */
static void check_unmap(struct scene *scene, const struct call *call)
{
	uint64_t bytes = bytes_of(call);
	int ret = dma_unmap(scene, iova_of(call), 0, &bytes);

	expect(!ret, "unmapping fails", ret);
	expect(bytes == bytes_of(call), "another size is unmapped", (int64_t)bytes);
	check_nothing_left(scene);
}

/* ---- faults ---- */

/* The file stays open: opening it would itself meet the fault. */
static void fault_set(const struct scene *scene, unsigned int nth)
{
	char text[16];
	int bytes = snprintf(text, sizeof(text), "%u", nth);

	must(scene, FAIL_NTH, (int)pwrite(nth_fd, text, (size_t)bytes, 0));
}

/* How many allocations the fault is away; 0: it was used up. */
static unsigned int fault_get(const struct scene *scene)
{
	char text[16] = "";

	must(scene, FAIL_NTH, (int)pread(nth_fd, text, sizeof(text) - 1, 0));
	return (unsigned int)strtoul(text, NULL, 10);
}

/*
 * What the allocator itself takes for its slabs is an allocation as well, now and then: those behind
 * it are one further away then, and one of them would never fail. So a call that made the slabs
 * grow is repeated.
 */
static uint64_t slabs_now(const struct scene *scene)
{
	uint64_t bytes = 0;

	must(scene, STAT_REFRESH, file_write(STAT_REFRESH, "1"));
	must(scene, "Slab", procfile_field("/proc/meminfo", "Slab", &bytes));
	return bytes;
}

/* ---- the calls ---- */

/*
 * The BAR is placed anew each time, so that its tables have to be made anew. The memory stays: its
 * pages are the same then, and none is beside the next, so that they are mapped one by one.
 * Before 6.12 vfio-pci populates a vma at one fault, and x86 warns (untrack_pfn) when there is not
 * the memory for it: there the BAR's tables are made before the call.
 */
static void place(struct scene *scene, const struct call *call)
{
	char *base = scene->window.base, *vaddr = vaddr_of(scene, call);
	uint64_t at = (uint64_t)(vaddr - base), half = call->bar_bytes / 2;
	struct va_range ram;

	if (call->bar_bytes && munmap(vaddr, call->bar_bytes))
		broken(scene, "munmap of the vmas", errno);
	if (call->swapped) {
		scene_place(scene, at, &scene->subject, half, half, RW);
		scene_place(scene, at + half, &scene->subject, 0, half, RW);
	} else if (call->bar_bytes) {
		scene_place(scene, at, &scene->subject, call->from_bytes, call->bar_bytes, RW);
	}
	if (!kernel_since(6, 12))
		populate(vaddr, call->bar_bytes);
	ram = (struct va_range){ .base = vaddr + call->bar_bytes, .bytes = call->ram_bytes };
	if (ram.bytes && !reference.count)
		must(scene, "memory", va_range_map_scattered(&ram));
}

/* Without what makes it fail. */
static void map_right(struct scene *scene, const struct call *call)
{
	int ret = dma_map(scene, iova_of(call), vaddr_of(scene, call), bytes_of(call), DMA_RW);

	expect(!ret, "a mapping fails without a fault", ret);
}

static int map(struct scene *scene, const struct call *call)
{
	return dma_map(scene, iova_of(call), vaddr_of(scene, call),
		       bytes_of(call) + call->hole_bytes, DMA_RW);
}

static void map_done(struct scene *scene, const struct call *call)
{
	check_tables(scene, call, scene->cast->memory);
	check_unmap(scene, call);
}

/* Elsewhere: the driver of the IOMMU may have left something in its tables. */
static void map_again(struct scene *scene, const struct call *call)
{
	uint64_t left_by_call;

	check_empty(scene);
	left_by_call = left;
	slot++;
	map_right(scene, call);
	map_done(scene, call);
	left = left_by_call;
}

static int unmap(struct scene *scene, const struct call *call)
{
	uint64_t bytes = bytes_of(call);
	int ret = dma_unmap(scene, iova_of(call), 0, &bytes);

	return ret ? ret : bytes == bytes_of(call) ? 0 : -EIO;
}

static void unmap_done(struct scene *scene, const struct call *call)
{
	(void)call;
	check_nothing_left(scene);
}

/* Something is mapped, and a group joins. Before 6.12 want of memory for a domain is EIO. */
static int join(struct scene *scene, const struct call *call)
{
	(void)call;
	if (!ioctl(group_fd, VFIO_GROUP_SET_CONTAINER, &scene->container.fd))
		return 0;
	return errno == EIO && !kernel_since(6, 12) ? -ENOMEM : -errno;
}

/* The domains have the same in them; the group leaves again. */
static void join_done(struct scene *scene, const struct call *call)
{
	check_tables(scene, call, scene->cast->memory);
	check_tables(scene, call, scene->cast->dma);
	must(scene, "leaving the container", ioctl(group_fd, VFIO_GROUP_UNSET_CONTAINER));
	check_unmap(scene, call);
}

static void join_again(struct scene *scene, const struct call *call)
{
	int ret = join(scene, call);

	expect(!ret, "joining again fails", ret);
	join_done(scene, call);
}

/*
 * The memory of the device comes back. Its user is told nothing of a mapping that does not: that is
 * restored in a while.
 */
static int restore(struct scene *scene, const struct call *call)
{
	(void)call;
	memory_enable(scene, &scene->subject, true);
	return 0;
}

static void restore_done(struct scene *scene, const struct call *call)
{
	unsigned int waited_us;

	for (waited_us = 0; waited_us < RESTORE_LIMIT_US; waited_us += RESTORE_POLL_US) {
		struct tables tables = tables_read(scene, scene->cast->memory, iova_of(call),
						   bytes_of(call));

		if (tables.count == reference.count)
			break;
		usleep(RESTORE_POLL_US);
	}
	check_tables(scene, call, scene->cast->memory);
	check_unmap(scene, call);
}

static const struct call calls[] = {
	{ .name = "bar", .bar_bytes = 2 * SZ_2M, .run = map, .done = map_done,
	  .refused = map_again },
	{ .name = "bar-pages", .bar_bytes = FEW_PAGES, .run = map, .done = map_done,
	  .refused = map_again },
	{ .name = "two-vmas", .bar_bytes = FEW_PAGES, .swapped = true, .run = map,
	  .done = map_done, .refused = map_again },
	{ .name = "ram", .ram_bytes = FEW_PAGES, .run = map, .done = map_done,
	  .refused = map_again },
	{ .name = "bar-and-ram", .bar_bytes = HALF, .ram_bytes = HALF, .run = map,
	  .done = map_done, .refused = map_again },
	{ .name = "bar-and-hole", .bar_bytes = FEW_PAGES, .hole_bytes = HALF, .run = map,
	  .done = map_again, .refused = map_again, .without_fault = -EFAULT },
	{ .name = "unmap-bar", .bar_bytes = FEW_PAGES, .map_before = true, .run = unmap,
	  .done = unmap_done, .refused = check_unmap },
	{ .name = "unmap-bar-and-ram", .bar_bytes = HALF, .ram_bytes = HALF, .map_before = true,
	  .run = unmap, .done = unmap_done, .refused = check_unmap },
	{ .name = "join", .bar_bytes = HALF, .ram_bytes = HALF, .map_before = true, .run = join,
	  .done = join_done, .refused = join_again, .needs_domains = true },
	/* two tables of the IOMMU, for nothing else, which go with the memory */
	{ .name = "restore-bar", .bar_bytes = 2 * SZ_2M, .from_bytes = SZ_4K, .map_before = true,
	  .run = restore, .done = restore_done, .needs_revoke = true },
};

#define CALLS	(sizeof(calls) / sizeof(calls[0]))

/* ---- the process of one call ---- */

static void group_open(const struct scene *scene)
{
	struct pci_device pci;
	struct error error;
	char path[32];

	must(scene, scene->cast->dma, pci_device_read(&pci, scene->cast->dma, &error));
	snprintf(path, sizeof(path), "/dev/vfio/%d", pci.group);
	group_fd = must(scene, path, open(path, O_RDWR | O_CLOEXEC));
}

static void sweep_begin(struct scene *scene, const struct cast *cast, const struct call *call)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	scene_init(scene, cast, call->name);
	va_range_release(&scene->window);
	scene->window = (struct va_range){ .base = WINDOW_AT, .bytes = 2 * WINDOW_MIDDLE };
	locked_before = locked_now(scene);
	pinned_before = census_take(scene).pinned;
	nth_fd = must(scene, FAIL_NTH, open(FAIL_NTH, O_RDWR | O_CLOEXEC));
	if (call->run == join)
		group_open(scene);
}

/* What there is when the call is made. */
static void prepare(struct scene *scene, const struct call *call)
{
	slot++;
	place(scene, call);
	if (call->map_before)
		map_right(scene, call);
	if (call->run == restore)
		memory_enable(scene, &scene->subject, false);
}

/* What is in the tables without a fault; and once the call, after which there is what stays. */
static void sweep_refer(struct scene *scene, const struct call *call)
{
	int ret;

	slot++;
	place(scene, call);
	map_right(scene, call);
	reference = tables_read(scene, scene->cast->memory, iova_of(call), bytes_of(call));
	expect(reference.count, "no IOPTEs", 0);
	check_unmap(scene, call);
	prepare(scene, call);
	ret = call->run(scene, call);
	expect(ret == call->without_fault, "fails without a fault", ret);
	call->done(scene, call);
}

/* What is to be seen of one fault. */
static void fault_note(int ret, bool moved)
{
	if (moved) {
		sweep->repeated++;
		return;
	}
	sweep->nth++;
	sweep->faults++;
	sweep->refused += ret == -ENOMEM;
	sweep->leaving += left != 0;
	if (left > sweep->left)
		sweep->left = left;
}

/* Returns whether the fault was used up. */
static bool fault_run(struct scene *scene, const struct call *call)
{
	uint64_t slabs;
	bool used, moved;
	int ret;

	prepare(scene, call);
	slabs = slabs_now(scene);
	fault_set(scene, sweep->nth);
	ret = call->run(scene, call);
	used = !fault_get(scene);
	fault_set(scene, 0);
	moved = slabs_now(scene) > slabs;
	left = 0;
	if (ret == call->without_fault) {
		call->done(scene, call);
	} else {
		expect(used, "fails without a fault", ret);
		expect(ret == -ENOMEM, "fails otherwise than for want of memory", ret);
		call->refused(scene, call);
	}
	if (used)
		fault_note(ret, moved);
	return used;
}

/* What was compared with all along is what DMA reaches; edu joins what is mapped already. */
static void sweep_prove(struct scene *scene, const struct call *call)
{
	uint64_t bytes = SZ_4K;

	if (call->run == join)
		close(group_fd);
	slot++;
	place(scene, call);
	map_right(scene, call);
	check_tables(scene, call, scene->cast->memory);
	check_dma(scene, call);
	check_tables(scene, call, scene->cast->dma);
	must(scene, "unmapping the echo", dma_unmap(scene, ECHO_IOVA, 0, &bytes));
	check_unmap(scene, call);
}

/*
 * From one allocation to the next until a call meets no fault any more, or until another process
 * has to go on with a container of its own.
 */
static void sweep_process(const struct cast *cast, const struct call *call)
{
	struct scene scene;

	sweep_begin(&scene, cast, call);
	sweep_refer(&scene, call);
	while (slot < SLOTS && fault_run(&scene, call))
		;
	if (slot < SLOTS) {
		sweep_prove(&scene, call);
		sweep->complete = true;
	}
	exit(OUTCOME_OK);
}

/* ---- all of them ---- */

/* Returns whether every allocation of the call failed once and nothing was wrong. */
static bool sweep_run(const struct cast *cast, const struct call *call, const char *variant)
{
	int status = 0;
	pid_t pid;

	*sweep = (struct sweep){ .nth = 1 };
	while (!sweep->complete && !status && sweep->faults + sweep->repeated < FAULTS_MAX) {
		fflush(stdout);
		pid = fork();
		if (!pid)
			sweep_process(cast, call);
		if (pid < 0 || waitpid(pid, &status, 0) != pid)
			status = -1;
	}
	printf("nth-fault %s %s: %u allocations, %u refused, %" PRIu64 " IOPTEs left at most, "
	       "by %u, %u repeated\n", variant, call->name, sweep->faults, sweep->refused,
	       sweep->left, sweep->leaving, sweep->repeated);
	fprintf(stderr, "barmap: nth_fault: %s %s done\n", variant, call->name);
	if (sweep->complete)
		return true;
	fprintf(stderr, "barmap: nth_fault: %s %s: fault %u: %s\n", variant, call->name,
		sweep->nth, sweep->wrong[0] ? sweep->wrong : status ? "broken" : "no end");
	return false;
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

/* Adds to @faults the allocations that failed. Returns whether nothing was left out or wrong. */
static bool variant_sweep(const struct cast *cast, const char *variant, unsigned int *faults)
{
	bool separate = !file_write(SEPARATE, "Y");
	bool revokes = !access(REVOKE, F_OK);
	bool right = true;
	size_t i;

	for (i = 0; i < CALLS; i++) {
		if ((calls[i].needs_domains && !separate) || (calls[i].needs_revoke && !revokes))
			continue;
		right = sweep_run(cast, &calls[i], variant) && right;
		*faults += sweep->faults;
	}
	return right;
}

int main(int argc, char **argv)
{
	struct variant_set variants;
	unsigned int faults = 0;
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
	cast = (struct cast){ .memory = argv[1], .dma = argv[2] };
	sweep = mmap(NULL, sizeof(*sweep), RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (sweep == MAP_FAILED || variant_set_read(&variants, VARIANT_PARAMETER, &error))
		return OUTCOME_BROKEN;
	for (i = 0; i < variants.count; i++) {
		if (variants.selectable && file_write(variants.path, variants.names[i]))
			return OUTCOME_BROKEN;
		right = variant_sweep(&cast, variants.names[i], &faults) && right;
	}
	if (variants.selectable)
		file_write(variants.path, variants.names[variants.initial]);
	file_write(SEPARATE, "N");
	if (right)
		printf("nth-fault complete: %u allocations failed once, with %zu lookups\n",
		       faults, variants.count);
	return right ? OUTCOME_OK : OUTCOME_FAILED;
}
