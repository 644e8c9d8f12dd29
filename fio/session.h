/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BARMAP_FIO_SESSION_H
#define BARMAP_FIO_SESSION_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/bar.h"
#include "lib/error.h"
#include "lib/vfio.h"
#include "lib/va_range.h"

/*
 * What one fio job has of VFIO: the BAR of a device, in slots of the size that one I/O maps, and
 * addresses of its own to map them at. Jobs are threads of one process. The kernel gives a device
 * to one container only, so jobs of the same device share both; jobs of other devices share a
 * container if they name the same one.
 *
 * Open and close may be called by any thread; the rest by the thread of the job. Knows nothing of
 * fio.
 */

struct session_request {
	const char *device;		/* PCI address */
	const char *container;		/* name; NULL: the device's own */
	int bar;			/* 0 to 5, or BAR_ANY */
	uint64_t map_bytes;		/* of one slot: a multiple of the page size */
	uint64_t iova;			/* where the BAR's start goes; 0: find a free place */
	uint64_t va_offset_bytes;	/* of the window from a multiple of 1 GiB */
};

struct session_container;
struct session_device;

struct session {
	struct session_container *container;
	struct session_device *device;
	struct bar bar;
	uint64_t map_bytes;
	uint64_t slots;			/* at least 1 */
	uint64_t iova;			/* of slot 0 */
	struct va_range window;		/* the slots, one after the other */
	struct va_range spare;		/* a page for session_fill_free_lists() ... */
	uint64_t spare_iova;		/* ... and where it goes; 0: there is no place */
	bool *mapped;			/* which slots are */
};

/*
 * Open what @request asks for; with one more slot's user if it is open already. The caller frees
 * *@session with session_close(). Returns 0, or -errno with @error filled.
 */
int session_open(struct session **session, const struct session_request *request,
		 struct error *error);

/* Unmap what the job left mapped and give everything back. NULL is nothing. */
void session_close(struct session *session);

/* DMA-map slot @slot, or unmap it. Each is one ioctl. Returns 0 or -errno. */
int session_map(struct session *session, uint64_t slot);
int session_unmap(struct session *session, uint64_t slot);

/* Read 4 bytes at every @stride_bytes of slot @slot by the CPU. */
void session_touch(const struct session *session, uint64_t slot, uint64_t stride_bytes);

/* Map the BAR into the process anew, so that no page table holds it. Returns 0 or -errno. */
int session_cool(struct session *session);

/*
 * DMA-map all of the window and unmap it, with the lookup that walks the page tables if the kernel
 * lets choose, so that they hold all of it. Returns 0 or -errno.
 */
int session_warm(struct session *session);

/* As mapping_fill_free_lists() of barmap: map and unmap another page a few times. Returns 0 or -errno. */
int session_fill_free_lists(struct session *session);

#endif
