// SPDX-License-Identifier: GPL-2.0-or-later
/* What the container does with its mappings as a whole: limits, domains, dirty pages, its end. */
#include "oracle.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "lib/size.h"

#define RW		(PROT_READ | PROT_WRITE)
#define NOBODY		65534
#define BITMAP_WORDS	(VMA_BYTES / SZ_4K / 64)	/* a bit for each page of a vma */

/* ---- locked memory ---- */

/* No more memory may be locked than the two pages that the process is allowed. */
static void privileges_drop(const struct scene *scene)
{
	const struct rlimit limit = { .rlim_cur = 2 * SZ_4K, .rlim_max = 2 * SZ_4K };

	must(scene, "RLIMIT_MEMLOCK", setrlimit(RLIMIT_MEMLOCK, &limit));
	must(scene, "another user", setresuid(NOBODY, NOBODY, NOBODY));
}

/* @first bytes of BAR followed by @second bytes of RAM. */
static void limit_locked(struct scene *scene, const struct situation_plan *plan)
{
	char *vma = scene->window.base;

	if (plan->first)
		scene_place(scene, 0, &scene->subject, 0, plan->first, RW);
	if (plan->second)
		scene_place_ram(scene, plan->first, plan->second);
	privileges_drop(scene);
	result_map(scene, vma, plan->first + plan->second);
	effect_locked(scene, "locked");
	effect_end(scene, plan->first + plan->second);
	effect_locked(scene, "then");
}

/* ---- the number of mappings; @first of them are allowed ---- */

static void limit_entries(struct scene *scene, const struct situation_plan *plan)
{
	char *vma = scene_place(scene, 0, &scene->subject, 0, VMA_BYTES, RW);
	uint64_t i;

	for (i = 0; i < plan->first; i++)
		must(scene, "a mapping", dma_map(scene, MAP_IOVA + (i + 1) * VMA_BYTES, vma,
						 VMA_BYTES, DMA_RW));
	result_map(scene, vma, VMA_BYTES);
	effect_unmap(scene, "one", MAP_IOVA + VMA_BYTES, VMA_BYTES);
	effect_errno(scene, "again", dma_map(scene, MAP_IOVA, vma, VMA_BYTES, DMA_RW));
	/* A failed mapping must not use up what is allowed. */
	effect_end(scene, VMA_BYTES);
	effect_errno(scene, "hole", dma_map(scene, MAP_IOVA, vma, 2 * VMA_BYTES, DMA_RW));
	effect_errno(scene, "last", dma_map(scene, MAP_IOVA, vma, VMA_BYTES, DMA_RW));
}

/* ---- pages one by one ---- */

static void pages_singly(struct scene *scene, const struct situation_plan *plan)
{
	char *vma = scene_place(scene, 0, &scene->subject, 0, VMA_BYTES, RW);
	char *memory = scene->subject.memory;

	if (plan->second)
		scene_place_ram(scene, VMA_BYTES, plan->second);
	result_map(scene, vma, VMA_BYTES + plan->second);
	effect_dma(scene, "first", MAP_IOVA, memory, DMA_RW);
	effect_dma(scene, "last", MAP_IOVA + VMA_BYTES - SZ_4K, memory + VMA_BYTES - SZ_4K,
		   DMA_RW);
	effect_end(scene, VMA_BYTES + plan->second);
}

/* ---- a second domain: edu's, when the kernel can be told so ---- */

/* BAR, RAM, and both in one mapping; mapped when the domain is there, or else before. */
static void domain_second(struct scene *scene, const struct situation_plan *plan)
{
	char *bar = scene_place(scene, 0, &scene->subject, 0, VMA_BYTES, RW);
	char *ram = scene_place_ram(scene, VMA_BYTES, SZ_1M);
	char *memory = scene->subject.memory;

	if (!plan->other)
		scene_open_edu(scene);
	result_map(scene, bar, VMA_BYTES + SZ_1M);
	effect_errno(scene, "bar", dma_map(scene, MAP_IOVA + SZ_1G, bar + SZ_4K, SZ_1M, DMA_RW));
	effect_errno(scene, "ram", dma_map(scene, MAP_IOVA + 2 * SZ_1G, ram, SZ_1M, DMA_RW));
	effect_dma(scene, "dma-bar", MAP_IOVA + SZ_1G, memory + SZ_4K, DMA_RW);
	effect_dma(scene, "dma-ram", MAP_IOVA + 2 * SZ_1G, ram, DMA_RW);
	effect_dma(scene, "dma-both", MAP_IOVA + VMA_BYTES - SZ_4K, memory + VMA_BYTES - SZ_4K,
		   DMA_RW);
	effect_dma(scene, "dma-both", MAP_IOVA + VMA_BYTES, ram, DMA_RW);
	effect_end(scene, VMA_BYTES + SZ_1M);
	effect_unmap(scene, "rest", MAP_IOVA, 3 * SZ_1G);
	effect_locked(scene, "locked");
}

