// SPDX-License-Identifier: GPL-2.0-or-later
/* Memory of several kinds, alone and in one mapping. */
#include "oracle.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include "lib/file.h"
#include "lib/size.h"

#define RW	(PROT_READ | PROT_WRITE)
#define PART	SZ_1M		/* of each kind in a mapping */

/* The memory of a device without a driver is off until somebody asks for it. */
static void enable_plain(const struct scene *scene)
{
	char path[64], enabled[8];

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/enable", scene->cast->plain);
	must(scene, path, file_read(path, enabled, sizeof(enabled)));
	if (!strcmp(enabled, "0"))
		must(scene, path, file_write(path, "1"));
}

/* Map the BAR of cast->plain through sysfs, without VFIO, at @at_bytes into the window. */
static char *place_sysfs(struct scene *scene, uint64_t at_bytes, int prot, int share)
{
	char path[64];
	char *vaddr;
	int fd;

	enable_plain(scene);
	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/resource2", scene->cast->plain);
	fd = must(scene, path, open(path, O_RDWR | O_CLOEXEC));
	vaddr = mmap(scene->window.base + at_bytes, PART, prot, share | MAP_FIXED, fd, 0);
	if (vaddr == MAP_FAILED)
		broken(scene, "mmap through sysfs", errno);
	return vaddr;
}

/* Put memory of a kind at @at_bytes. Returns where the CPU sees it. */
static char *place_kind(struct scene *scene, char kind, uint64_t at_bytes)
{
	static struct subject peer;

	switch (kind) {
	case 'b':
		scene_place(scene, at_bytes, &scene->subject, at_bytes, PART, RW);
		return scene->subject.memory + at_bytes;
	case 'p':
		scene_open_subject(scene, &peer, scene->cast->power, 2);
		scene_place(scene, at_bytes, &peer, 0, PART, RW);
		return peer.memory;
	case 's':
		return place_sysfs(scene, at_bytes, RW, MAP_SHARED);
	default:
		return scene_place_ram(scene, at_bytes, PART);
	}
}

/* The kinds in the order of the name's last component: b(ar), r(am), s(ysfs), p(eer's bar). */
static void kind_mix(struct scene *scene, const struct situation_plan *plan)
{
	const char *kinds = strrchr(scene->name, '/') + 1;
	unsigned int count = (unsigned int)strlen(kinds), i;
	char *memory[4];
	char key[] = "dma-0";

	for (i = 0; i < count; i++)
		memory[i] = place_kind(scene, kinds[i], i * PART);
	if (plan->populated)
		populate(scene->window.base, count * PART);
	effect_locked(scene, "locked");
	result_map(scene, scene->window.base, count * PART);
	effect_locked(scene, "then");
	for (i = 0; i < count; i++) {
		key[4] = kinds[i];
		effect_dma(scene, key, MAP_IOVA + i * PART, memory[i], DMA_RW);
	}
	effect_end(scene, count * PART);
	if (scene->echo)
		effect_unmap(scene, "echo", ECHO_IOVA, SZ_4K);
	effect_locked(scene, "then");
}

/* A mapping that fails at its end has to give all back that it began with. */
static void kind_then_hole(struct scene *scene, const struct situation_plan *plan)
{
	const char *kinds = strrchr(scene->name, '/') + 1;
	unsigned int count = (unsigned int)strlen(kinds), i;

	(void)plan;
	for (i = 0; i < count; i++)
		place_kind(scene, kinds[i], i * PART);
	result_map(scene, scene->window.base, (count + 1) * PART);
	effect_locked(scene, "locked");
	effect_end(scene, (count + 1) * PART);
}

static void kind_sysfs(struct scene *scene, const struct situation_plan *plan)
{
	char *memory = place_sysfs(scene, VMA_BYTES, RW, MAP_SHARED);
	char *vma = place_sysfs(scene, 0, plan->prot, MAP_SHARED);

	scene->result = dma_map(scene, MAP_IOVA, vma, PART, plan->flags);
	effect_dma(scene, "dma", MAP_IOVA, memory, plan->flags);
	effect_end(scene, PART);
}

