// SPDX-License-Identifier: GPL-2.0-or-later
/* Which accesses the vma permits the CPU, and which the device is to get. */
#include "oracle.h"

#include <errno.h>
#include <sys/mman.h>

#define R	VFIO_DMA_MAP_FLAG_READ
#define W	VFIO_DMA_MAP_FLAG_WRITE

/* A vma with page tables got them while it was readable and writable. */
static void access_map(struct scene *scene, const struct situation_plan *plan)
{
	int prot = plan->populated ? PROT_READ | PROT_WRITE : plan->prot;
	char *vma = scene_place(scene, 0, &scene->subject, 0, VMA_BYTES, prot);

	if (!vma) {
		scene->result = -EPERM;
		return;
	}
	if (plan->populated) {
		populate(vma, VMA_BYTES);
		must(scene, "mprotect", mprotect(vma, VMA_BYTES, plan->prot));
	}
	scene->result = dma_map(scene, MAP_IOVA, vma, VMA_BYTES, plan->flags);
	effect_dma(scene, "dma", MAP_IOVA + VMA_BYTES / 2, scene->subject.memory + VMA_BYTES / 2,
		   plan->flags);
	effect_end(scene, VMA_BYTES);
}

#define COLD(vma, dma, may, wants) \
	SITUATION("access/" vma "-vma/" dma, access_map, .prot = (may), .flags = (wants))
#define WARM(vma, dma, may, wants) \
	SITUATION("access/" vma "-vma-populated/" dma, access_map, \
		  .prot = (may), .flags = (wants), .populated = true)

const struct situation access_situations[] = {
	COLD("rw", "read", PROT_READ | PROT_WRITE, R),
	COLD("rw", "write", PROT_READ | PROT_WRITE, W),
	COLD("rw", "both", PROT_READ | PROT_WRITE, R | W),
	COLD("read", "read", PROT_READ, R),
	COLD("read", "write", PROT_READ, W),
	COLD("read", "both", PROT_READ, R | W),
	COLD("write", "read", PROT_WRITE, R),
	COLD("write", "write", PROT_WRITE, W),
	COLD("write", "both", PROT_WRITE, R | W),
	COLD("no", "read", PROT_NONE, R),
	COLD("no", "write", PROT_NONE, W),
	COLD("no", "both", PROT_NONE, R | W),
	COLD("exec", "read", PROT_EXEC, R),
	WARM("rw", "both", PROT_READ | PROT_WRITE, R | W),
	WARM("read", "read", PROT_READ, R),
	WARM("read", "write", PROT_READ, W),
	WARM("read", "both", PROT_READ, R | W),
	WARM("write", "read", PROT_WRITE, R),
	WARM("write", "both", PROT_WRITE, R | W),
	WARM("no", "read", PROT_NONE, R),
	WARM("no", "write", PROT_NONE, W),
	WARM("no", "both", PROT_NONE, R | W),
	SITUATIONS_END
};
