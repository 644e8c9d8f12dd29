// SPDX-License-Identifier: GPL-2.0-or-later
#include "lib/va_range.h"

#include <errno.h>
#include <sys/mman.h>

#include "lib/procfile.h"
#include "lib/size.h"


int va_range_reserve(struct va_range *window, uint64_t bytes, uint64_t align_bytes,
		   uint64_t offset_bytes)
{
	window->base = NULL;
	window->bytes = 0;
	/* Down to the last @align_bytes, so that page tables of that reach have no other users. */
	window->reserved_bytes = size_align_up(offset_bytes + bytes, align_bytes) + align_bytes;
	window->reserved = mmap(NULL, window->reserved_bytes, PROT_NONE,
				MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (window->reserved == MAP_FAILED)
		return -errno;
	window->base = (char *)(uintptr_t)(size_align_up((uintptr_t)window->reserved,
							 align_bytes) + offset_bytes);
	window->bytes = bytes;
	return 0;
}

int va_range_map(const struct va_range *window, uint64_t at_bytes, int fd, uint64_t fd_offset_bytes,
	       uint64_t bytes)
{
	void *vaddr;

	vaddr = mmap(window->base + at_bytes, bytes, PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_FIXED, fd, (off_t)fd_offset_bytes);
	return vaddr == MAP_FAILED ? -errno : 0;
}

static int map_anonymous(const struct va_range *window, int flags)
{
	void *vaddr;

	vaddr = mmap(window->base, window->bytes, PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | flags, -1, 0);
	return vaddr == MAP_FAILED ? -errno : 0;
}

/* Pages that are next to each other come from the free memory at different times. */
static void touch_scattered(const struct va_range *window)
{
	uint64_t first, at;

	for (first = 0; first < 2 * SZ_4K; first += SZ_4K)
		for (at = first; at < window->bytes; at += 2 * SZ_4K)
			*(volatile char *)(window->base + at) = 1;
}

static int map_small_pages(const struct va_range *window)
{
	int ret;

	ret = map_anonymous(window, 0);
	if (ret)
		return ret;
	/* a kernel that does not know huge pages has none to give */
	return madvise(window->base, window->bytes, MADV_NOHUGEPAGE) && errno != EINVAL ? -errno : 0;
}

int va_range_map_ram(const struct va_range *window)
{
	int ret;

	ret = map_small_pages(window);
	if (ret)
		return ret;
	return madvise(window->base, window->bytes, MADV_POPULATE_WRITE) ? -errno : 0;
}

int va_range_map_scattered(const struct va_range *window)
{
	int ret;

	ret = map_small_pages(window);
	if (!ret)
		touch_scattered(window);
	return ret;
}

/* The process' own; on a kernel that does not tell, those of all. */
static int thp_read(uint64_t *bytes)
{
	int ret;

	ret = procfile_field("/proc/self/smaps_rollup", "AnonHugePages", bytes);
	return ret == -ENOENT ? procfile_field("/proc/meminfo", "AnonHugePages", bytes) : ret;
}

int va_range_map_thp(const struct va_range *window)
{
	uint64_t before, after;
	int ret;

	ret = thp_read(&before);
	if (ret == -ENODATA)
		return -EINVAL;
	if (!ret)
		ret = map_anonymous(window, 0);
	if (ret)
		return ret;
	if (madvise(window->base, window->bytes, MADV_HUGEPAGE) ||
	    madvise(window->base, window->bytes, MADV_POPULATE_WRITE))
		return -errno;
	ret = thp_read(&after);
	if (ret)
		return ret;
	return after >= before + window->bytes ? 0 : -ENOMEM;
}

int va_range_map_hugetlb(const struct va_range *window, uint64_t page_bytes)
{
	int flags = MAP_HUGETLB | MAP_POPULATE;

	flags |= __builtin_ctzll(page_bytes) << MAP_HUGE_SHIFT;
	return map_anonymous(window, flags);
}

int va_range_clear(const struct va_range *window)
{
	void *vaddr;

	vaddr = mmap(window->reserved, window->reserved_bytes, PROT_NONE,
		     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0);
	return vaddr == MAP_FAILED ? -errno : 0;
}

void va_range_release(struct va_range *window)
{
	munmap(window->reserved, window->reserved_bytes);
}
