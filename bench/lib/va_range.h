/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BARMAP_LIB_VA_RANGE_H
#define BARMAP_LIB_VA_RANGE_H

#include <stdint.h>

/*
 * A stretch of address space at an address of known alignment, kept reserved whether or not
 * something is mapped into it.
 */
struct va_range {
	void *reserved;			/* what munmap() takes */
	uint64_t reserved_bytes;
	char *base;			/* where the window starts */
	uint64_t bytes;
};

/*
 * Reserve @bytes that start @offset_bytes above a multiple of @align_bytes (a power of two not
 * below the page size). Nothing is accessible yet. Returns 0 or -errno.
 */
int va_range_reserve(struct va_range *window, uint64_t bytes, uint64_t align_bytes,
		   uint64_t offset_bytes);

/*
 * Map @bytes of file @fd from @fd_offset_bytes, shared, readable and writable, at @at_bytes into
 * the window, in place of what was mapped there. Returns 0 or -errno.
 */
int va_range_map(const struct va_range *window, uint64_t at_bytes, int fd, uint64_t fd_offset_bytes,
	       uint64_t bytes);

/*
 * Fill the window with memory of the process' own, all of it present and writable: in pages of the
 * machine's page size; in such pages of which none is beside the next in physical memory as a rule,
 * whatever the free memory is like; in transparent huge pages (-EINVAL if the kernel has none, -ENOMEM if it did
 * not give all of them); or in pages of @page_bytes, which huge pages must be reserved for (-ENOMEM
 * if not; another -errno if the kernel does not have them). Returns 0 or -errno.
 */
int va_range_map_ram(const struct va_range *window);
int va_range_map_scattered(const struct va_range *window);
int va_range_map_thp(const struct va_range *window);
int va_range_map_hugetlb(const struct va_range *window, uint64_t page_bytes);

/*
 * Take away all that is mapped in the window, so that the page tables of its whole stretch are
 * freed: mapping something over it instead leaves tables that neighbours have a part in.
 * Returns 0 or -errno.
 */
int va_range_clear(const struct va_range *window);

void va_range_release(struct va_range *window);

#endif
