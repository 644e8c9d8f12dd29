/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BARMAP_TESTS_GUEST_ORACLE_H
#define BARMAP_TESTS_GUEST_ORACLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/bar.h"
#include "lib/edu.h"
#include "lib/vfio.h"
#include "lib/va_range.h"

/*
 * The oracle puts the kernel into one named situation after the other and says what it did, in
 * words that depend on nothing but the kernel's behaviour. Each situation runs in a process of
 * its own, with a container of its own.
 */

struct scene;

/* What a situation of a family does differently from the others; what is used is up to it. */
struct situation_plan {
	int prot;		/* PROT_* of the vma */
	uint32_t flags;		/* VFIO_DMA_MAP_FLAG_* */
	bool populated;		/* the vma has page tables before it is mapped for DMA */
	bool other;		/* the other way round, as the function says */
	uint64_t first, second;	/* bytes, addresses, or multiples of a unit */
};

struct situation {
	const char *name;	/* "family/case"; NULL ends a list */
	void (*run)(struct scene *scene, const struct situation_plan *plan);
	struct situation_plan plan;
	const char *parameter;	/* of vfio_iommu_type1, set to @value meanwhile; NULL: none */
	const char *value;
};

/* A row of a list: the rest is the plan. */
#define SITUATION(title, function, ...) \
	{ .name = (title), .run = (function), .plan = { __VA_ARGS__ } }

/* The same with a parameter of type1. */
#define SITUATION_SET(title, function, which, to, ...) \
	{ .name = (title), .run = (function), .parameter = (which), .value = (to), \
	  .plan = { __VA_ARGS__ } }

#define SITUATIONS_END	{ .name = NULL }

extern const struct situation device_situations[];
extern const struct situation access_situations[];
extern const struct situation vma_situations[];
extern const struct situation kind_situations[];
extern const struct situation request_situations[];
extern const struct situation unmap_situations[];
extern const struct situation container_situations[];
extern const struct situation revoke_situations[];
extern const struct situation virtual_situations[];
extern const struct situation edge_situations[];

/* A device whose memory is mapped for DMA. */
struct subject {
	struct vfio_device device;
	struct bar bar;
	char *memory;		/* the BAR from its start on, for the CPU to look at */
	uint64_t memory_bytes;
};

/* The devices of the machine, as addresses. */
struct cast {
	const char *memory;	/* has memory behind BAR 2, and a BAR 0 smaller than a page */
	const char *dma;	/* QEMU's edu */
	const char *power;	/* NVMe: memory behind BAR 2, MSI-X in BAR 0, power management */
	const char *plain;	/* as power, but no VFIO driver has it */
	const char *physical;	/* with SR-IOV, registers in BAR 0, and power management */
	const char *first;	/* as power, but the first of two functions of one group */
	const char *second;	/* the other */
};

struct scene {
	const struct cast *cast;
	const char *name;		/* of the situation */
	struct vfio_container container;
	struct subject subject;		/* cast->memory, opened by scene_init() */
	struct va_range window;		/* where the vmas under test go, 2 MiB-aligned */
	struct edu edu;			/* opened by scene_open_edu() */
	int wakeup_fd;			/* of a device in low power whose user wants to know */
	char *echo;			/* a page that edu can write to, for the CPU to look at */
	int result;			/* 0 or -errno of the call that the situation is about */
	char effect[512];		/* " key=value"... */
	uint64_t patterns;		/* number of patterns used up */
};

#define VMA_BYTES	(UINT64_C(4) << 20)	/* one vma under test: two leaves of 2 MiB */
#define WINDOW_BYTES	(UINT64_C(32) << 20)
#define MAP_IOVA	(UINT64_C(1) << 32)	/* where the mapping under test goes */
#define ECHO_IOVA	(UINT64_C(1) << 33)
#define DMA_RW		(VFIO_DMA_MAP_FLAG_READ | VFIO_DMA_MAP_FLAG_WRITE)

/* End the situation's process: it could not be set up as it has to be. */
void broken(const struct scene *scene, const char *what, int err)
	__attribute__((noreturn));

/* End the situation's process: this kernel or machine cannot have the situation. */
void skipped(const struct scene *scene, const char *why)
	__attribute__((noreturn));

/* Die by broken() unless @ret is not negative; returns it. */
int must(const struct scene *scene, const char *what, int ret);

/* Open a container with cast->memory in it; a failure is the end of the process. */
void scene_init(struct scene *scene, const struct cast *cast, const char *name);

