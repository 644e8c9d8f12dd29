// SPDX-License-Identifier: GPL-2.0-or-later
/* What programs of the fuzzer do with their address space. */
#include "fuzz_guest.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>

#define STAMP	UINT64_C(0x57a1000000000000)

static char *at_vaddr(uint64_t at)
{
	return (char *)(uintptr_t)(FUZZ_ARENA + at * FUZZ_PAGE);
}

static bool in_arena(uint64_t at, uint64_t pages)
{
	return at <= FUZZ_ARENA_PAGES && pages <= FUZZ_ARENA_PAGES - at;
}

/* ---- access by the CPU, to memory that may not be there ---- */

static sigjmp_buf access_failed;

static void access_refused(int number)
{
	(void)number;
	siglongjmp(access_failed, 1);
}

/* Behind this the pages may be accessed that the kernel refuses. */
static void access_begin(void)
{
	/* No mask to restore: a system call for each page would take most of a program's time. */
	const struct sigaction refuse = { .sa_handler = access_refused, .sa_flags = SA_NODEFER };

	sigaction(SIGBUS, &refuse, NULL);
	sigaction(SIGSEGV, &refuse, NULL);
}

/* Read, or write @word to, the beginning of a page. */
static int page_access(uint64_t at, bool writes, uint64_t word)
{
	volatile uint64_t *page = (volatile uint64_t *)at_vaddr(at);

	if (sigsetjmp(access_failed, 0))
		return -EFAULT;
	if (writes)
		*page = word;
	else
		(void)*page;
	return 0;
}

static bool kind_is_ram(enum fuzz_kind kind)
{
	return kind >= FUZZ_RAM && kind <= FUZZ_THP;
}

/* Give pages of RAM contents that nothing else has. */
static int stamp(struct fuzz_run *run, uint64_t at, uint64_t pages)
{
	uint64_t mark = STAMP | (uint64_t)++run->stamps << 24;
	unsigned int done = 0;
	uint64_t i;

	access_begin();
	for (i = at; i < at + pages; i++) {
		if (kind_is_ram((enum fuzz_kind)run->arena[i].kind) && !page_access(i, true, mark | i))
			done++;
	}
	return (int)done;
}

/* ---- the arena ---- */

static void arena_set(struct fuzz_run *run, uint64_t at, uint64_t pages, struct fuzz_page first)
{
	uint64_t i;

	for (i = 0; i < pages; i++) {
		run->arena[at + i] = first;
		first.from++;
	}
}

bool fuzz_memory_border(const struct fuzz_run *run, uint64_t at)
{
	const struct fuzz_page *page = &run->arena[at];

	if (!at)
		return true;
	return page[-1].kind != page->kind || page[-1].prot != page->prot ||
	       (page->kind && page[-1].from + 1 != page->from);
}

enum fuzz_device fuzz_kind_device(enum fuzz_kind kind)
{
	switch (kind) {
	case FUZZ_BAR_A:
		return FUZZ_A;
	case FUZZ_BAR_B:
		return FUZZ_B;
	case FUZZ_BAR_NVME:
	case FUZZ_BAR_MSIX:
		return FUZZ_NVME;
	default:
		return FUZZ_DEVICES;
	}
}

void fuzz_memory_tags(const struct fuzz_run *run, uint64_t vaddr, uint64_t bytes, uint64_t flags,
		      bool *no_permission, bool *away)
{
	uint64_t last = bytes - 1 > ~vaddr ? ~UINT64_C(0) : vaddr + bytes - 1;
	const uint64_t arena_last = FUZZ_ARENA + FUZZ_ARENA_PAGES * FUZZ_PAGE - 1;
	const struct fuzz_page *page;
	enum fuzz_device device;
	uint64_t i, end;

	if (!bytes || last < FUZZ_ARENA || vaddr > arena_last)
		return;
	i = vaddr < FUZZ_ARENA ? 0 : (vaddr - FUZZ_ARENA) / FUZZ_PAGE;
	end = last > arena_last ? FUZZ_ARENA_PAGES : (last - FUZZ_ARENA) / FUZZ_PAGE + 1;
	for (; i < end; i++) {
		page = &run->arena[i];
		device = fuzz_kind_device((enum fuzz_kind)page->kind);
		if (device == FUZZ_DEVICES)
			continue;
		if ((flags & VFIO_DMA_MAP_FLAG_READ && !(page->prot & PROT_READ)) ||
		    (flags & VFIO_DMA_MAP_FLAG_WRITE && !(page->prot & PROT_WRITE)))
			*no_permission = true;
		if (run->devices[device].away)
			*away = true;
	}
}

/* ---- mmap ---- */

