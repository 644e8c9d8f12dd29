/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BARMAP_LIB_EDU_H
#define BARMAP_LIB_EDU_H

#include <stddef.h>
#include <stdint.h>

#include "lib/error.h"
#include "lib/vfio.h"

/*
 * QEMU's teaching device as a DMA engine (hw/misc/edu.c, docs/specs/edu.rst): it copies between
 * a buffer of its own, which the CPU cannot see, and any bus address.
 */

#define EDU_VENDOR	0x1234
#define EDU_DEVICE	0x11e8

/*
 * Most bytes of one transfer. The buffer has 4096, but the device takes one that reaches the
 * buffer's very end for an overrun, and stops the whole machine.
 */
#define EDU_DMA_BYTES	4088

struct edu {
	struct vfio_device device;
	volatile uint32_t *registers;
	size_t registers_bytes;
};

/*
 * Open the edu at @address into @container and let it master the bus.
 * Returns 0, or -errno with @error filled.
 */
int edu_open(struct edu *edu, struct vfio_container *container, const char *address,
	     struct error *error);

/* The same for an @edu whose device is open; it is closed on failure. */
int edu_attach(struct edu *edu, struct error *error);

void edu_close(struct edu *edu);

/*
 * Copy @bytes (at most EDU_DMA_BYTES) from bus address @iova into the buffer, or from the buffer to
 * @iova. Takes 100 ms of the machine's time. Returns 0; -ETIMEDOUT if the device does not finish;
 * -EINTR if a signal came, with the transfer still going on.
 */
int edu_dma_read(const struct edu *edu, uint64_t iova, size_t bytes);
int edu_dma_write(const struct edu *edu, uint64_t iova, size_t bytes);

#endif