/* Open edu into the container, and give it the page echo. Does nothing the second time. */
void scene_open_edu(struct scene *scene);

/* Open another device into the container, with its BAR @bar_number. */
void scene_open_subject(struct scene *scene, struct subject *subject, const char *address,
			int bar_number);

/*
 * mmap() @bytes of the BAR of @subject from @from_bytes on, at @at_bytes into the window.
 * With @prot PROT_NONE and so on as for mmap(). Returns the address; NULL if the kernel lets nobody
 * map a device so, which only PROT_EXEC is for.
 */
char *scene_place(struct scene *scene, uint64_t at_bytes, const struct subject *subject,
		  uint64_t from_bytes, uint64_t bytes, int prot);

/* Put anonymous memory in use at @at_bytes into the window. Returns the address. */
char *scene_place_ram(struct scene *scene, uint64_t at_bytes, uint64_t bytes);

/* Read one word of every page, so that the page tables are populated. */
void populate(const char *vaddr, uint64_t bytes);

/* MAP_DMA and UNMAP_DMA with any arguments. Return 0 or -errno. */
int dma_map(const struct scene *scene, uint64_t iova, const void *vaddr, uint64_t bytes,
	    uint32_t flags);
/* @unmapped_bytes: in: how much to ask for, out: how much the kernel says it was */
int dma_unmap(const struct scene *scene, uint64_t iova, uint32_t flags, uint64_t *unmapped_bytes);

/* Map @bytes at @vaddr to MAP_IOVA, readable and writable: the result of the situation. */
void result_map(struct scene *scene, const void *vaddr, uint64_t bytes);

/* Append to the effect. A key says once what happened to it: " key=value". */
void effect(struct scene *scene, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* " KEY=0" or " KEY=ERRNO" */
void effect_errno(struct scene *scene, const char *key, int ret);

/*
 * Let edu read at @iova, write there, or both as @flags say, and note whether that reached the
 * memory that the CPU sees at @cpu. Nothing happens if the situation's result is an error.
 */
void effect_dma(struct scene *scene, const char *key, uint64_t iova, char *cpu, uint32_t flags);

/* Let edu write to @iova and note whether the IOMMU stopped it. */
void effect_passes(struct scene *scene, const char *key, uint64_t iova);

/* Unmap [@iova, @iova + @bytes) and note how much that was, or its errno. */
void effect_unmap(struct scene *scene, const char *key, uint64_t iova, uint64_t bytes);

/* Unmap what result_map() mapped, or find that it left nothing behind. */
void effect_end(struct scene *scene, uint64_t bytes);

/* What the kernel counts in all: pages that are pinned, and those in the IOMMU's tables. */
struct census {
	uint64_t pinned, tables;
};

struct census census_take(const struct scene *scene);

/* Note the process's locked memory in pages. */
void effect_locked(struct scene *scene, const char *key);

/* Switch the memory space of the device on or off in its command register. */
void memory_enable(const struct scene *scene, const struct subject *subject, bool enable);

/* Put the device into power state D0 (0) to D3hot (3); one that has none is a reason to skip. */
void power_set(const struct scene *scene, const struct subject *subject, uint16_t state);

/* A way to put memory out of reach, and back. */
struct outage {
	void (*begin)(struct scene *scene, struct subject *subject);
	void (*end)(struct scene *scene, struct subject *subject);
};

/*
 * In low power the device sleeps, and is to be woken by its user only; the last two are woken by the
 * machine: one sleeps on for its user, the user of the other has asked to be told, and finds it awake.
 */
enum {
	OUTAGE_MEMORY,
	OUTAGE_POWER,
	OUTAGE_LOW_POWER,
	OUTAGE_WOKEN,
	OUTAGE_WAKEUP,
	OUTAGES,
};

extern const struct outage outages[OUTAGES];

/* The device of an outage: cast->memory has no power management, so others open @powered. */
struct subject *outage_subject(struct scene *scene, uint64_t outage, struct subject *powered);

/* The offset of the device's config space in its file. */
uint64_t config_offset(const struct scene *scene, const struct subject *subject);

/* Whether the kernel is this one or a later one. */
bool kernel_since(unsigned int version, unsigned int patchlevel);

/*
 * Before 6.12 x86 warns when a populated vma of a device moves: the copy counts as tracked memory,
 * but has no page tables yet.
 */
bool kernel_moves_populated(void);

/* "0", "EFAULT": @ret is 0 or -errno. */
const char *errno_name(int ret);

#endif
