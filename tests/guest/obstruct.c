// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * obstruct BIG OFF LOOKUP FUNCTION FUNCTION FUNCTION TRIES
 *
 * What the calls of a user of a card's functions take while another user is in a MAP_DMA of the BAR
 * of BIG, at an address OFF bytes off a multiple of 1 GiB, by LOOKUP where the kernel has several.
 * Prints, with tabs between,
 *
 *	round NUMBER BEGUN ENDED		when the MAP_DMA was called, and was back
 *	try STEP ERRNO ROUND BEGUN ENDED	when a call of the user's was
 *
 * in instructions.
 */
#include "obstruct.h"

#include <errno.h>
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

/* A try has to leave ten times its own length: none of the calls is longer than a tenth of this. */
#define RESERVE_INSN	UINT64_C(2000000000)

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

void obstruction_run(struct stage *stage, const char *address, uint64_t off_bytes,
		     const char *lookup)
{
	struct variant_set variants;
	struct vfio_container container;
	struct vfio_device device;
	struct va_range range;
	struct error error;
	struct bar bar;
	int ret;

	if (vfio_container_open(&container, &error) ||
	    vfio_device_open(&device, &container, address, &error) ||
	    bar_choose(&device, BAR_ANY, &bar, &error))
		broken(error.text, ENODEV);
	if (variant_set_read(&variants, VARIANT_PARAMETER, &error))
		broken(error.text, EINVAL);
	ret = va_range_reserve(&range, bar.bytes, SZ_1G, off_bytes);
	if (!ret)
		ret = va_range_map(&range, 0, device.fd, bar.fd_offset_bytes, bar.bytes);
	if (ret)
		broken("mmap of the large BAR", -ret);
	while (!stage->over) {
		if (stage->wanted == stage->ended) {
			usleep(POLL_US);
			continue;
		}
		/* The kernel's own lookup knows whose the pages are, the walk may not. */
		lookup_set(&variants, variants.names[variants.initial]);
		pages_map(stage, &container);
		lookup_set(&variants, lookup);
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

static uint64_t round_end(struct stage *stage, pid_t pid)
{
	while (stage->ended != stage->begun) {
		usleep(POLL_US);
		stage_check(pid);
	}
	printf("round\t%u\t%ju\t%ju\n", stage->ended, (uintmax_t)stage->begun_insn,
	       (uintmax_t)stage->ended_insn);
	return stage->ended_insn - stage->begun_insn;
}

/* ---- the user ---- */

static void attempt_print(const struct attempt *attempt)
{
	printf("try\t%s\t%s\t%u\t%ju\t%ju\n", user_steps[attempt->step].name,
	       attempt->ret ? strerrorname_np(-attempt->ret) : "0", attempt->round,
	       (uintmax_t)attempt->begun_insn, (uintmax_t)attempt->ended_insn);
}

static void attempt_run(struct user *user, unsigned int step)
{
	struct attempt attempt = { .step = step, .round = user->stage->begun };

	if (user_steps[step].prepare)
		user_steps[step].prepare(user);
	attempt.begun_insn = insn_now();
	attempt.ret = user_steps[step].run(user);
	attempt.ended_insn = insn_now();
	attempt_print(&attempt);
}

/* Whether the round that is on lasts long enough, if it lasts as long as the first. */
static bool round_lasts(const struct stage *stage, uint64_t usual_insn)
{
	return stage->ended != stage->begun &&
	       stage->begun_insn + usual_insn > insn_now() + RESERVE_INSN;
}

static void user_run(struct user *user, pid_t pid, unsigned int tries)
{
	struct stage *stage = user->stage;
	uint64_t usual_insn;
	unsigned int step;

	/* The first is to know how long they last, and to populate page tables. */
	round_begin(stage, pid);
	round_end(stage, pid);
	round_begin(stage, pid);
	usual_insn = round_end(stage, pid);
	if (usual_insn < 2 * RESERVE_INSN)
		broken("MAP_DMA of the large BAR is too short", EINVAL);
	for (user->turn = 0; user->turn < tries; user->turn++) {
		for (step = 0; user_steps[step].name; step++) {
			if (!round_lasts(stage, usual_insn)) {
				if (user->turn || step)
					round_end(stage, pid);
				round_begin(stage, pid);
			}
			attempt_run(user, step);
		}
	}
	round_end(stage, pid);
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
