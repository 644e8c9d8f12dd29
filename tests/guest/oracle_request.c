// SPDX-License-Identifier: GPL-2.0-or-later
/* Requests to map that make no sense, or that meet another mapping. */
#include "oracle.h"

#include <errno.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include "lib/size.h"

#define RW	(PROT_READ | PROT_WRITE)

/* @first: the iova; @second: the size. */
static void request_map(struct scene *scene, const struct situation_plan *plan)
{
	char *vma = scene_place(scene, 0, &scene->subject, 0, VMA_BYTES, RW);

	scene->result = dma_map(scene, plan->first, vma, plan->second, plan->flags);
	effect_end(scene, VMA_BYTES);
}

/* @first: what is added to the vma's address; @second: the size. */
static void request_vaddr(struct scene *scene, const struct situation_plan *plan)
{
	char *vma = scene_place(scene, 0, &scene->subject, 0, VMA_BYTES, RW);

	result_map(scene, vma + plan->first, plan->second);
	effect_end(scene, VMA_BYTES);
}

static void request_vaddr_wrap(struct scene *scene, const struct situation_plan *plan)
{
	(void)plan;
	result_map(scene, (void *)~(uintptr_t)(SZ_4K - 1), 2 * SZ_4K);
	effect_end(scene, 2 * SZ_4K);
}

static void request_short(struct scene *scene, const struct situation_plan *plan)
{
	struct vfio_iommu_type1_dma_map map = {
		.argsz = sizeof(map) - 1,
		.flags = DMA_RW,
		.vaddr = (uintptr_t)scene_place(scene, 0, &scene->subject, 0, VMA_BYTES, RW),
		.iova = MAP_IOVA,
		.size = VMA_BYTES,
	};

	(void)plan;
	scene->result = ioctl(scene->container.fd, VFIO_IOMMU_MAP_DMA, &map) ? -errno : 0;
	effect_end(scene, VMA_BYTES);
}

/* 2 MiB are mapped already, of a BAR or else of RAM; then @second bytes at @first from there. */
static void request_meets(struct scene *scene, const struct situation_plan *plan)
{
	char *vma = scene_place(scene, 0, &scene->subject, 0, VMA_BYTES, RW);

	if (plan->other)
		vma = scene_place_ram(scene, VMA_BYTES, VMA_BYTES);
	must(scene, "the first mapping", dma_map(scene, MAP_IOVA, vma, 2 * SZ_1M, DMA_RW));
	scene->result = dma_map(scene, MAP_IOVA + plan->first, scene->window.base, plan->second,
				DMA_RW);
	effect_dma(scene, "dma", MAP_IOVA + plan->first, scene->subject.memory, DMA_RW);
	effect_unmap(scene, "before", MAP_IOVA, 2 * SZ_1M);
	effect_unmap(scene, "rest", MAP_IOVA - VMA_BYTES, 4 * VMA_BYTES);
}

/* The same memory at two addresses. */
static void request_twice(struct scene *scene, const struct situation_plan *plan)
{
	char *vma = scene_place(scene, 0, &scene->subject, 0, VMA_BYTES, RW);

	(void)plan;
	must(scene, "the first mapping",
	     dma_map(scene, MAP_IOVA + VMA_BYTES, vma, VMA_BYTES, DMA_RW));
	result_map(scene, vma, VMA_BYTES);
	effect_unmap(scene, "first", MAP_IOVA + VMA_BYTES, VMA_BYTES);
	effect_dma(scene, "second", MAP_IOVA, scene->subject.memory, DMA_RW);
	effect_end(scene, VMA_BYTES);
}

const struct situation request_situations[] = {
	SITUATION("request/iova-unaligned", request_map,
		  .flags = DMA_RW, .first = MAP_IOVA + 512, .second = SZ_4K),
	SITUATION("request/vaddr-unaligned", request_vaddr, .first = 512, .second = SZ_4K),
	SITUATION("request/size-unaligned", request_vaddr, .second = SZ_4K + 512),
	SITUATION("request/size-0", request_vaddr),
	SITUATION("request/iova-4K-off", request_map,
		  .flags = DMA_RW, .first = MAP_IOVA + SZ_4K, .second = SZ_2M),
	SITUATION("request/iova-wrap", request_map,
		  .flags = DMA_RW, .first = -SZ_4K, .second = 2 * SZ_4K),
	SITUATION("request/vaddr-wrap", request_vaddr_wrap),
	SITUATION("request/iova-outside", request_map,
		  .flags = DMA_RW, .first = UINT64_C(1) << 60, .second = SZ_4K),
	SITUATION("request/iova-reserved", request_map,
		  .flags = DMA_RW, .first = UINT64_C(0xfee00000), .second = SZ_4K),
	SITUATION("request/flags-0", request_map, .first = MAP_IOVA, .second = SZ_4K),
	SITUATION("request/flags-unknown", request_map,
		  .flags = DMA_RW | 1u << 30, .first = MAP_IOVA, .second = SZ_4K),
	SITUATION("request/flags-vaddr", request_map,
		  .flags = VFIO_DMA_MAP_FLAG_VADDR, .first = MAP_IOVA, .second = SZ_4K),
	SITUATION("request/too-short", request_short),
	SITUATION("request/duplicate", request_meets, .second = 2 * SZ_1M),
	SITUATION("request/duplicate-of-ram", request_meets,
		  .second = 2 * SZ_1M, .other = true),
	SITUATION("request/overlaps-head", request_meets, .first = -SZ_1M, .second = 2 * SZ_1M),
	SITUATION("request/overlaps-tail", request_meets, .first = SZ_1M, .second = 2 * SZ_1M),
	SITUATION("request/overlaps-inside", request_meets, .first = SZ_1M, .second = SZ_4K),
	SITUATION("request/overlaps-all", request_meets, .first = -SZ_1M, .second = VMA_BYTES),
	SITUATION("request/adjoins-tail", request_meets, .first = 2 * SZ_1M, .second = 2 * SZ_1M),
	SITUATION("request/adjoins-head", request_meets, .first = -SZ_1M, .second = SZ_1M),
	SITUATION("request/same-memory-twice", request_twice),
	SITUATIONS_END
};
