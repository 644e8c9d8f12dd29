/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BARMAP_HARNESS_CASE_H
#define BARMAP_HARNESS_CASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/backend.h"
#include "lib/bar.h"
#include "lib/parameter.h"
#include "lib/pci.h"
#include "lib/variant.h"
#include "lib/vfio.h"

/*
 * The contract between the harness and what it measures.
 *
 * A case is one way of doing something to a BAR; its measured steps are its ops. The harness runs
 * it at every size of the plan and, there, takes turns between the variants of the kernel:
 *
 *	select the page-table-walking variant
 *	setup()					untimed
 *	for each iteration, for each variant	one sample of each op
 *		select the variant
 *		for each repeat
 *			prepare()		untimed
 *			for each op
 *				ready()		untimed
 *				run()		TIMED, and nothing else is
 *				check()		untimed
 *			    or	read()		untimed; the last repeat's is kept
 *	cleanup()				untimed
 *
 * The cost of a sample is the sum over its repeats. Iterations that are not kept come first; these,
 * the order of the variants and the repeats are the protocol's (harness/protocol.h).
 *
 * Functions return 0 or -errno; the first failure ends the program without results. A machine that
 * lacks what a case needs is no failure: setup() says so by case_skip(), and the case is left out
 * from that size on, which the results tell. ready(), run() and check() must neither allocate
 * memory nor do I/O other than what is measured. To add a family: write one file in cases/ and add
 * its table to cases/registry.c.
 */

/* Returned by setup() after case_skip(). */
#define CASE_SKIPPED		1
#define CASE_REASON_BYTES	192

/* How page tables of the process are when the first op starts. */
enum case_tables {
	CASE_TABLES_NONE,	/* the case maps nothing */
	CASE_TABLES_WARM,	/* populated */
	CASE_TABLES_COLD,	/* empty: a new mmap for every iteration of every variant */
};

/* What the case holds fixed; written into each of its samples. */
struct case_axes {
	uint64_t va_offset_bytes;	/* the BAR's virtual address modulo 1 GiB */
	enum case_tables tables;
	uint64_t iova_align_bytes;	/* largest power of two that divides the IOVA; 0: none */
	uint64_t chunk_bytes;		/* bytes mapped by each ioctl; 0: all with one */

	/* Of these 0 means one. Each device and each thread has a mapping of the size. */
	unsigned int devices;		/* whose BARs are mapped */
	unsigned int containers;	/* that they are mapped in */
	unsigned int domains;		/* of a container */
	unsigned int threads;		/* that map at the same time */
};

/* What a case may ask for at most, of devices and of threads. */
#define CASE_DEVICES_MAX	8
#define CASE_THREADS_MAX	8

/* What is measured on. Opened before the first case, the same for all. */
struct case_target {
	struct backend_session *session;
	struct vfio_device *device;
	struct bar bar;
	uint64_t iova;			/* multiple of 1 GiB; the case may use ... */
	uint64_t iova_bytes;		/* ... this much: 1 GiB more than the largest size, or
					 * what more the plan's cases ask for, if there is room
					 */
	const struct pci_device *more;	/* further devices, each a group of its own that is ... */
	size_t more_count;		/* ... bound to a VFIO driver and not open */
	struct parameter *separate_domains;	/* of the kernel; may be absent from it */
	int pfnmap_fd;			/* device memory that is not VFIO's, to mmap; -1: none */
	uint64_t pfnmap_bytes;		/* how much of it there is */
};

struct bench_case;

struct case_context {
	const struct bench_case *bench_case;
	const struct case_target *target;
	const struct variant_set *variants;	/* says which is selected */
	uint64_t size_bytes;		/* 0 if the case is not sized */
	char *reason;			/* CASE_REASON_BYTES for case_skip() to fill */
};

struct case_op {
	const char *name;		/* "map" */
	int (*ready)(void *state);	/* NULL: nothing to do at the last moment */
	int (*run)(void *state);
	int (*check)(void *state);	/* NULL: nothing to check */

	/* In place of those three: an amount of memory as the op before it left it. */
	int (*read)(void *state, uint64_t *bytes);
};

struct bench_case {
	const char *name;		/* "family/axis/axis" */
	const char *summary;		/* one line for barmap list */
	bool sized;			/* false: runs once, with size 0 and variant "none" */
	uint64_t least_bytes;		/* at smaller sizes it says nothing of its own; 0: none */
	uint64_t most_bytes;		/* larger sizes cannot be; 0: no limit */
	struct case_axes axes;
	unsigned int needs;		/* BACKEND_ bits: left out with backends that lack one */
	bool pins_memory;		/* maps memory of the machine, as much as the size */
	bool toggles_decode;		/* turns the device's decode off and on, sizes its BARs */
	unsigned int mappings;		/* of the size that need room for IOVAs; 0: one */

	/* Make *@state, which cleanup() frees. NULL members: nothing to do. */
	int (*setup)(const struct case_context *context, void **state);
	int (*prepare)(void *state);
	const struct case_op *ops;
	size_t ops_count;
	void (*cleanup)(void *state);
};

/*
 * Say in one line why this machine cannot run the case: what it lacks, and how to give it that.
 * Returns CASE_SKIPPED, so that a setup() ends in `return case_skip(...)`.
 */
int case_skip(const struct case_context *context, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* How many mappings of the size one op makes: for each device, or for each thread. */
unsigned int case_mappings(const struct case_axes *axes);

/* "none", "warm", "cold": as in records. */
const char *case_tables_name(enum case_tables tables);

#endif
