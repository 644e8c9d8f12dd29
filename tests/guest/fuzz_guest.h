/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BARMAP_TESTS_GUEST_FUZZ_GUEST_H
#define BARMAP_TESTS_GUEST_FUZZ_GUEST_H

#include <stdbool.h>
#include <stdint.h>

#include "fuzz.h"
#include "lib/bar.h"
#include "lib/vfio.h"

/* The part of the fuzzer that runs in the guest: one program, in a process of its own. */

#define FUZZ_SYSFS_BYTES	(UINT64_C(16) << 20)
#define FUZZ_TRACKED_MAX	2048
#define FUZZ_MAPS_MAX		FUZZ_CALLS_MAX

/* What fuzz_machine_read() finds out once. */
struct fuzz_machine {
	struct pci_device pci[FUZZ_DEVICES];	/* of the emulated one the group alone */
	int sysfs_fd;				/* the memory of a device that VFIO has not */
	uint64_t sysfs_physical;
	int probe_fd;				/* /dev/barmap_probe */
};

struct fuzz_device_state {
	struct vfio_device vfio;
	int container;		/* -1: in none */
	bool open;		/* the device, not its group alone */
	bool away;		/* its memory is off, or its power */
	uint64_t config;	/* where config space is in the file */
};

struct fuzz_container_state {
	int fd;			/* -1: not open */
	bool has_iommu;
	uint64_t tracked[FUZZ_TRACKED_MAX];	/* IOVAs that are looked at, ascending */
	unsigned int tracked_count;
	struct {
		uint64_t vaddr, bytes, flags;
	} maps[FUZZ_MAPS_MAX];			/* that succeeded, gone or not */
	unsigned int maps_count;
};

/* A page of the arena: what is mapped there, as far as the program's own calls tell. */
struct fuzz_page {
	uint8_t kind;
	uint8_t prot;
	uint32_t from;		/* page of the object */
};

struct fuzz_run {
	const struct fuzz_machine *machine;
	struct fuzz_device_state devices[FUZZ_DEVICES];
	struct fuzz_container_state containers[FUZZ_CONTAINERS];
	struct fuzz_page arena[FUZZ_ARENA_PAGES];
	uint32_t stamps;	/* marks pages of RAM: how many were given */
	bool outage;		/* memory of a device was away, once */
	bool top;		/* a range of IOVAs was asked for that ends at 2^64 */
	bool verbose;
	char extra[128];	/* what else the last call said: " key=value"... */
};

/* ---- fuzz_run.c ---- */

/* Run the program and print what happened. */
void fuzz_run(const struct fuzz_machine *machine, const struct fuzz_program *program,
	      bool verbose);

/* Add to @run->extra. */
void fuzz_extra(struct fuzz_run *run, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* ---- fuzz_memory.c: the calls return 0 or -errno ---- */

int fuzz_mmap(struct fuzz_run *run, const uint64_t *args);
int fuzz_munmap(struct fuzz_run *run, const uint64_t *args);
int fuzz_mprotect(struct fuzz_run *run, const uint64_t *args);
int fuzz_mremap(struct fuzz_run *run, const uint64_t *args);
int fuzz_read(struct fuzz_run *run, const uint64_t *args);
int fuzz_write(struct fuzz_run *run, const uint64_t *args);

/* The device whose memory @kind is; FUZZ_DEVICES: none. */
enum fuzz_device fuzz_kind_device(enum fuzz_kind kind);

/*
 * What is odd about mapping [@vaddr, @vaddr + @bytes) for DMA with @flags, as letters that the
 * differences are listed by: P, the memory of a device is not accessible that much through its vma;
 * M, it is away now.
 */
void fuzz_memory_tags(const struct fuzz_run *run, uint64_t vaddr, uint64_t bytes, uint64_t flags,
		      bool *no_permission, bool *away);

/* Whether a vma begins at page @at of the arena, or what is behind it does not continue it. */
bool fuzz_memory_border(const struct fuzz_run *run, uint64_t at);

/* ---- fuzz_vfio.c ---- */

int fuzz_vfio_call(struct fuzz_run *run, const struct fuzz_call *call);
void fuzz_machine_read(struct fuzz_machine *machine);

/* ---- fuzz_state.c ---- */

/* Look at the pages of [@iova, @iova + @bytes), and those beside, from now on. */
void fuzz_track(struct fuzz_run *run, unsigned int container, uint64_t iova, uint64_t vaddr,
		uint64_t bytes);

/*
 * What each device of the container has at the IOVAs looked at, as one number; 0: nothing, or no
 * device. With @print, what it is, a line for each stretch.
 */
uint64_t fuzz_translations(const struct fuzz_run *run, unsigned int container, bool print);

/* The same of the IOMMU's own table, where it shows it, permissions included. */
uint64_t fuzz_table(const struct fuzz_run *run, unsigned int container, bool print);

#endif
