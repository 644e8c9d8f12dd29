// SPDX-License-Identifier: GPL-2.0-or-later
/* What became of the vmas of a BAR, and how they lie next to each other. */
#include "oracle.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/size.h"

#define RW	(PROT_READ | PROT_WRITE)
#define UNIT	(VMA_BYTES / 4)		/* what a vma is taken apart by */

/* Some part of one BAR, at an address that is aligned or not. */
static void vma_part(struct scene *scene, const struct situation_plan *plan)
{
	char *vma = scene_place(scene, plan->first, &scene->subject, plan->second, VMA_BYTES, RW);

	result_map(scene, vma, VMA_BYTES);
	effect_dma(scene, "first", MAP_IOVA, scene->subject.memory + plan->second, DMA_RW);
	effect_dma(scene, "last", MAP_IOVA + VMA_BYTES - SZ_4K,
		   scene->subject.memory + plan->second + VMA_BYTES - SZ_4K, DMA_RW);
	effect_end(scene, VMA_BYTES);
}

/* A mapping that begins and ends within a vma. */
static void vma_within(struct scene *scene, const struct situation_plan *plan)
{
	char *vma = scene_place(scene, 0, &scene->subject, UNIT, VMA_BYTES, RW);
	char *memory = scene->subject.memory + UNIT + plan->first;

	if (plan->populated)
		populate(vma, VMA_BYTES);
	result_map(scene, vma + plan->first, plan->second);
	effect_dma(scene, "first", MAP_IOVA, memory, DMA_RW);
	effect_dma(scene, "last", MAP_IOVA + plan->second - SZ_4K, memory + plan->second - SZ_4K,
		   DMA_RW);
	effect_end(scene, plan->second);
}

/* Map what is left of a vma on one side of the cut. */
static void map_rest(struct scene *scene, const char *key, char *vma, uint64_t from_bytes,
		     uint64_t bytes)
{
	if (!bytes)
		return;
	scene->result = dma_map(scene, MAP_IOVA, vma + from_bytes, bytes, DMA_RW);
	effect_errno(scene, key, scene->result);
	effect_dma(scene, "dma", MAP_IOVA, scene->subject.memory + from_bytes, DMA_RW);
	effect_end(scene, bytes);
}

/* Units @first to @second are no longer mapped into the process. */
static void vma_cut(struct scene *scene, const struct situation_plan *plan)
{
	char *vma = scene_place(scene, 0, &scene->subject, 0, VMA_BYTES, RW);
	uint64_t cut_bytes = plan->first * UNIT, rest_bytes = plan->second * UNIT;
	int whole;

	if (plan->populated)
		populate(vma, VMA_BYTES);
	must(scene, "munmap", munmap(vma + cut_bytes, rest_bytes - cut_bytes));
	whole = dma_map(scene, MAP_IOVA, vma, VMA_BYTES, DMA_RW);
	effect_end(scene, VMA_BYTES);
	map_rest(scene, "head", vma, 0, cut_bytes);
	map_rest(scene, "tail", vma, rest_bytes, VMA_BYTES - rest_bytes);
	scene->result = whole;
}

/* The second of four units had other permissions once, or has. */
static void vma_split(struct scene *scene, const struct situation_plan *plan)
{
	char *vma = scene_place(scene, 0, &scene->subject, 0, VMA_BYTES, RW);
	char *memory = scene->subject.memory;

	if (plan->populated)
		populate(vma, VMA_BYTES);
	must(scene, "mprotect", mprotect(vma + UNIT, UNIT, PROT_READ));
	must(scene, "mprotect", mprotect(vma + UNIT, UNIT, plan->prot));
	scene->result = dma_map(scene, MAP_IOVA, vma, VMA_BYTES, plan->flags);
	effect_dma(scene, "first", MAP_IOVA, memory, plan->flags);
	effect_dma(scene, "second", MAP_IOVA + UNIT, memory + UNIT, plan->flags);
	effect_dma(scene, "third", MAP_IOVA + 2 * UNIT, memory + 2 * UNIT, plan->flags);
	effect_end(scene, VMA_BYTES);
}

