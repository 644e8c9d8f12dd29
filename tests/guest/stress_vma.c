// SPDX-License-Identifier: GPL-2.0-or-later
/* What stress does to the vmas. */
#include "stress.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "lib/size.h"

#define RW	(PROT_READ | PROT_WRITE)

/* ---- access by the CPU, to memory that may be gone ---- */

static __thread sigjmp_buf read_failed;
static __thread volatile sig_atomic_t reading;

static void read_refused(int number)
{
	if (!reading) {
		signal(number, SIG_DFL);
		return;
	}
	reading = 0;
	siglongjmp(read_failed, 1);
}

void stress_read_init(void)
{
	struct sigaction action = { .sa_handler = read_refused };

	sigaction(SIGBUS, &action, NULL);
	sigaction(SIGSEGV, &action, NULL);
}

int stress_read(const char *vaddr)
{
	if (sigsetjmp(read_failed, 1))
		return -EFAULT;
	reading = 1;
	(void)*(const volatile uint64_t *)vaddr;
	reading = 0;
	return 0;
}

static int read_word(struct worker *worker)
{
	uint64_t page = worker_random(worker, SLOTS * VMA_BYTES / SZ_4K);

	return stress_read(stress_slot(worker->stress, 0) + page * SZ_4K);
}

/* ---- the vmas ---- */

struct part {
	char *vaddr;
	uint64_t bytes;
};

/* A slot, or some pages of it. */
static struct part part_of(struct worker *worker, unsigned int slot)
{
	uint64_t pages = VMA_BYTES / SZ_4K;
	uint64_t first = 0;

	if (worker_random(worker, 2)) {
		first = worker_random(worker, pages);
		pages = 1 + worker_random(worker, pages - first);
	}
	return (struct part){ stress_slot(worker->stress, slot) + first * SZ_4K, pages * SZ_4K };
}

static struct part part_choose(struct worker *worker)
{
	return part_of(worker, (unsigned int)worker_random(worker, SLOTS));
}

/* Put @part of a file of @file_bytes from @start on into place. */
static int place_file(struct worker *worker, struct part part, int fd, uint64_t start,
		      uint64_t file_bytes)
{
	uint64_t offset = worker_random(worker, (file_bytes - part.bytes) / SZ_4K + 1) * SZ_4K;

	return mmap(part.vaddr, part.bytes, RW, MAP_SHARED | MAP_FIXED, fd,
		    (off_t)(start + offset)) == MAP_FAILED ? -errno : 0;
}

static int place_subject(struct worker *worker, struct part part, const struct subject *subject)
{
	return place_file(worker, part, subject->device.fd, subject->bar.fd_offset_bytes,
			  subject->memory_bytes);
}

static int place_ram(struct part part)
{
	return mmap(part.vaddr, part.bytes, RW, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1,
		    0) == MAP_FAILED ? -errno : 0;
}

/* A new vma; the slot of the guest is its own thread's. */
static int place(struct worker *worker)
{
	struct stress *stress = worker->stress;
	unsigned int slot = (unsigned int)worker_random(worker, SLOTS);
	struct part part = part_of(worker, slot);

	if (slot == SLOT_GUEST)
		return 0;
	if (slot == SLOT_ANY)
		slot = (unsigned int)worker_random(worker, SLOT_GUEST);
	if (slot == SLOT_RAM)
		return place_ram(part);
	if (slot == SLOT_SYSFS)
		return place_file(worker, part, stress->sysfs_fd, 0,
				  stress->scene.subject.memory_bytes);
	return place_subject(worker, part, slot < SLOT_POWER ? &stress->scene.subject :
							       &stress->power);
}

static int take_away(struct worker *worker)
{
	struct part part = part_choose(worker);

	return munmap(part.vaddr, part.bytes) ? -errno : 0;
}

static int protect(struct worker *worker)
{
	static const int prots[] = { RW, RW, RW, PROT_READ, PROT_NONE };
	struct part part = part_choose(worker);

	return mprotect(part.vaddr, part.bytes, prots[worker_random(worker, 5)]) ? -errno : 0;
}

/*
 * Move half of a slot over its other half. Before 6.12 x86 warns when a populated vma of a device
 * moves, so that there only the slot of RAM can be used.
 */
static int move(struct worker *worker)
{
	uint64_t half = VMA_BYTES / 2;
	unsigned int slot = SLOT_RAM;
	char *from, *to;

	if (kernel_moves_populated())
		slot = (unsigned int)worker_random(worker, SLOTS);
	from = stress_slot(worker->stress, slot);
	to = from + half;
	if (worker_random(worker, 2)) {
		to = from;
		from += half;
	}
	return mremap(from, half, half, MREMAP_MAYMOVE | MREMAP_FIXED, to) == MAP_FAILED ?
		-errno : 0;
}

const struct operation stress_vma_operations[] = {
	{ OPERATION("mmap", place, 2, 500, 0) },
	{ OPERATION("munmap", take_away, 1, 20000, 0) },
	{ OPERATION("mprotect", protect, 1, 10000, ENOMEM) },
	{ OPERATION("mremap", move, 1, 10000, EFAULT) },
	{ OPERATION("read", read_word, 2, 100, EFAULT) },
	{ .name = NULL },
};