/* Parts of the BAR in another order, there still or else gone: the new domain gets them too. */
static void domain_second_parts(struct scene *scene, const struct situation_plan *plan)
{
	char *vma = scene_place(scene, 0, &scene->subject, SZ_1M, SZ_1M, RW);
	char *memory = scene->subject.memory;

	scene_place(scene, SZ_1M, &scene->subject, 0, SZ_1M, RW);
	scene_place(scene, 2 * SZ_1M, &scene->subject, 3 * SZ_1M, SZ_1M, RW);
	result_map(scene, vma, 3 * SZ_1M);
	if (plan->other)
		must(scene, "munmap", munmap(vma, 3 * SZ_1M));
	effect_dma(scene, "first", MAP_IOVA, memory + SZ_1M, DMA_RW);
	effect_dma(scene, "second", MAP_IOVA + SZ_1M, memory, DMA_RW);
	effect_dma(scene, "third", MAP_IOVA + 2 * SZ_1M, memory + 3 * SZ_1M, DMA_RW);
	effect_end(scene, 3 * SZ_1M);
}

/* Mapped while there were two domains, unmapped when there is one. */
static void domain_leaves(struct scene *scene, const struct situation_plan *plan)
{
	char *vma = scene_place(scene, 0, &scene->subject, 0, VMA_BYTES, RW);

	(void)plan;
	scene_open_edu(scene);
	result_map(scene, vma, VMA_BYTES);
	effect_dma(scene, "dma", MAP_IOVA, scene->subject.memory, DMA_RW);
	edu_close(&scene->edu);
	effect_end(scene, VMA_BYTES);
	effect_unmap(scene, "echo", ECHO_IOVA, SZ_4K);
}

/* The domain that the mapping was made for goes, with the device; edu's domain stays. */
static void domain_first_leaves(struct scene *scene, const struct situation_plan *plan)
{
	char *vma = scene_place(scene, 0, &scene->subject, 0, VMA_BYTES, RW);

	(void)plan;
	scene_place_ram(scene, VMA_BYTES, SZ_1M);
	effect_errno(scene, "bar", dma_map(scene, MAP_IOVA + SZ_1G, vma, VMA_BYTES, DMA_RW));
	result_map(scene, vma, VMA_BYTES + SZ_1M);
	scene_open_edu(scene);
	must(scene, "munmap", va_range_clear(&scene->window));
	must(scene, "munmap", munmap(scene->subject.memory, scene->subject.memory_bytes));
	vfio_device_close(&scene->subject.device);
	effect_end(scene, VMA_BYTES + SZ_1M);
	effect_unmap(scene, "bar", MAP_IOVA + SZ_1G, VMA_BYTES);
	effect_locked(scene, "locked");
}

/* ---- what it costs to bring mappings of many parts into another domain ---- */

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

/* One mapping of @parts pages of the BAR, none of which continues the one before: edu joins. */
static uint64_t join_ns(struct scene *scene, const struct vfio_device *joining, uint64_t parts)
{
	uint64_t i, began_ns, took_ns;

	for (i = 0; i < parts; i++)
		scene_place(scene, i * SZ_4K, &scene->subject, (parts - 1 - i) * SZ_4K, SZ_4K, RW);
	result_map(scene, scene->window.base, parts * SZ_4K);
	began_ns = now_ns();
	must(scene, "joining", vfio_group_join(joining, &scene->container));
	took_ns = now_ns() - began_ns;
	must(scene, "leaving", vfio_group_leave(joining));
	effect_end(scene, parts * SZ_4K);
	return took_ns;
}