/* A private mapping: it may hold copies of its own. */
static void kind_sysfs_private(struct scene *scene, const struct situation_plan *plan)
{
	char *vma = place_sysfs(scene, 0, RW, MAP_PRIVATE);

	scene->result = dma_map(scene, MAP_IOVA, vma, PART, plan->flags);
	effect_end(scene, PART);
}

/* BAR 0 of cast->memory: what the kernel lets be mapped of less than a page. */
static void kind_sub_page(struct scene *scene, const struct situation_plan *plan)
{
	struct subject *subject = &scene->subject;
	struct bar bar;
	void *vma;

	(void)plan;
	must(scene, "BAR 0", bar_read(&subject->device, 0, &bar));
	if (!bar.bytes || bar.bytes >= SZ_4K)
		broken(scene, "a BAR of less than a page", ENXIO);
	vma = mmap(scene->window.base, SZ_4K, RW, MAP_SHARED | MAP_FIXED, subject->device.fd,
		   (off_t)bar.fd_offset_bytes);
	effect_errno(scene, "mmap", vma == MAP_FAILED ? -errno : 0);
	result_map(scene, scene->window.base, SZ_4K);
	effect_end(scene, SZ_4K);
}

/* The BAR with the MSI-X table in its middle: @first pages, or those around page @second. */
static void kind_msix(struct scene *scene, const struct situation_plan *plan)
{
	uint64_t bytes = plan->first * SZ_4K;
	struct subject subject;
	char *vma;

	scene_open_subject(scene, &subject, scene->cast->power, 0);
	vma = scene_place(scene, 0, &subject, 0, bytes, RW);
	if (plan->second)
		must(scene, "munmap", munmap(vma + plan->second * SZ_4K, SZ_4K));
	result_map(scene, vma, bytes);
	effect_end(scene, bytes);
	if (!plan->second)
		return;
	bytes = plan->second * SZ_4K;
	effect_errno(scene, "before", dma_map(scene, MAP_IOVA, vma, bytes, DMA_RW));
	effect_errno(scene, "after", dma_map(scene, MAP_IOVA + bytes + SZ_4K, vma + bytes + SZ_4K,
					     plan->first * SZ_4K - bytes - SZ_4K, DMA_RW));
	effect_end(scene, plan->first * SZ_4K);
}

const struct situation kind_situations[] = {
	SITUATION("kind/b", kind_mix),
	SITUATION("kind/r", kind_mix),
	SITUATION("kind/s", kind_mix),
	SITUATION("kind/rb", kind_mix),
	SITUATION("kind/br", kind_mix),
	SITUATION("kind/brb", kind_mix),
	SITUATION("kind/rbr", kind_mix),
	SITUATION("kind/bs", kind_mix),
	SITUATION("kind/sb", kind_mix),
	SITUATION("kind/sr", kind_mix),
	SITUATION("kind/rs", kind_mix),
	SITUATION("kind/bp", kind_mix),
	SITUATION("kind/prsb", kind_mix),
	SITUATION("kind/populated/bsr", kind_mix, .populated = true),
	SITUATION("kind/then-hole/b", kind_then_hole),
	SITUATION("kind/then-hole/r", kind_then_hole),
	SITUATION("kind/then-hole/br", kind_then_hole),
	SITUATION("kind/then-hole/rb", kind_then_hole),
	SITUATION("kind/then-hole/sb", kind_then_hole),
	SITUATION("kind/sysfs-read-only/read", kind_sysfs,
		  .prot = PROT_READ, .flags = VFIO_DMA_MAP_FLAG_READ),
	SITUATION("kind/sysfs-read-only/both", kind_sysfs, .prot = PROT_READ, .flags = DMA_RW),
	SITUATION("kind/sysfs-private/read", kind_sysfs_private, .flags = VFIO_DMA_MAP_FLAG_READ),
	SITUATION("kind/sysfs-private/both", kind_sysfs_private, .flags = DMA_RW),
	SITUATION("kind/sub-page-bar", kind_sub_page),
	SITUATION("kind/msix-table-included", kind_msix, .first = 4),
	SITUATION("kind/msix-table-left-out", kind_msix, .first = 4, .second = 2),
	SITUATIONS_END
};
