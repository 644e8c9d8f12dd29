// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The ends of the address spaces: a request up to the top of the process's, a mapping up to the top
 * of the IOMMU's; and mappings of several kinds of memory that fail late. What an IOMMU's aperture
 * allows differs, so tests/guest/top.test runs these on each.
 */
#include "oracle.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include "lib/size.h"

#define RW		(PROT_READ | PROT_WRITE)
#define FEW_BYTES	(4 * SZ_4K)
/* Below the vmas, so that a request up to the top does not wrap. */
#define LOW_IOVA	(UINT64_C(1) << 46)

static void effect_pinned(struct scene *scene, const struct census *before)
{
	effect(scene, " pinned=%" PRId64,
	       (int64_t)(census_take(scene).pinned - before->pinned));
}

/* The last address that the container lets one map, or 0 if the kernel does not say. */
static uint64_t aperture_last(const struct scene *scene)
{
	struct {
		struct vfio_iommu_type1_info info;
		char capabilities[4096];
	} reply = { .info = { .argsz = sizeof(reply) } };
	const struct vfio_iommu_type1_info_cap_iova_range *ranges;
	const struct vfio_info_cap_header *header;
	uint32_t at;

	must(scene, "VFIO_IOMMU_GET_INFO",
	     ioctl(scene->container.fd, VFIO_IOMMU_GET_INFO, &reply.info));
	if (!(reply.info.flags & VFIO_IOMMU_INFO_CAPS))
		return 0;
	for (at = reply.info.cap_offset; at; at = header->next) {
		header = (const void *)((const char *)&reply + at);
		if (header->id != VFIO_IOMMU_TYPE1_INFO_CAP_IOVA_RANGE)
			continue;
		ranges = (const void *)header;
		return ranges->iova_ranges[ranges->nr_iovas - 1].end;
	}
	return 0;
}

/* ---- vaddr + size is 2^64 ---- */

/* @first bytes of BAR, then @second bytes of RAM, then nothing; all up to the top is asked for. */
static void vaddr_top(struct scene *scene, const struct situation_plan *plan)
{
	const struct census before = census_take(scene);
	char *vma = scene->window.base;

	if (plan->first)
		scene_place(scene, 0, &scene->subject, 0, plan->first, RW);
	if (plan->second)
		scene_place_ram(scene, plan->first, plan->second);
	if (plan->populated)
		populate(vma, plan->first + plan->second);
	scene->result = dma_map(scene, LOW_IOVA, vma, -(uint64_t)(uintptr_t)vma,
				plan->flags);
	effect_unmap(scene, "unmap", LOW_IOVA, -LOW_IOVA);
	effect_locked(scene, "locked");
	effect_pinned(scene, &before);
	effect_errno(scene, "again", dma_map(scene, LOW_IOVA, vma, SZ_4K, plan->flags));
	effect_unmap(scene, "unmap", LOW_IOVA, SZ_4K);
}

/* ---- the top of the IOVA space ---- */

/* BAR, or else RAM, up to the last address; unmapped, and mapped again as something smaller. */
static void iova_top(struct scene *scene, const struct situation_plan *plan)
{
	const struct census before = census_take(scene);
	uint64_t last = aperture_last(scene), iova = last - (plan->first - 1);
	char *vma;

	if (!last)
		skipped(scene, "the aperture is not known");
	if (plan->other)
		vma = scene_place_ram(scene, 0, plan->first);
	else
		vma = scene_place(scene, 0, &scene->subject, 0, plan->first, RW);
	effect(scene, " last=%" PRIx64, last);
	scene->result = dma_map(scene, iova, vma, plan->first, DMA_RW);
	effect_errno(scene, "twice", dma_map(scene, iova, vma, plan->first, DMA_RW));
	effect_unmap(scene, "unmap", iova, plan->first);
	effect_locked(scene, "locked");
	effect_pinned(scene, &before);
	effect_errno(scene, "again", dma_map(scene, last - (SZ_4K - 1), vma, SZ_4K, DMA_RW));
	effect_unmap(scene, "unmap", last - (SZ_4K - 1), SZ_4K);
}

/* The same, unmapped with everything else. */
static void iova_top_all(struct scene *scene, const struct situation_plan *plan)
{
	uint64_t last = aperture_last(scene), bytes = 0;
	char text[SIZE_TEXT_BYTES];
	char *vma;

	if (!last)
		skipped(scene, "the aperture is not known");
	vma = scene_place(scene, 0, &scene->subject, 0, plan->first, RW);
	scene->result = dma_map(scene, last - (plan->first - 1), vma, plan->first, DMA_RW);
	effect_errno(scene, "all", dma_unmap(scene, 0, VFIO_DMA_UNMAP_FLAG_ALL, &bytes));
	effect(scene, " size=%s", size_format(bytes, text));
}