/* A part must not cost more because there are more of them. */
static void domain_joins_many(struct scene *scene, const struct situation_plan *plan)
{
	struct vfio_device joining;
	uint64_t few_ns, many_ns;
	struct error error;

	if (vfio_group_open(&joining, scene->cast->dma, &error))
		broken(scene, error.text, EIO);
	few_ns = join_ns(scene, &joining, plan->first);
	many_ns = join_ns(scene, &joining, plan->second);
	effect(scene, " parts=%s", many_ns / plan->second <= 2 * few_ns / plan->first ?
	       "alike" : "dearer");
	fprintf(stderr, "%s: %" PRIu64 " ns with %" PRIu64 " parts, %" PRIu64 " with %" PRIu64 "\n",
		scene->name, few_ns, plan->first, many_ns, plan->second);
	vfio_group_close(&joining);
}

/* ---- dirty pages ---- */

static int dirty_tracking(const struct scene *scene, uint32_t flag)
{
	struct vfio_iommu_type1_dirty_bitmap dirty = { .argsz = sizeof(dirty), .flags = flag };

	return ioctl(scene->container.fd, VFIO_IOMMU_DIRTY_PAGES, &dirty) ? -errno : 0;
}

static unsigned int bits_count(const uint64_t words[BITMAP_WORDS])
{
	unsigned int i, bits = 0;

	for (i = 0; i < BITMAP_WORDS; i++)
		bits += (unsigned int)__builtin_popcountll(words[i]);
	return bits;
}

static void effect_dirty(struct scene *scene, const char *key, uint64_t bytes)
{
	uint64_t bitmap[BITMAP_WORDS] = { 0 };
	struct {
		struct vfio_iommu_type1_dirty_bitmap dirty;
		struct vfio_iommu_type1_dirty_bitmap_get get;
	} request = {
		.dirty = {
			.argsz = sizeof(request),
			.flags = VFIO_IOMMU_DIRTY_PAGES_FLAG_GET_BITMAP,
		},
		.get = {
			.iova = MAP_IOVA,
			.size = bytes,
			.bitmap = { SZ_4K, sizeof(bitmap), (__u64 *)bitmap },
		},
	};
	int ret = ioctl(scene->container.fd, VFIO_IOMMU_DIRTY_PAGES, &request) ? -errno : 0;

	effect(scene, " %s=%s,%u", key, errno_name(ret), bits_count(bitmap));
}

/* Unmap, and learn which pages were dirty. */
static void effect_unmap_dirty(struct scene *scene)
{
	uint64_t bitmap[BITMAP_WORDS] = { 0 };
	struct {
		struct vfio_iommu_type1_dma_unmap unmap;
		struct vfio_bitmap bitmap;
	} request = {
		.unmap = {
			.argsz = sizeof(request),
			.flags = VFIO_DMA_UNMAP_FLAG_GET_DIRTY_BITMAP,
			.iova = MAP_IOVA,
			.size = VMA_BYTES,
		},
		.bitmap = { SZ_4K, sizeof(bitmap), (__u64 *)bitmap },
	};
	int ret = ioctl(scene->container.fd, VFIO_IOMMU_UNMAP_DMA, &request) ? -errno : 0;

	effect(scene, " unmap-dirty=%s,%u", errno_name(ret), bits_count(bitmap));
}

/* The mapping is made while pages are tracked, or else before. */
static void dirty_pages(struct scene *scene, const struct situation_plan *plan)
{
	char *vma = scene_place(scene, 0, &scene->subject, 0, VMA_BYTES, RW);

	if (!plan->other)
		effect_errno(scene, "start",
			     dirty_tracking(scene, VFIO_IOMMU_DIRTY_PAGES_FLAG_START));
	result_map(scene, vma, VMA_BYTES);
	if (plan->other)
		effect_errno(scene, "start",
			     dirty_tracking(scene, VFIO_IOMMU_DIRTY_PAGES_FLAG_START));
	effect_dirty(scene, "dirty", VMA_BYTES);
	effect_dirty(scene, "part", SZ_1M);
	effect_unmap_dirty(scene);
	effect_errno(scene, "again", dma_map(scene, MAP_IOVA, vma, VMA_BYTES, DMA_RW));
	effect_errno(scene, "stop", dirty_tracking(scene, VFIO_IOMMU_DIRTY_PAGES_FLAG_STOP));
	effect_dirty(scene, "stopped", VMA_BYTES);
	effect_end(scene, VMA_BYTES);
}

