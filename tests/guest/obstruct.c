// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * obstruct BIG OFF LOOKUP FUNCTION FUNCTION FUNCTION TRIES
 *
 * What the calls of a user of a card's functions take while another user is in a MAP_DMA of the BAR
 * of BIG, at an address OFF bytes off a multiple of 1 GiB, by LOOKUP where the kernel has several. With
 * "sysfs" for LOOKUP it is the BAR's file in sysfs that is mapped, which every kernel looks up page by
 * page, as it is not VFIO's.
 * Prints, with tabs between,
 *
 *	round NUMBER BEGUN ENDED		when the MAP_DMA was called, and was back
 *	try STEP ERRNO ROUND BEGUN ENDED	when a call of the user's was
 *
 * in instructions.
 */
#include "obstruct.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <x86intrin.h>

#include "lib/file.h"
#include "lib/size.h"
#include "lib/va_range.h"
#include "lib/variant.h"

#define PAGES_IOVA	SZ_1M			/* where the pages of the functions are */
#define BIG_IOVA	(UINT64_C(1) << 40)
#define POLL_US		1000

/*
 * Each round lasts at least as long as it takes, for each page, to put it into the page tables and to
 * look it up there, or, through sysfs, where mmap() has put it there, to look it up. A kernel that
 * looks up more than a page at a time is no obstruction.
 */
#define PAGE_INSN	1900
#define SYSFS_PAGE_INSN	600

/*
 * A try has to leave ten times its own length. A step is taken to be as long as it has been so far
 * and a little more, and to begin with as long as this.
 */
#define LONG_INSN	UINT64_C(140000000)
#define MORE_INSN	UINT64_C(5000000)

struct attempt {
	unsigned int step, round;
	int ret;
	uint64_t begun_insn, ended_insn;
};

void broken(const char *what, int err)
{
	fprintf(stderr, "barmap: obstruct: %s: %s\n", what, strerror(err));
	exit(OUTCOME_BROKEN);
}

uint64_t insn_now(void)
{
	return __rdtsc();
}

/* ---- the obstruction ---- */

/* Map the first page of each open function; those of the round before go. */
static void pages_map(struct stage *stage, const struct vfio_container *container)
{
	unsigned int i;

	for (i = 0; i < FUNCTIONS; i++) {
		uint64_t iova = PAGES_IOVA + i * SZ_1M;
		char *vaddr;
		int ret;

		vfio_dma_unmap(container, iova, SZ_4K);
		if (stage->fds[i] < 0)
			continue;
		vaddr = mmap(NULL, SZ_4K, PROT_READ | PROT_WRITE, MAP_SHARED, stage->fds[i],
			     (off_t)stage->bar_offset[i]);
		if (vaddr == MAP_FAILED)
			broken("mmap of a function", errno);
		ret = vfio_dma_map(container, iova, vaddr, SZ_4K);
		/* its memory may be off between two calls of the user's */
		if (ret && ret != -EFAULT)
			broken("MAP_DMA of a function", -ret);
		munmap(vaddr, SZ_4K);
	}
}

static void lookup_set(const struct variant_set *variants, const char *name)
{
	int ret = variants->selectable ? file_write(variants->path, name) : 0;

	if (ret)
		broken(variants->path, -ret);
}

static int sysfs_open(const char *address, const struct bar *bar)
{
	char path[128];
	int fd;

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/resource%d", address, bar->number);
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		broken(path, errno);
	return fd;
}

static void round_run(struct stage *stage, const struct vfio_container *container,
		      const struct va_range *range, uint64_t bytes)
{
	int ret;

	stage->begun_insn = insn_now();
	stage->begun++;
	ret = vfio_dma_map(container, BIG_IOVA, range->base, bytes);
	stage->ended_insn = insn_now();
	stage->ended++;
	if (ret)
		broken("MAP_DMA that obstructs", -ret);
	ret = vfio_dma_unmap(container, BIG_IOVA, bytes);
	if (ret)
		broken("UNMAP_DMA of that", -ret);
}

/* Put the BAR into the process' memory anew, so that its page tables are as at first. */
static void range_renew(const struct va_range *range, int fd, uint64_t offset_bytes, uint64_t bytes)
{
	int ret = va_range_map(range, 0, fd, offset_bytes, bytes);

	if (ret)
		broken("mmap of the large BAR", -ret);
}

void obstruction_run(struct stage *stage, const char *address, uint64_t off_bytes,
		     const char *lookup)
{
	bool sysfs = !strcmp(lookup, "sysfs");
	struct variant_set variants;
	struct vfio_container container;
	struct vfio_device device;
	struct va_range range;
	struct error error;
	struct bar bar;

	if (vfio_container_open(&container, &error) ||
	    vfio_device_open(&device, &container, address, &error) ||
	    bar_choose(&device, BAR_ANY, &bar, &error))
		broken(error.text, ENODEV);
	if (variant_set_read(&variants, VARIANT_PARAMETER, &error))
		broken(error.text, EINVAL);
	if (va_range_reserve(&range, bar.bytes, SZ_1G, off_bytes))
		broken("room for the large BAR", ENOMEM);
	if (sysfs)
		range_renew(&range, sysfs_open(address, &bar), 0, bar.bytes);
	stage->round_insn = bar.bytes / SZ_4K * (sysfs ? SYSFS_PAGE_INSN : PAGE_INSN);
	while (!stage->over) {
		if (stage->wanted == stage->ended) {
			usleep(POLL_US);
			continue;
		}
		/* The kernel's own lookup knows whose the pages are, the walk may not. */
		lookup_set(&variants, variants.names[variants.initial]);
		pages_map(stage, &container);
		if (!sysfs) {
			lookup_set(&variants, lookup);
			range_renew(&range, device.fd, bar.fd_offset_bytes, bar.bytes);
		}
		round_run(stage, &container, &range, bar.bytes);
	}
	_exit(OUTCOME_OK);
}

