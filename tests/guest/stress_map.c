// SPDX-License-Identifier: GPL-2.0-or-later
/* What stress asks of the container. */
#include "stress.h"

#include <errno.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/file.h"
#include "lib/size.h"

#define PARAMETERS	"/sys/module/vfio_iommu_type1/parameters"
#define ONE_IN(worker, n)	(!worker_random((worker), (n)))

/* A part of the window: a page, a slot, or any pages of up to two slots. */
static char *part_choose(struct worker *worker, uint64_t *bytes)
{
	uint64_t slot = worker_random(worker, SLOTS);
	uint64_t pages = VMA_BYTES / SZ_4K, offset = 0;
	uint64_t room;

	if (!ONE_IN(worker, 3)) {
		offset = worker_random(worker, pages);
		room = (slot + 2 < SLOTS ? 2 : SLOTS - slot) * pages - offset;
		pages = ONE_IN(worker, 4) ? 1 : 1 + worker_random(worker, room);
	}
	*bytes = pages * SZ_4K;
	return stress_slot(worker->stress, (unsigned int)slot) + offset * SZ_4K;
}

/*
 * Linux 7.3 pins more pages than asked for when disable_hugepages is set during a MAP_DMA. The
 * first patch of the series mends it; where no lookup can be chosen the change waits for the calls.
 */
static pthread_rwlock_t mapping = PTHREAD_RWLOCK_WRITER_NONRECURSIVE_INITIALIZER_NP;

static int while_mapping(struct worker *worker, int (*run)(struct worker *worker))
{
	bool lock = !worker->stress->variants.selectable;
	int ret;

	if (lock)
		pthread_rwlock_rdlock(&mapping);
	ret = run(worker);
	if (lock)
		pthread_rwlock_unlock(&mapping);
	return ret;
}

static uint64_t place_choose(struct worker *worker)
{
	return MAP_IOVA + worker_random(worker, PLACES) * PLACE_BYTES;
}

static int place_map(struct worker *worker)
{
	static const uint32_t flags[] = { DMA_RW, DMA_RW, VFIO_DMA_MAP_FLAG_READ,
					  VFIO_DMA_MAP_FLAG_WRITE };
	uint64_t iova = place_choose(worker), bytes;
	char *vaddr = part_choose(worker, &bytes);

	if (ONE_IN(worker, 2))
		iova += worker_random(worker, PLACE_BYTES / 4 / SZ_4K) * SZ_4K;
	return dma_map(&worker->stress->scene, iova, vaddr, bytes,
		       flags[worker_random(worker, 4)]);
}

static int map(struct worker *worker)
{
	return while_mapping(worker, place_map);
}

static int unmap(struct worker *worker)
{
	uint64_t bytes = PLACE_BYTES;
	int ret = dma_unmap(&worker->stress->scene, place_choose(worker), 0, &bytes);

	return ret ? ret : bytes ? 0 : -ENOENT;
}

static int unmap_all(struct worker *worker)
{
	uint64_t bytes = 0;
	int ret = dma_unmap(&worker->stress->scene, 0, VFIO_DMA_UNMAP_FLAG_ALL, &bytes);

	return ret ? ret : bytes ? 0 : -ENOENT;
}

/* What a mapping looks like to the dirty log, while it is on for a moment. */
static int dirty(struct worker *worker)
{
	struct vfio_iommu_type1_dirty_bitmap request = {
		.argsz = sizeof(request),
		.flags = VFIO_IOMMU_DIRTY_PAGES_FLAG_START,
	};
	int fd = worker->stress->scene.container.fd;

	if (ioctl(fd, VFIO_IOMMU_DIRTY_PAGES, &request))
		return -errno;
	worker_pause(worker, 5000);
	request.flags = VFIO_IOMMU_DIRTY_PAGES_FLAG_STOP;
	return ioctl(fd, VFIO_IOMMU_DIRTY_PAGES, &request) ? -errno : 0;
}

/* Another lookup, from one mapping to the next; each has to live with what another one mapped. */
static int choose_lookup(struct worker *worker)
{
	const struct variant_set *variants = &worker->stress->variants;
	const char *name = variants->names[worker_random(worker, variants->count)];

	return variants->selectable ? file_write(variants->path, name) : 0;
}

static int choose_pages(struct worker *worker)
{
	const char *value = ONE_IN(worker, 4) ? "Y" : "N";
	bool wait = !worker->stress->variants.selectable;
	int ret;

	if (wait)
		pthread_rwlock_wrlock(&mapping);
	ret = file_write(PARAMETERS "/disable_hugepages", value);
	if (wait)
		pthread_rwlock_unlock(&mapping);
	return ret;
}

static int choose_domains(struct worker *worker)
{
	int ret = file_write(PARAMETERS "/separate_domains", ONE_IN(worker, 2) ? "Y" : "N");

	return ret == -ENOENT ? 0 : ret;
}

/* In a child, whose vmas are copies, mapped at addresses that the others use as well. */
static int child_map(struct worker *worker)
{
	int ret = place_map(worker);

	if (!ret)
		stress_read(stress_slot(worker->stress, SLOT_MEMORY));
	if (ONE_IN(worker, 2))
		unmap(worker);
	return ret;
}

/* The child ends with its mappings in place, half of the time. */
static int fork_and_wait(struct worker *worker)
{
	int status;
	pid_t pid = fork();

	if (!pid)
		_exit(-child_map(worker));
	if (pid < 0)
		return -errno;
	worker_random(worker, 2);
	while (waitpid(pid, &status, 0) < 0) {
		if (errno != EINTR)
			return -errno;
	}
	return WIFEXITED(status) ? -WEXITSTATUS(status) : -ECHILD;
}

static int fork_and_map(struct worker *worker)
{
	return while_mapping(worker, fork_and_wait);
}

const struct operation stress_map_operations[] = {
	{ OPERATION("map", map, 3, 500, EFAULT, EEXIST, EINVAL) },
	{ OPERATION("unmap", unmap, 2, 500, ENOENT, EINVAL) },
	{ OPERATION("unmap-all", unmap_all, 1, 500000, ENOENT) },
	{ OPERATION("dirty-log", dirty, 1, 50000, 0) },
	{ OPERATION("lookup", choose_lookup, 1, 2000000, 0) },
	{ OPERATION("small-pages", choose_pages, 1, 50000, 0) },
	{ OPERATION("separate-domains", choose_domains, 1, 50000, 0) },
	{ OPERATION("fork", fork_and_map, 1, 20000, EFAULT, EEXIST, EINVAL) },
	{ .name = NULL },
};