/* How an object of a kind is mapped. */
static int kind_open(const struct fuzz_run *run, enum fuzz_kind kind, int *flags, uint64_t *start)
{
	enum fuzz_device device = fuzz_kind_device(kind);
	struct bar bar;
	int fd;

	*start = 0;
	*flags = MAP_SHARED;
	if (kind == FUZZ_SYSFS)
		return run->machine->sysfs_fd;
	if (kind == FUZZ_SYSFS_PRIVATE) {
		*flags = MAP_PRIVATE;
		return run->machine->sysfs_fd;
	}
	if (device != FUZZ_DEVICES) {
		if (!run->devices[device].open)
			return -EBADF;
		fd = run->devices[device].vfio.fd;
		if (bar_read(&run->devices[device].vfio, kind == FUZZ_BAR_MSIX ? 0 : 2, &bar))
			return -EIO;
		*start = bar.fd_offset_bytes;
		return fd;
	}
	*flags = MAP_ANONYMOUS | (kind == FUZZ_RAM_SHARED ? MAP_SHARED : MAP_PRIVATE);
	if (kind == FUZZ_HUGETLB)
		*flags |= MAP_HUGETLB | 21 << MAP_HUGE_SHIFT;
	return -1;
}

int fuzz_mmap(struct fuzz_run *run, const uint64_t *args)
{
	enum fuzz_kind kind = (enum fuzz_kind)args[0];
	uint64_t at = args[1], pages = args[2], start;
	int prot = (int)args[4] & (PROT_READ | PROT_WRITE), flags, fd;

	if (!in_arena(at, pages))
		return -ERANGE;
	fd = kind_open(run, kind, &flags, &start);
	if (fd < -1)
		return fd;
	if (mmap(at_vaddr(at), pages * FUZZ_PAGE, prot, flags | MAP_FIXED, fd,
		 fd < 0 ? 0 : (off_t)(start + args[3] * FUZZ_PAGE)) == MAP_FAILED)
		return -errno;
	arena_set(run, at, pages, (struct fuzz_page){
			.kind = (uint8_t)kind,
			.prot = (uint8_t)prot,
			.from = (uint32_t)args[3],
		  });
	if (kind == FUZZ_THP)
		madvise(at_vaddr(at), pages * FUZZ_PAGE, MADV_HUGEPAGE);
	if (kind != FUZZ_RAM_UNTOUCHED && prot & PROT_WRITE)
		stamp(run, at, pages);
	return 0;
}

int fuzz_munmap(struct fuzz_run *run, const uint64_t *args)
{
	if (!in_arena(args[0], args[1]))
		return -ERANGE;
	if (munmap(at_vaddr(args[0]), args[1] * FUZZ_PAGE))
		return -errno;
	memset(&run->arena[args[0]], 0, args[1] * sizeof(run->arena[0]));
	return 0;
}

/* What mprotect does before it fails it does not undo; nor does it say how far it came. */
int fuzz_mprotect(struct fuzz_run *run, const uint64_t *args)
{
	int prot = (int)args[2] & (PROT_READ | PROT_WRITE);
	uint64_t i;

	if (!in_arena(args[0], args[1]))
		return -ERANGE;
	for (i = args[0]; i < args[0] + args[1]; i++) {
		if (!run->arena[i].kind)
			return -ENOMEM;
	}
	if (mprotect(at_vaddr(args[0]), args[1] * FUZZ_PAGE, prot))
		return -errno;
	for (i = args[0]; i < args[0] + args[1]; i++)
		run->arena[i].prot = (uint8_t)prot;
	return 0;
}

int fuzz_mremap(struct fuzz_run *run, const uint64_t *args)
{
	uint64_t bytes = args[1] * FUZZ_PAGE;

	if (!in_arena(args[0], args[1]) || !in_arena(args[2], args[1]))
		return -ERANGE;
	if (mremap(at_vaddr(args[0]), bytes, bytes, MREMAP_MAYMOVE | MREMAP_FIXED,
		   at_vaddr(args[2])) == MAP_FAILED) {
		/* The target may be gone all the same, or not: it is from now on. */
		int err = errno;

		if (err != EINVAL && !munmap(at_vaddr(args[2]), bytes))
			memset(&run->arena[args[2]], 0, args[1] * sizeof(run->arena[0]));
		return -err;
	}
	memcpy(&run->arena[args[2]], &run->arena[args[0]], args[1] * sizeof(run->arena[0]));
	memset(&run->arena[args[0]], 0, args[1] * sizeof(run->arena[0]));
	return 0;
}

int fuzz_read(struct fuzz_run *run, const uint64_t *args)
{
	unsigned int done = 0;
	uint64_t i;

	if (!in_arena(args[0], args[1]))
		return -ERANGE;
	access_begin();
	for (i = args[0]; i < args[0] + args[1]; i++)
		done += !page_access(i, false, 0);
	fuzz_extra(run, " n=%u", done);
	return 0;
}

int fuzz_write(struct fuzz_run *run, const uint64_t *args)
{
	if (!in_arena(args[0], args[1]))
		return -ERANGE;
	fuzz_extra(run, " n=%d", stamp(run, args[0], args[1]));
	return 0;
}