/* Two vmas next to each other, in one mapping: parts @first and @second of the BAR. */
static void vma_pair(struct scene *scene, const struct situation_plan *plan)
{
	char *vma = scene_place(scene, 0, &scene->subject, plan->first * UNIT, UNIT, RW);
	char *memory = scene->subject.memory;

	scene_place(scene, UNIT, &scene->subject, plan->second * UNIT, UNIT, RW);
	if (plan->populated)
		populate(vma, 2 * UNIT);
	result_map(scene, vma, 2 * UNIT);
	effect_dma(scene, "first", MAP_IOVA, memory + plan->first * UNIT, DMA_RW);
	effect_dma(scene, "second", MAP_IOVA + UNIT, memory + plan->second * UNIT, DMA_RW);
	effect_end(scene, 2 * UNIT);
}

/* As many vmas in one mapping as there are pages, none continuing the one before. */
static void vma_many(struct scene *scene, const struct situation_plan *plan)
{
	uint64_t pages = plan->first, page;
	char *vma = scene->window.base;

	for (page = 0; page < pages; page++)
		scene_place(scene, page * SZ_4K, &scene->subject, (pages - 1 - page) * SZ_4K,
			    SZ_4K, RW);
	result_map(scene, vma, pages * SZ_4K);
	effect_dma(scene, "first", MAP_IOVA, scene->subject.memory + (pages - 1) * SZ_4K, DMA_RW);
	effect_dma(scene, "last", MAP_IOVA + (pages - 1) * SZ_4K, scene->subject.memory, DMA_RW);
	effect_end(scene, pages * SZ_4K);
}

/* More is to be mapped than there is vma. */
static void vma_too_short(struct scene *scene, const struct situation_plan *plan)
{
	struct subject *subject = &scene->subject;
	uint64_t from_bytes = subject->memory_bytes - VMA_BYTES;
	char *vma = scene_place(scene, 0, subject, from_bytes, VMA_BYTES, RW);

	(void)plan;
	must(scene, "munmap", munmap(vma + VMA_BYTES, UNIT));
	result_map(scene, vma, VMA_BYTES + UNIT);
	effect_end(scene, VMA_BYTES + UNIT);
	effect_errno(scene, "fits", dma_map(scene, MAP_IOVA, vma, VMA_BYTES, DMA_RW));
}

/* The vma, or its second half, is elsewhere now. */
static void vma_moved(struct scene *scene, const struct situation_plan *plan)
{
	char *vma = scene_place(scene, 0, &scene->subject, 0, VMA_BYTES, RW);
	char *moved = scene->window.base + 2 * VMA_BYTES;
	uint64_t bytes = VMA_BYTES - plan->first;

	if (plan->populated && !kernel_moves_populated())
		skipped(scene, "this kernel warns of page tables that move");
	if (plan->populated)
		populate(vma, VMA_BYTES);
	if (mremap(vma + plan->first, bytes, bytes, MREMAP_MAYMOVE | MREMAP_FIXED, moved) ==
	    MAP_FAILED)
		broken(scene, "mremap", errno);
	result_map(scene, moved, bytes);
	effect_dma(scene, "dma", MAP_IOVA, scene->subject.memory + plan->first, DMA_RW);
	effect_end(scene, bytes);
	effect_errno(scene, "old", dma_map(scene, MAP_IOVA, vma + plan->first, bytes, DMA_RW));
}

/* Mapped for DMA first, and then gone from the process. */
static void vma_gone(struct scene *scene, const struct situation_plan *plan)
{
	char *vma = scene_place(scene, 0, &scene->subject, 0, VMA_BYTES, RW);

	(void)plan;
	result_map(scene, vma, VMA_BYTES);
	must(scene, "munmap", munmap(vma, VMA_BYTES));
	effect_dma(scene, "dma", MAP_IOVA, scene->subject.memory, DMA_RW);
	effect_end(scene, VMA_BYTES);
}

