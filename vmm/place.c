// SPDX-License-Identifier: GPL-2.0-or-later
#include "place.h"

#include <errno.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#define ALIGN_BYTES	(UINT64_C(1) << 30)
#define OFF_BYTES	(UINT64_C(1) << 12)

static void unmap_raw(uint64_t start, uint64_t end)
{
	if (start < end)
		syscall(SYS_munmap, start, end - start);
}

/*
 * Reserve more than enough, map over a part of it, and give the rest back. When the device refuses,
 * the kernel may have taken the reservation's part away already: that is unmapped either way.
 */
void *place_map(place_mmap map, enum area_align align, size_t bytes, int prot, int flags, int fd,
		off_t file_offset, uint64_t region_offset)
{
	uint64_t reserved, start, end, room = bytes + ALIGN_BYTES + OFF_BYTES;
	void *memory;
	int err;

	if (room < bytes) {
		errno = ENOMEM;
		return MAP_FAILED;
	}
	memory = map(NULL, room, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (memory == MAP_FAILED)
		return memory;
	reserved = (uint64_t)memory;
	start = (reserved + ALIGN_BYTES - 1) / ALIGN_BYTES * ALIGN_BYTES;
	start += region_offset % ALIGN_BYTES;
	if (start - ALIGN_BYTES >= reserved)
		start -= ALIGN_BYTES;
	if (align == AREA_ALIGN_4K_OFF)
		start += OFF_BYTES;
	memory = map((void *)start, bytes, prot, flags | MAP_FIXED, fd, file_offset);
	err = errno;
	end = start + (bytes + OFF_BYTES - 1) / OFF_BYTES * OFF_BYTES;
	unmap_raw(reserved, start);
	unmap_raw(end, (reserved + room + OFF_BYTES - 1) / OFF_BYTES * OFF_BYTES);
	if (memory == MAP_FAILED)
		unmap_raw(start, end);
	errno = err;
	return memory;
}
