/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BARMAP_TESTS_GUEST_FUZZ_H
#define BARMAP_TESTS_GUEST_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/*
 * The fuzzer holds the patched kernel against the untouched one. fuzz_host, on the host, makes
 * random programs of VFIO calls and hands each to two guests; fuzz, in a guest, runs it and says
 * after each call what the kernel did. What they say must be the same.
 *
 * Here is what both share: the programs, and the memory that they talk through.
 */

/* ---- programs ---- */

/*
 * Where all vmas of a program go: far from anything else of the process, so that what is not
 * mapped is a hole. 1 GiB-aligned, and above 2^46, so that an IOVA of 2^46 is below it.
 */
#define FUZZ_ARENA		UINT64_C(0x600000000000)
#define FUZZ_ARENA_PAGES	8192
#define FUZZ_PAGE		UINT64_C(4096)
#define FUZZ_LEAF_PAGES		UINT64_C(512)

#define FUZZ_CALLS_MAX		48
#define FUZZ_ARGS_MAX		6
#define FUZZ_CONTAINERS		2
#define FUZZ_LINE_BYTES		256

/* The devices of the machine; scripts/fuzz makes it. */
enum fuzz_device {
	FUZZ_A,			/* BAR 2 has memory: 64 MiB */
	FUZZ_B,			/* the same, 16 MiB */
	FUZZ_EDU,		/* joins as a second domain where the kernel can be told so */
	FUZZ_NVME,		/* power states, reset; BAR 0 has the MSI-X table, BAR 2 memory */
	FUZZ_EMULATED,		/* barmap_probe: has no IOMMU, pins pages */
	FUZZ_DEVICES
};

/* What mmap maps. */
enum fuzz_kind {
	FUZZ_NONE,		/* a hole */
	FUZZ_RAM,
	FUZZ_RAM_UNTOUCHED,	/* no page is present */
	FUZZ_RAM_SHARED,
	FUZZ_HUGETLB,
	FUZZ_THP,
	FUZZ_SYSFS,		/* a BAR that is not VFIO's */
	FUZZ_SYSFS_PRIVATE,
	FUZZ_BAR_A,		/* BAR 2 of device A, and so on */
	FUZZ_BAR_B,
	FUZZ_BAR_NVME,
	FUZZ_BAR_MSIX,		/* BAR 0 of the NVMe */
	FUZZ_KINDS
};

enum fuzz_op {
	FUZZ_OPEN, FUZZ_CLOSE, FUZZ_JOIN, FUZZ_LEAVE, FUZZ_CONTAINER_CLOSE,
	FUZZ_MMAP, FUZZ_MUNMAP, FUZZ_MPROTECT, FUZZ_MREMAP, FUZZ_READ, FUZZ_WRITE,
	FUZZ_MAP, FUZZ_UNMAP, FUZZ_DIRTY, FUZZ_INFO, FUZZ_TABLE,
	FUZZ_DECODE, FUZZ_POWER, FUZZ_LOW_POWER, FUZZ_RESET, FUZZ_HOT_RESET,
	FUZZ_PIN, FUZZ_UNPIN, FUZZ_WORD,
	FUZZ_LIMIT, FUZZ_ENTRIES, FUZZ_SEPARATE, FUZZ_SMALL,
	FUZZ_OPS
};

/* What an argument is, for those who choose, shorten or print it. */
enum fuzz_type {
	FUZZ_T_NONE, FUZZ_T_DEVICE, FUZZ_T_CONTAINER, FUZZ_T_KIND, FUZZ_T_AT, FUZZ_T_PAGES,
	FUZZ_T_PROT, FUZZ_T_IOVA, FUZZ_T_VADDR, FUZZ_T_BYTES, FUZZ_T_FLAGS, FUZZ_T_NUMBER,
};

struct fuzz_op_info {
	const char *name;
	struct {
		const char *name;
		enum fuzz_type type;
	} args[FUZZ_ARGS_MAX];
};

extern const struct fuzz_op_info fuzz_ops[FUZZ_OPS];
extern const char *const fuzz_kind_names[FUZZ_KINDS];
extern const char *const fuzz_device_names[FUZZ_DEVICES];

/* Of FUZZ_DIRTY. */
enum { FUZZ_DIRTY_START, FUZZ_DIRTY_STOP, FUZZ_DIRTY_GET };

/* A flag of FUZZ_MAP beside the kernel's: a child of the process makes the call. */
#define FUZZ_MAP_BY_CHILD	0x80000000u

struct fuzz_call {
	enum fuzz_op op;
	uint64_t args[FUZZ_ARGS_MAX];
};

struct fuzz_program {
	uint64_t seed;
	unsigned int count;
	struct fuzz_call calls[FUZZ_CALLS_MAX];
};

unsigned int fuzz_op_args(enum fuzz_op op);

/* One call as a line without its newline: "map 0x0 0x100000000 ...". */
void fuzz_call_format(const struct fuzz_call *call, char line[FUZZ_LINE_BYTES]);

/* Returns 0, or -EINVAL if @line is no call. */
int fuzz_call_parse(const char *line, struct fuzz_call *call);

/* One call in the way of C: "map(container 0, iova 2^46, arena + 0x1000, ...)". */
void fuzz_call_list(const struct fuzz_call *call, char line[FUZZ_LINE_BYTES]);

/* ---- the memory that host and guest share ---- */

#define FUZZ_MAGIC		0x62617266u
#define FUZZ_SHARED_BYTES	(UINT64_C(16) << 20)
#define FUZZ_TEXT_BYTES		(UINT64_C(7) << 20)

/*
 * The host writes a request and then its number; the guest answers and then writes the number,
 * too. A request is lines:
 *
 *	lookup NAME	for what follows; "-": leave it
 *	verbose 0|1
 *	program SEED	and a line for each call
 *	end
 *
 * The answer to each program is what fuzz_run() prints.
 */
struct fuzz_shared {
	volatile uint32_t magic;	/* by the guest, when it is ready */
	volatile uint32_t request;
	volatile uint32_t answer;
	volatile uint32_t programs;	/* how many the guest began: it is alive */
	volatile uint32_t request_bytes;
	volatile uint32_t answer_bytes;
	volatile uint32_t stuck;	/* the guest cannot go on and must be started again */
	volatile uint32_t worn;		/* it lacks huge pages: to be started again before the next request */
	char lookups[1024];		/* of the kernel, separated by blanks; empty: no choice */
	char parameters[1024];		/* of type1, the same */
	char request_text[FUZZ_TEXT_BYTES];
	char answer_text[FUZZ_TEXT_BYTES];
};

#endif