static void vma_private(struct scene *scene, const struct situation_plan *plan)
{
	struct subject *subject = &scene->subject;
	void *vma = mmap(NULL, VMA_BYTES, RW, MAP_PRIVATE, subject->device.fd,
			 (off_t)subject->bar.fd_offset_bytes);

	(void)plan;
	if (vma == MAP_FAILED)
		effect_errno(scene, "mmap", -errno);
	result_map(scene, vma == MAP_FAILED ? scene->window.base : vma, VMA_BYTES);
	effect_end(scene, VMA_BYTES);
}

/* A child maps the vma it has inherited; the container is the parent's. */
static void vma_forked(struct scene *scene, const struct situation_plan *plan)
{
	char *vma = scene_place(scene, 0, &scene->subject, 0, VMA_BYTES, RW);
	int status;
	pid_t pid;

	if (plan->populated)
		populate(vma, VMA_BYTES);
	pid = fork();
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		_exit(-dma_map(scene, MAP_IOVA, vma, VMA_BYTES, DMA_RW));
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		broken(scene, "the child", ECHILD);
	scene->result = -WEXITSTATUS(status);
	effect_dma(scene, "dma", MAP_IOVA, scene->subject.memory, DMA_RW);
	effect_end(scene, VMA_BYTES);
}

const struct situation vma_situations[] = {
	SITUATION("vma/aligned", vma_part),
	SITUATION("vma/4K-off", vma_part, .first = SZ_4K),
	SITUATION("vma/later-in-bar", vma_part, .second = 5 * SZ_1M + SZ_4K),
	SITUATION("vma/within", vma_within, .first = SZ_1M + SZ_4K, .second = 2 * SZ_1M + SZ_4K),
	SITUATION("vma/within-populated", vma_within,
		  .first = SZ_1M + SZ_4K, .second = 2 * SZ_1M + SZ_4K, .populated = true),
	SITUATION("vma/one-page", vma_within, .first = SZ_1M - SZ_4K, .second = SZ_4K),
	SITUATION("vma/cut-head", vma_cut, .second = 1),
	SITUATION("vma/cut-tail", vma_cut, .first = 3, .second = 4),
	SITUATION("vma/cut-middle", vma_cut, .first = 1, .second = 2),
	SITUATION("vma/cut-middle-populated", vma_cut, .first = 1, .second = 2, .populated = true),
	SITUATION("vma/split-alike", vma_split, .prot = RW, .flags = DMA_RW),
	SITUATION("vma/split-alike-populated", vma_split,
		  .prot = RW, .flags = DMA_RW, .populated = true),
	SITUATION("vma/split-read-only", vma_split, .prot = PROT_READ, .flags = DMA_RW),
	SITUATION("vma/split-read-only/read", vma_split,
		  .prot = PROT_READ, .flags = VFIO_DMA_MAP_FLAG_READ),
	SITUATION("vma/split-no-access", vma_split, .prot = PROT_NONE, .flags = DMA_RW),
	SITUATION("vma/two-in-order", vma_pair, .second = 1),
	SITUATION("vma/two-swapped", vma_pair, .first = 1, .second = 0),
	SITUATION("vma/two-with-gap", vma_pair, .second = 2),
	SITUATION("vma/two-with-gap-populated", vma_pair, .second = 2, .populated = true),
	SITUATION("vma/two-alike", vma_pair, .first = 3, .second = 3),
	SITUATION("vma/many", vma_many, .first = 64),
	SITUATION("vma/past-bar-end", vma_too_short),
	SITUATION("vma/moved", vma_moved),
	SITUATION("vma/moved-populated", vma_moved, .populated = true),
	SITUATION("vma/half-moved", vma_moved, .first = VMA_BYTES / 2),
	SITUATION("vma/gone-after-map", vma_gone),
	SITUATION("vma/private", vma_private),
	SITUATION("vma/forked", vma_forked),
	SITUATION("vma/forked-populated", vma_forked, .populated = true),
	SITUATIONS_END
};