/*
 * It is left mapped when the container is closed; what is left is a matter of the kernel's log, and
 * of what is pinned and in tables afterwards.
 */
static void iova_top_closed(struct scene *scene, const struct situation_plan *plan)
{
	const struct census before = census_take(scene);
	uint64_t last = aperture_last(scene);
	struct census after;
	char *vma;

	if (!last)
		skipped(scene, "the aperture is not known");
	if (plan->other)
		vma = scene_place_ram(scene, 0, plan->first);
	else
		vma = scene_place(scene, 0, &scene->subject, 0, plan->first, RW);
	scene->result = dma_map(scene, last - (plan->first - 1), vma, plan->first, DMA_RW);
	must(scene, "munmap", va_range_clear(&scene->window));
	must(scene, "munmap", munmap(scene->subject.memory, scene->subject.memory_bytes));
	vfio_device_close(&scene->subject.device);
	vfio_container_close(&scene->container);
	effect_pinned(scene, &before);
	after = census_take(scene);
	effect(scene, " tables=%s", after.tables > before.tables ? "more" : "gone");
}

/* ---- several kinds of memory in one mapping, which fails where they end ---- */

/* BAR, RAM, BAR, RAM of @first bytes each, and @second bytes of nothing asked for with them. */
static void mixed(struct scene *scene, const struct situation_plan *plan)
{
	const struct census before = census_take(scene);
	uint64_t each = plan->first, bytes = 4 * each + plan->second, i;
	char *base = scene->window.base, *ram;
	bool kept = true;

	for (i = 0; i < 4; i += 2) {
		scene_place(scene, i * each, &scene->subject, i * each, each, RW);
		ram = scene_place_ram(scene, (i + 1) * each, each);
		memset(ram, (int)(i + 1), each);
	}
	if (plan->other)
		scene_open_edu(scene);
	result_map(scene, base, bytes);
	effect_dma(scene, "bar", MAP_IOVA + 2 * each, scene->subject.memory + 2 * each, DMA_RW);
	effect_dma(scene, "ram", MAP_IOVA + each, base + each, DMA_RW);
	effect_end(scene, bytes);
	effect_locked(scene, "locked");
	if (!plan->other && scene->result)
		effect_pinned(scene, &before);
	/* A page that was put twice is somebody else's by now. */
	ram = mmap(NULL, 64 * SZ_4K, RW, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	if (ram == MAP_FAILED)
		broken(scene, "mmap of memory", errno);
	memset(ram, 0xff, 64 * SZ_4K);
	for (i = 4096; i < each; i++)
		kept = kept && base[3 * each + i] == 3;
	effect(scene, " memory=%s", kept ? "kept" : "lost");
}

const struct situation edge_situations[] = {
	SITUATION("edge/vaddr-top", vaddr_top, .first = FEW_BYTES, .flags = DMA_RW),
	SITUATION("edge/vaddr-top-read", vaddr_top,
		  .first = FEW_BYTES, .flags = VFIO_DMA_MAP_FLAG_READ),
	SITUATION("edge/vaddr-top-populated", vaddr_top,
		  .first = FEW_BYTES, .flags = DMA_RW, .populated = true),
	SITUATION("edge/vaddr-top-ram", vaddr_top, .second = FEW_BYTES, .flags = DMA_RW),
	SITUATION("edge/vaddr-top-bar-ram", vaddr_top,
		  .first = FEW_BYTES, .second = FEW_BYTES, .flags = DMA_RW),
	SITUATION("edge/vaddr-top-nothing", vaddr_top, .flags = DMA_RW),
	SITUATION_SET("edge/vaddr-top-small-pages", vaddr_top, "disable_hugepages", "1",
		      .first = FEW_BYTES, .flags = DMA_RW),
	SITUATION("edge/iova-top", iova_top, .first = VMA_BYTES),
	SITUATION("edge/iova-top-one-page", iova_top, .first = SZ_4K),
	SITUATION("edge/iova-top-ram", iova_top, .first = FEW_BYTES, .other = true),
	SITUATION("edge/iova-top-all", iova_top_all, .first = VMA_BYTES),
	SITUATION("edge/iova-top-closed", iova_top_closed, .first = VMA_BYTES),
	SITUATION("edge/iova-top-closed-ram", iova_top_closed, .first = FEW_BYTES, .other = true),
	SITUATION("edge/mixed", mixed, .first = FEW_BYTES),
	SITUATION("edge/mixed-then-nothing", mixed, .first = FEW_BYTES, .second = SZ_4K),
	SITUATION_SET("edge/mixed-then-nothing-small-pages", mixed, "disable_hugepages", "1",
		      .first = FEW_BYTES, .second = SZ_4K),
	SITUATION_SET("edge/mixed-then-nothing-two-domains", mixed, "separate_domains", "1",
		      .first = FEW_BYTES, .second = SZ_4K, .other = true),
	SITUATIONS_END
};
