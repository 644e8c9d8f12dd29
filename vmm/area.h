/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BARMAP_VMM_AREA_H
#define BARMAP_VMM_AREA_H

#include <stdatomic.h>
#include <stdint.h>

/*
 * area: the memory that barmap-vmm-trace shares with the monitor it runs.
 *
 * The wrapper makes it and names it in the environment; the preloaded library maps it and puts a
 * record into it for each call. It needs no file descriptor from then on, and it outlives the
 * monitor however that ends. A page of it exists once it is written.
 */

#define AREA_ENV		"BARMAP_VMM_TRACE"	/* path of the area */
#define AREA_ALIGN_ENV		"BARMAP_VMM_ALIGN"	/* enum area_align, as a number */

#define AREA_CALLS		65536
#define AREA_DEVICES		256
#define AREA_REGIONS		9	/* those that vfio-pci has */
#define AREA_NAME_BYTES		40	/* a UUID has 36 characters */

/* What a record is of. */
enum area_kind {
	AREA_MAP,		/* VFIO_IOMMU_MAP_DMA */
	AREA_UNMAP,		/* VFIO_IOMMU_UNMAP_DMA */
	AREA_IOAS_MAP,		/* IOMMU_IOAS_MAP */
	AREA_IOAS_MAP_FILE,	/* IOMMU_IOAS_MAP_FILE */
	AREA_IOAS_UNMAP,	/* IOMMU_IOAS_UNMAP */
	AREA_EXPORT,		/* VFIO_DEVICE_FEATURE_DMA_BUF */
	AREA_DECODE_OFF,	/* a write to COMMAND that turns memory decode off */
	AREA_DECODE_ON,		/* and on */
	AREA_KINDS
};

/* Where the library puts a device's memory when the monitor leaves the choice to the kernel. */
enum area_align {
	AREA_ALIGN_KEEP,	/* where the kernel does */
	AREA_ALIGN_1G,		/* so that 1 GiB of the BAR is 1 GiB of addresses */
	AREA_ALIGN_4K_OFF,	/* 4 KiB above that */
	AREA_ALIGNS
};

#define AREA_NO_DEVICE	(-1)

/**
 * struct area_call - one call
 * @ready: set last; 0: the process ended while it wrote the record
 * @kind: of enum area_kind
 * @device: index into the devices; AREA_NO_DEVICE: of none, so memory of the machine, or of one that
 *          has to be found from what was mapped at @iova
 * @region: of that device
 * @err: errno; 0 when the call succeeded
 * @pid: of the process
 * @space: what @iova is in: the file descriptor, and the IOAS's number shifted by 32
 * @offset: in the region
 */
struct area_call {
	_Atomic uint32_t ready;
	uint8_t kind;
	uint8_t region;
	int16_t device;
	int32_t err;
	int32_t pid;
	uint64_t start_ns;
	uint64_t cost_ns;
	uint64_t space;
	uint64_t vaddr;
	uint64_t iova;
	uint64_t bytes;
	uint64_t offset;
};

/**
 * struct area_device - a device that the monitor opened
 * @name: "0000:65:00.0", the UUID of a mediated device, or "vfio0" of one that was opened as
 *        /dev/vfio/devices/vfio0
 * @region_bytes: as VFIO says
 */
struct area_device {
	char name[AREA_NAME_BYTES];
	_Atomic uint64_t region_bytes[AREA_REGIONS];
};

/**
 * struct area - all of it, zeroed at first
 * @attached: processes that loaded the library
 * @owner: the process that made the last call
 * @exit_ns: when a process that made calls last said it would end; 0: none has
 * @exit_pid: which one
 * @calls_count: calls made, of which the first AREA_CALLS are here
 * @lost_ns: what the others took, by kind
 * @lost: how many those were
 * @devices_count: may be above AREA_DEVICES: the last one is then all the others
 */
struct area {
	_Atomic uint32_t attached;
	_Atomic int32_t owner;
	_Atomic uint64_t exit_ns;
	_Atomic int32_t exit_pid;
	_Atomic uint64_t calls_count;
	_Atomic uint64_t lost[AREA_KINDS];
	_Atomic uint64_t lost_ns[AREA_KINDS];
	_Atomic uint32_t devices_count;
	struct area_device devices[AREA_DEVICES];
	struct area_call calls[AREA_CALLS];
};

#endif
