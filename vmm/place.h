/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BARMAP_VMM_PLACE_H
#define BARMAP_VMM_PLACE_H

#include <stdint.h>
#include <sys/types.h>

#include "area.h"

typedef void *(*place_mmap)(void *address, size_t bytes, int prot, int flags, int fd, off_t offset);

/*
 * Map @bytes of the device @fd at @file_offset, which is @region_offset into a region, at an address
 * of that alignment, by @map: for mmap() calls without an address. Returns as mmap() does.
 */
void *place_map(place_mmap map, enum area_align align, size_t bytes, int prot, int flags, int fd,
		off_t file_offset, uint64_t region_offset);

#endif