/* ---- the end of the container ---- */

static void container_close(struct scene *scene, const struct situation_plan *plan)
{
	struct scene *next = calloc(1, sizeof(*next));
	char *vma = scene_place(scene, 0, &scene->subject, 0, VMA_BYTES, RW);

	(void)plan;
	if (!next)
		broken(scene, "another scene", ENOMEM);
	must(scene, "the mapping", dma_map(scene, MAP_IOVA, vma, VMA_BYTES, DMA_RW));
	must(scene, "munmap", va_range_clear(&scene->window));
	must(scene, "munmap", munmap(scene->subject.memory, scene->subject.memory_bytes));
	vfio_device_close(&scene->subject.device);
	vfio_container_close(&scene->container);
	scene_init(next, scene->cast, scene->name);
	vma = scene_place(next, 0, &next->subject, 0, VMA_BYTES, RW);
	result_map(next, vma, VMA_BYTES);
	effect_dma(next, "dma", MAP_IOVA, next->subject.memory, DMA_RW);
	effect_end(next, VMA_BYTES);
	scene->result = next->result;
	strcpy(scene->effect, next->effect);
}

/* ---- iommufd in the place of a container ---- */

/* A BAR, or else RAM. */
static void iommufd(struct scene *scene, const struct situation_plan *plan)
{
	struct vfio_container container;
	char *vma;

	container.has_iommu = false;
	container.fd = open("/dev/iommu", O_RDWR | O_CLOEXEC);
	if (container.fd < 0)
		skipped(scene, "no /dev/iommu");
	scene->container = container;
	scene_open_subject(scene, &scene->subject, scene->cast->power, 2);
	vma = scene_place(scene, 0, &scene->subject, 0, SZ_1M, RW);
	if (plan->other)
		vma = scene_place_ram(scene, 0, SZ_1M);
	if (plan->populated)
		populate(vma, SZ_1M);
	result_map(scene, vma, SZ_1M);
	effect_end(scene, SZ_1M);
}

const struct situation container_situations[] = {
	SITUATION("container/memlock-bar", limit_locked, .first = VMA_BYTES),
	SITUATION("container/memlock-ram-allowed", limit_locked, .second = 2 * SZ_4K),
	SITUATION("container/memlock-ram", limit_locked, .second = SZ_1M),
	SITUATION("container/memlock-bar-ram-allowed", limit_locked,
		  .first = VMA_BYTES, .second = 2 * SZ_4K),
	SITUATION("container/memlock-bar-ram", limit_locked, .first = VMA_BYTES, .second = SZ_1M),
	SITUATION_SET("container/entry-limit", limit_entries, "dma_entry_limit", "3", .first = 3),
	SITUATION_SET("container/entry-limit-1", limit_entries, "dma_entry_limit", "1"),
	SITUATION_SET("container/small-pages", pages_singly, "disable_hugepages", "1"),
	SITUATION_SET("container/small-pages-then-ram", pages_singly, "disable_hugepages", "1",
		      .second = SZ_1M),
	SITUATION_SET("container/second-domain", domain_second, "separate_domains", "1"),
	SITUATION_SET("container/second-domain-later", domain_second, "separate_domains", "1",
		      .other = true),
	SITUATION_SET("container/second-domain-later-parts", domain_second_parts,
		      "separate_domains", "1"),
	SITUATION_SET("container/second-domain-later-gone", domain_second_parts,
		      "separate_domains", "1", .other = true),
	SITUATION_SET("container/second-domain-leaves", domain_leaves, "separate_domains", "1"),
	SITUATION_SET("container/second-domain-first-leaves", domain_first_leaves,
		      "separate_domains", "1"),
	SITUATION_SET("container/second-domain-later-many", domain_joins_many,
		      "separate_domains", "1", .first = 64, .second = 4096),
	SITUATION("container/dirty-then-map", dirty_pages),
	SITUATION("container/map-then-dirty", dirty_pages, .other = true),
	SITUATION("container/closed", container_close),
	SITUATION("container/iommufd-bar", iommufd),
	SITUATION("container/iommufd-bar-populated", iommufd, .populated = true),
	SITUATION("container/iommufd-ram", iommufd, .other = true),
	SITUATIONS_END
};
