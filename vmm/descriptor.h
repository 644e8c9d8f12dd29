/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BARMAP_VMM_DESCRIPTOR_H
#define BARMAP_VMM_DESCRIPTOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "area.h"

/*
 * descriptor: what the monitor's file descriptors are to VFIO, and where it mapped device memory.
 *
 * Needs no lock, no memory and no system call but readlink, so that it can run in a signal handler
 * and in a monitor that allows itself few calls. A monitor that maps and unmaps the same addresses in
 * two threads at once may see a wrong device in a record, and no other harm.
 */

/* Descriptors from here on are not followed: their calls are recorded as those of no device. */
#define DESCRIPTORS	4096

/* A piece of a device's region. */
struct descriptor_piece {
	int device;		/* index into the area's; AREA_NO_DEVICE */
	unsigned int region;
	uint64_t offset;
};

/* The device has @fd as @name; NULL: look for the name. Knowing it already does no harm. */
void descriptor_add_device(struct area *area, int fd, const char *name);

/* The device is a PCI device: its region 7 is configuration space. */
void descriptor_set_pci(int fd);

/* Where region @index of the device lies in its file. */
void descriptor_add_region(struct area *area, int fd, unsigned int index, uint64_t offset,
			   uint64_t bytes);

/* @fd is a dma-buf of @piece. */
void descriptor_add_dma_buf(int fd, const struct descriptor_piece *piece);

/* @fd is closed, or was just made for something else. */
void descriptor_forget(int fd);

bool descriptor_is_device(int fd);

/* Whether there is something to forget of it. */
bool descriptor_is_known(int fd);

/* Region @index of the device @fd, which it must be. */
struct descriptor_piece descriptor_whole(int fd, unsigned int index);

/* What lies at @offset of the device's file; false: @fd is no device, or has nothing there. */
bool descriptor_piece_at(int fd, uint64_t offset, struct descriptor_piece *piece);
bool descriptor_dma_buf(int fd, struct descriptor_piece *piece);

/*
 * What writing @bytes at @offset does to the device's memory decode: AREA_DECODE_OFF or _ON when it
 * changes it, else AREA_KINDS.
 */
enum area_kind descriptor_decode_change(int fd, const void *value, size_t bytes, off_t offset);

/* Such a write was done. */
void descriptor_decode_set(int fd, enum area_kind change);

/* [@start, @start + @bytes) was mapped: of @piece, or NULL of something else, or unmapped. */
void range_replace(uint64_t start, uint64_t bytes, const struct descriptor_piece *piece);

/* What is mapped at @address; false: no device's. */
bool range_find(uint64_t address, struct descriptor_piece *piece);

#endif
