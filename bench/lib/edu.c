// SPDX-License-Identifier: GPL-2.0-or-later
#include "lib/edu.h"

#include <errno.h>
#include <linux/pci_regs.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#include "lib/bar.h"

/* Registers of BAR 0, as indexes of 32-bit words. */
#define EDU_IDENTIFICATION	(0x00 / 4)
#define EDU_DMA_SOURCE		(0x80 / 4)
#define EDU_DMA_DESTINATION	(0x88 / 4)
#define EDU_DMA_COUNT		(0x90 / 4)
#define EDU_DMA_COMMAND		(0x98 / 4)

#define EDU_ID_MASK		0x0000ffffu	/* above are the version's numbers */
#define EDU_ID			0x000000edu
#define EDU_COMMAND_START	0x1u
#define EDU_COMMAND_TO_BUS	0x2u
#define EDU_BUFFER		UINT64_C(0x40000)

/* The device works by a timer of 100 ms. */
#define EDU_STEP_NS		10000000
#define EDU_STEPS_MAX		500

static int edu_map_registers(struct edu *edu, struct error *error)
{
	struct bar bar;
	int ret;

	ret = bar_choose(&edu->device, 0, &bar, error);
	if (ret)
		return ret;
	edu->registers_bytes = bar.mmap_bytes;
	edu->registers = mmap(NULL, bar.mmap_bytes, PROT_READ | PROT_WRITE, MAP_SHARED,
			      edu->device.fd, (off_t)bar.fd_offset_bytes);
	if (edu->registers == MAP_FAILED)
		return error_set(error, OUTCOME_BROKEN, errno, "device '%s': mmap of BAR 0: %s",
				 edu->device.pci.address, strerror(errno));
	return 0;
}

static int edu_check(const struct edu *edu, struct error *error)
{
	if (edu->device.pci.vendor == EDU_VENDOR && edu->device.pci.device == EDU_DEVICE &&
	    edu->device.pci.bar_bytes[0])
		return 0;
	return error_set(error, OUTCOME_USE, EINVAL,
			 "device '%s': is %04x:%04x, must be QEMU's edu (%04x:%04x)",
			 edu->device.pci.address, edu->device.pci.vendor, edu->device.pci.device,
			 EDU_VENDOR, EDU_DEVICE);
}

static int edu_start(struct edu *edu, struct error *error)
{
	if ((edu->registers[EDU_IDENTIFICATION] & EDU_ID_MASK) != EDU_ID)
		return error_set(error, OUTCOME_BROKEN, EIO,
				 "device '%s': does not identify itself as an edu",
				 edu->device.pci.address);
	if (vfio_device_enable(&edu->device, PCI_COMMAND_MASTER))
		return error_set(error, OUTCOME_BROKEN, EIO,
				 "device '%s': cannot enable bus mastering",
				 edu->device.pci.address);
	return 0;
}

int edu_open(struct edu *edu, struct vfio_container *container, const char *address,
	     struct error *error)
{
	int ret;

	ret = vfio_device_open(&edu->device, container, address, error);
	return ret ? ret : edu_attach(edu, error);
}

int edu_attach(struct edu *edu, struct error *error)
{
	int ret;

	ret = edu_check(edu, error);
	if (ret)
		goto close_device;
	ret = edu_map_registers(edu, error);
	if (ret)
		goto close_device;
	ret = edu_start(edu, error);
	if (ret)
		goto unmap_registers;
	return 0;

unmap_registers:
	munmap((void *)edu->registers, edu->registers_bytes);
close_device:
	vfio_device_close(&edu->device);
	return ret;
}

void edu_close(struct edu *edu)
{
	munmap((void *)edu->registers, edu->registers_bytes);
	vfio_device_close(&edu->device);
}

/* From 0x80 on the device takes 64-bit accesses, and its addresses need them. */
static void edu_write64(const struct edu *edu, unsigned int reg, uint64_t value)
{
	*(volatile uint64_t *)&edu->registers[reg] = value;
}

static int edu_wait(const struct edu *edu)
{
	const struct timespec step = { .tv_nsec = EDU_STEP_NS };
	unsigned int i;

	for (i = 0; i < EDU_STEPS_MAX; i++) {
		if (nanosleep(&step, NULL))
			return -errno;
		if (!(edu->registers[EDU_DMA_COMMAND] & EDU_COMMAND_START))
			return 0;
	}
	return -ETIMEDOUT;
}

static int edu_dma(const struct edu *edu, uint64_t source, uint64_t destination, size_t bytes,
		   uint32_t direction)
{
	if (bytes > EDU_DMA_BYTES)
		return -EINVAL;
	edu_write64(edu, EDU_DMA_SOURCE, source);
	edu_write64(edu, EDU_DMA_DESTINATION, destination);
	edu_write64(edu, EDU_DMA_COUNT, bytes);
	edu_write64(edu, EDU_DMA_COMMAND, EDU_COMMAND_START | direction);
	return edu_wait(edu);
}

int edu_dma_read(const struct edu *edu, uint64_t iova, size_t bytes)
{
	return edu_dma(edu, iova, EDU_BUFFER, bytes, 0);
}

int edu_dma_write(const struct edu *edu, uint64_t iova, size_t bytes)
{
	return edu_dma(edu, EDU_BUFFER, iova, bytes, EDU_COMMAND_TO_BUS);
}
