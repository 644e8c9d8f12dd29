// SPDX-License-Identifier: GPL-2.0-or-later
/* Requests to unmap: of the mapping, of part of it, of more, of nothing. */
#include "oracle.h"

#include <sys/mman.h>

#include "lib/size.h"

#define RW	(PROT_READ | PROT_WRITE)

static char *map_bar(struct scene *scene, uint64_t iova, uint64_t at_bytes, uint64_t bytes)
{
	char *vma = scene_place(scene, at_bytes, &scene->subject, at_bytes, bytes, RW);

	must(scene, "the mapping", dma_map(scene, iova, vma, bytes, DMA_RW));
	return vma;
}

/* The unmapping that the situation is about. */
static void result_unmap(struct scene *scene, uint64_t iova, uint32_t flags, uint64_t bytes)
{
	char text[SIZE_TEXT_BYTES];

	scene->result = dma_unmap(scene, iova, flags, &bytes);
	if (!scene->result)
		effect(scene, " size=%s", size_format(bytes, text));
}

/* One mapping of VMA_BYTES; unmap @second bytes from @first on. */
static void unmap_range(struct scene *scene, const struct situation_plan *plan)
{
	char *vma = map_bar(scene, MAP_IOVA, 0, VMA_BYTES);

	result_unmap(scene, MAP_IOVA + plan->first, plan->flags, plan->second);
	effect_errno(scene, "again", dma_map(scene, MAP_IOVA, vma, VMA_BYTES, DMA_RW));
	effect_end(scene, VMA_BYTES);
}

/* Two mappings, one of a BAR and one of RAM, with a gap of the same size between them. */
static void unmap_two(struct scene *scene, const struct situation_plan *plan)
{
	map_bar(scene, MAP_IOVA, 0, SZ_1M);
	must(scene, "the mapping", dma_map(scene, MAP_IOVA + 2 * SZ_1M,
					   scene_place_ram(scene, VMA_BYTES, SZ_1M), SZ_1M,
					   DMA_RW));
	result_unmap(scene, plan->flags & VFIO_DMA_UNMAP_FLAG_ALL ? 0 : MAP_IOVA + plan->first,
		     plan->flags, plan->second);
	effect_locked(scene, "locked");
	effect_end(scene, VMA_BYTES);
}

/* Unmap with a wrong address where everything is meant. */
static void unmap_all_wrong(struct scene *scene, const struct situation_plan *plan)
{
	map_bar(scene, MAP_IOVA, 0, SZ_1M);
	result_unmap(scene, plan->first, VFIO_DMA_UNMAP_FLAG_ALL, plan->second);
	effect_end(scene, SZ_1M);
}

static void unmap_nothing(struct scene *scene, const struct situation_plan *plan)
{
	result_unmap(scene, MAP_IOVA, plan->flags, plan->second);
}

/* The vma is announced to move, or else is so twice, and then found elsewhere. */
static void vaddr_update(struct scene *scene, const struct situation_plan *plan)
{
	char *vma = map_bar(scene, MAP_IOVA, 0, VMA_BYTES);
	uint64_t bytes = VMA_BYTES;
	char *moved;

	/* No device may join while an address is not valid. */
	scene_open_edu(scene);
	effect_errno(scene, "invalidate",
		     dma_unmap(scene, MAP_IOVA, VFIO_DMA_UNMAP_FLAG_VADDR, &bytes));
	if (plan->other) {
		bytes = VMA_BYTES;
		effect_errno(scene, "twice",
			     dma_unmap(scene, MAP_IOVA, VFIO_DMA_UNMAP_FLAG_VADDR, &bytes));
	}
	must(scene, "munmap", munmap(vma, VMA_BYTES));
	effect_dma(scene, "meanwhile", MAP_IOVA, scene->subject.memory, DMA_RW);
	moved = scene_place(scene, 2 * VMA_BYTES, &scene->subject, 0, VMA_BYTES, RW);
	scene->result = dma_map(scene, MAP_IOVA, moved, plan->second, VFIO_DMA_MAP_FLAG_VADDR);
	effect_dma(scene, "dma", MAP_IOVA, scene->subject.memory, DMA_RW);
	effect_end(scene, VMA_BYTES);
}

/* Another mapping is made while the address of one is not valid. */
static void vaddr_invalid(struct scene *scene, const struct situation_plan *plan)
{
	uint64_t bytes = SZ_1M;
	char *vma;

	(void)plan;
	map_bar(scene, MAP_IOVA + VMA_BYTES, 0, SZ_1M);
	must(scene, "invalidating",
	     dma_unmap(scene, MAP_IOVA + VMA_BYTES, VFIO_DMA_UNMAP_FLAG_VADDR, &bytes));
	vma = scene_place(scene, VMA_BYTES, &scene->subject, 0, VMA_BYTES, RW);
	result_map(scene, vma, VMA_BYTES);
	effect_end(scene, VMA_BYTES);
	effect_unmap(scene, "invalid", MAP_IOVA + VMA_BYTES, SZ_1M);
}

const struct situation unmap_situations[] = {
	SITUATION("unmap/whole", unmap_range, .second = VMA_BYTES),
	SITUATION("unmap/head", unmap_range, .second = SZ_1M),
	SITUATION("unmap/tail", unmap_range, .first = VMA_BYTES - SZ_1M, .second = SZ_1M),
	SITUATION("unmap/middle", unmap_range, .first = SZ_1M, .second = SZ_1M),
	SITUATION("unmap/one-page", unmap_range, .first = SZ_4K, .second = SZ_4K),
	SITUATION("unmap/more", unmap_range, .first = -SZ_1M, .second = 4 * VMA_BYTES),
	SITUATION("unmap/more-but-head", unmap_range, .first = SZ_4K, .second = 4 * VMA_BYTES),
	SITUATION("unmap/unaligned", unmap_range, .first = 512, .second = VMA_BYTES),
	SITUATION("unmap/size-unaligned", unmap_range, .second = VMA_BYTES + 512),
	SITUATION("unmap/size-0", unmap_range),
	SITUATION("unmap/wrap", unmap_range, .second = UINT64_MAX - SZ_4K + 1),
	SITUATION("unmap/flags-unknown", unmap_range, .flags = 1u << 30, .second = VMA_BYTES),
	SITUATION("unmap/two", unmap_two, .second = 3 * SZ_1M),
	SITUATION("unmap/two-and-more", unmap_two, .first = -SZ_1M, .second = 8 * SZ_1M),
	SITUATION("unmap/one-and-half", unmap_two, .second = 2 * SZ_1M + SZ_4K),
	SITUATION("unmap/all", unmap_two, .flags = VFIO_DMA_UNMAP_FLAG_ALL),
	SITUATION("unmap/all-with-iova", unmap_all_wrong, .first = MAP_IOVA),
	SITUATION("unmap/all-with-size", unmap_all_wrong, .second = SZ_1M),
	SITUATION("unmap/nothing", unmap_nothing, .second = VMA_BYTES),
	SITUATION("unmap/nothing-at-all", unmap_nothing,
		  .flags = VFIO_DMA_UNMAP_FLAG_VADDR, .second = VMA_BYTES),
	SITUATION("unmap/vaddr-update", vaddr_update, .second = VMA_BYTES),
	SITUATION("unmap/vaddr-update-of-part", vaddr_update, .second = SZ_1M),
	SITUATION("unmap/vaddr-invalid-twice", vaddr_update,
		  .second = VMA_BYTES, .other = true),
	SITUATION("unmap/vaddr-invalid-and-map", vaddr_invalid),
	SITUATIONS_END
};