/* A process that has its own memory and the same files. */
static pid_t obstruction_start(struct stage *stage, char **argv)
{
	pid_t pid = (pid_t)syscall(SYS_clone, CLONE_FILES | SIGCHLD, 0, 0, 0, 0);

	if (pid < 0)
		broken("clone", errno);
	if (!pid)
		obstruction_run(stage, argv[1], strtoull(argv[2], NULL, 0), argv[3]);
	return pid;
}

static void stage_check(pid_t pid)
{
	int status;

	if (waitpid(pid, &status, WNOHANG) == pid)
		broken("the obstruction ended", ECHILD);
}

/* Come back when the next round is in its MAP_DMA. */
static void round_begin(struct stage *stage, pid_t pid)
{
	unsigned int next = ++stage->wanted;

	while (stage->begun != next) {
		usleep(POLL_US);
		stage_check(pid);
	}
}

static void round_end(struct stage *stage, pid_t pid)
{
	while (stage->ended != stage->begun) {
		usleep(POLL_US);
		stage_check(pid);
	}
	printf("round\t%u\t%ju\t%ju\n", stage->ended, (uintmax_t)stage->begun_insn,
	       (uintmax_t)stage->ended_insn);
}

/* ---- the user ---- */

static void attempt_print(const struct attempt *attempt)
{
	printf("try\t%s\t%s\t%u\t%ju\t%ju\n", user_steps[attempt->step].name,
	       attempt->ret ? strerrorname_np(-attempt->ret) : "0", attempt->round,
	       (uintmax_t)attempt->begun_insn, (uintmax_t)attempt->ended_insn);
}

/* Returns how long it took. */
static uint64_t attempt_run(struct user *user, unsigned int step)
{
	struct attempt attempt = { .step = step, .round = user->stage->begun };

	attempt.begun_insn = insn_now();
	attempt.ret = user_steps[step].run(user);
	attempt.ended_insn = insn_now();
	attempt_print(&attempt);
	return attempt.ended_insn - attempt.begun_insn;
}

/* Whether the round that is on lasts for a step of @step_insn, and ten times longer. */
static bool round_lasts(const struct stage *stage, uint64_t step_insn)
{
	return stage->ended != stage->begun &&
	       stage->begun_insn + stage->round_insn > insn_now() + 11 * step_insn;
}

/* See to it that a round is on which lasts for a step of @step_insn. */
static void round_renew(struct stage *stage, pid_t pid, uint64_t step_insn)
{
	if (round_lasts(stage, step_insn))
		return;
	if (stage->begun)
		round_end(stage, pid);
	round_begin(stage, pid);
}

static void turn_run(struct user *user, pid_t pid, uint64_t longest_insn[STEPS_MAX])
{
	unsigned int step;

	for (step = 0; user_steps[step].name; step++) {
		uint64_t usual_insn = (user->turn ? longest_insn[step] : LONG_INSN) + MORE_INSN;
		uint64_t insn;

		/* What is done before is not done under an obstruction that is about to end. */
		round_renew(user->stage, pid, usual_insn);
		if (user_steps[step].prepare)
			user_steps[step].prepare(user);
		round_renew(user->stage, pid, usual_insn);
		insn = attempt_run(user, step);
		if (insn > longest_insn[step])
			longest_insn[step] = insn;
	}
}

static void user_run(struct user *user, pid_t pid, unsigned int tries)
{
	uint64_t longest_insn[STEPS_MAX] = { 0 };

	for (user->turn = 0; user->turn < tries; user->turn++)
		turn_run(user, pid, longest_insn);
	round_end(user->stage, pid);
}

/* What the user waits for is the kernel, not its turn on the CPU. */
static void priority_raise(void)
{
	const struct sched_param param = { .sched_priority = 1 };

	if (sched_setscheduler(0, SCHED_FIFO, &param))
		broken("sched_setscheduler", errno);
}

int main(int argc, char **argv)
{
	struct stage *stage = mmap(NULL, sizeof(*stage), PROT_READ | PROT_WRITE,
				   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	const char *addresses[FUNCTIONS];
	struct user user;
	unsigned int i;
	pid_t pid;

	if (argc != 5 + FUNCTIONS) {
		fprintf(stderr, "usage: obstruct BIG OFF LOOKUP FUNCTION FUNCTION FUNCTION TRIES\n");
		return OUTCOME_USE;
	}
	if (stage == MAP_FAILED)
		broken("mmap", errno);
	setvbuf(stdout, NULL, _IOFBF, 1 << 20);
	for (i = 0; i < FUNCTIONS; i++)
		addresses[i] = argv[4 + i];
	user_init(&user, stage, addresses);
	pid = obstruction_start(stage, argv);
	priority_raise();
	user_run(&user, pid, (unsigned int)strtoul(argv[4 + FUNCTIONS], NULL, 10));
	stage->over = true;
	waitpid(pid, NULL, 0);
	return OUTCOME_OK;
}
