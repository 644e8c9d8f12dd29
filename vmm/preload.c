// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * barmap-vmm-trace.so: what a monitor's VFIO calls take.
 *
 * Preloaded into the monitor, it stands before a few functions of libc. Each call is passed on as it
 * is; those of the kinds in area.h are timed, the call alone, and leave a record in the area. Without
 * an area it does nothing.
 *
 * Nothing here may fail, wait, or make a system call that the monitor does not expect of itself: some
 * monitors end when they do. Before the library is set up, and where there is no next function, calls
 * go to the kernel.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "area.h"
#include "descriptor.h"
#include "lib/array.h"
#include "place.h"
#include "uapi.h"

#define EXPORTED	__attribute__((visibility("default")))
#define NS_PER_S	UINT64_C(1000000000)

/* Old headers declare these with other attributes, or not at all. */
EXPORTED int ioctl(int fd, unsigned long request, ...);
EXPORTED void *mmap(void *address, size_t bytes, int prot, int flags, int fd, off_t offset);
EXPORTED void *mmap64(void *address, size_t bytes, int prot, int flags, int fd, off64_t offset);
EXPORTED int munmap(void *address, size_t bytes);
EXPORTED ssize_t pwrite(int fd, const void *value, size_t bytes, off_t offset);
EXPORTED ssize_t pwrite64(int fd, const void *value, size_t bytes, off64_t offset);
EXPORTED int close(int fd);
EXPORTED void _exit(int status);
EXPORTED void _Exit(int status);

static struct area *area;	/* NULL: nothing is traced */
static enum area_align align;
static _Atomic int own_pid;	/* without a system call; wrong in the child of a vfork() */
static _Atomic bool has_called;	/* this process made a call that was recorded */

/* ---- the functions that were there before ---- */

static int ioctl_raw(int fd, unsigned long request, ...)
{
	va_list arguments;
	void *argument;

	va_start(arguments, request);
	argument = va_arg(arguments, void *);
	va_end(arguments);
	return (int)syscall(SYS_ioctl, fd, request, argument);
}

static void *mmap_raw(void *address, size_t bytes, int prot, int flags, int fd, off_t offset)
{
	return (void *)syscall(SYS_mmap, address, bytes, prot, flags, fd, offset);
}

static int munmap_raw(void *address, size_t bytes)
{
	return (int)syscall(SYS_munmap, address, bytes);
}

static ssize_t pwrite_raw(int fd, const void *value, size_t bytes, off_t offset)
{
	return syscall(SYS_pwrite64, fd, value, bytes, offset);
}

static int close_raw(int fd)
{
	return (int)syscall(SYS_close, fd);
}

static int (*next_ioctl)(int, unsigned long, ...) = ioctl_raw;
static void *(*next_mmap)(void *, size_t, int, int, int, off_t) = mmap_raw;
static int (*next_munmap)(void *, size_t) = munmap_raw;
static ssize_t (*next_pwrite)(int, const void *, size_t, off_t) = pwrite_raw;
static int (*next_close)(int) = close_raw;

/* Another library may be preloaded after this one. */
#define NEXT(name)							\
	do {								\
		void *found = dlsym(RTLD_NEXT, #name);			\
									\
		if (found)						\
			memcpy(&next_##name, &found, sizeof(found));	\
	} while (0)

/* ---- records ---- */

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * NS_PER_S + (uint64_t)now.tv_nsec;
}

static void record_lose(const struct area_call *call)
{
	atomic_fetch_add(&area->lost[call->kind], 1);
	atomic_fetch_add(&area->lost_ns[call->kind], call->cost_ns);
}

static void record_add(const struct area_call *call)
{
	uint64_t index = atomic_fetch_add(&area->calls_count, 1);

	has_called = true;
	area->owner = own_pid;
	if (index >= AREA_CALLS) {
		record_lose(call);
		return;
	}
	memcpy(&area->calls[index], call, sizeof(*call));
	area->calls[index].pid = own_pid;
	atomic_store(&area->calls[index].ready, 1);
}

static void record_piece(struct area_call *call, bool found, const struct descriptor_piece *piece)
{
	if (!found)
		return;
	call->device = (int16_t)piece->device;
	call->region = (uint8_t)piece->region;
	call->offset = piece->offset;
}

/* ---- what each ioctl asks for ---- */

static uint64_t space_of(int fd, uint32_t ioas)
{
	return (uint64_t)ioas << 32 | (uint32_t)fd;
}

static void describe_vaddr(struct area_call *call, uint64_t vaddr)
{
	struct descriptor_piece piece;

	call->vaddr = vaddr;
	record_piece(call, range_find(vaddr, &piece), &piece);
}

static bool describe_map(struct area_call *call, int fd, const void *argument)
{
	const struct vfio_iommu_type1_dma_map *map = argument;

	if (descriptor_is_device(fd))	/* there this number is VFIO_DEVICE_PCI_HOT_RESET */
		return false;
	call->space = space_of(fd, 0);
	call->iova = map->iova;
	call->bytes = map->size;
	describe_vaddr(call, map->vaddr);
	return true;
}

static bool describe_unmap(struct area_call *call, int fd, const void *argument)
{
	const struct vfio_iommu_type1_dma_unmap *unmap = argument;

	if (descriptor_is_device(fd))	/* VFIO_DEVICE_QUERY_GFX_PLANE */
		return false;
	call->space = space_of(fd, 0);
	call->iova = unmap->iova;
	call->bytes = unmap->size;
	return true;
}

static bool describe_ioas_map(struct area_call *call, int fd, const void *argument)
{
	const struct uapi_ioas_map *map = argument;

	call->space = space_of(fd, map->ioas_id);
	call->iova = map->iova;
	call->bytes = map->length;
	describe_vaddr(call, map->user_va);
	return true;
}

static bool describe_ioas_map_file(struct area_call *call, int fd, const void *argument)
{
	const struct uapi_ioas_map_file *map = argument;
	struct descriptor_piece piece;

	call->space = space_of(fd, map->ioas_id);
	call->iova = map->iova;
	call->bytes = map->length;
	record_piece(call, descriptor_dma_buf(map->fd, &piece), &piece);
	return true;
}

static bool describe_ioas_unmap(struct area_call *call, int fd, const void *argument)
{
	const struct uapi_ioas_unmap *unmap = argument;

	call->space = space_of(fd, unmap->ioas_id);
	call->iova = unmap->iova;
	call->bytes = unmap->length;
	return true;
}

static bool describe_export(struct area_call *call, int fd, const void *argument)
{
	const struct vfio_device_feature *feature = argument;
	const struct uapi_dma_buf *dma_buf = (const void *)feature->data;
	struct descriptor_piece piece;

	if (!descriptor_is_device(fd) ||	/* VFIO_IOMMU_DIRTY_PAGES */
	    feature->flags != (VFIO_DEVICE_FEATURE_GET | UAPI_FEATURE_DMA_BUF) ||
	    feature->argsz < sizeof(*feature) + sizeof(*dma_buf) + sizeof(dma_buf->ranges[0]))
		return false;
	piece = descriptor_whole(fd, dma_buf->region_index);
	piece.offset = dma_buf->ranges[0].offset;
	call->bytes = dma_buf->ranges[0].length;
	record_piece(call, true, &piece);
	return true;
}

static const struct traced {
	uint32_t request;
	enum area_kind kind;
	/* Fill @call from the ioctl's argument; false: this is not the call that it looks like. */
	bool (*describe)(struct area_call *call, int fd, const void *argument);
} traced[] = {
	{ VFIO_IOMMU_MAP_DMA, AREA_MAP, describe_map },
	{ VFIO_IOMMU_UNMAP_DMA, AREA_UNMAP, describe_unmap },
	{ VFIO_DEVICE_FEATURE, AREA_EXPORT, describe_export },
	{ UAPI_IOAS_MAP, AREA_IOAS_MAP, describe_ioas_map },
	{ UAPI_IOAS_MAP_FILE, AREA_IOAS_MAP_FILE, describe_ioas_map_file },
	{ UAPI_IOAS_UNMAP, AREA_IOAS_UNMAP, describe_ioas_unmap },
};

static const struct traced *traced_find(uint32_t request)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(traced); i++)
		if (traced[i].request == request)
			return &traced[i];
	return NULL;
}

/* What a successful call says that only the kernel knew. */
static void learn_result(struct area_call *call, int result, const void *argument)
{
	struct descriptor_piece piece = { call->device, call->region, call->offset };

	if (call->kind == AREA_EXPORT)
		descriptor_add_dma_buf(result, &piece);
	if (call->kind == AREA_IOAS_MAP)	/* the kernel may have chosen the IOVA */
		call->iova = ((const struct uapi_ioas_map *)argument)->iova;
	if (call->kind == AREA_IOAS_MAP_FILE)
		call->iova = ((const struct uapi_ioas_map_file *)argument)->iova;
}

/* ---- what untimed ioctls tell of file descriptors ---- */

static void learn_info(int fd, const struct vfio_device_info *info)
{
	descriptor_add_device(area, fd, NULL);
	if (info->flags & VFIO_DEVICE_FLAGS_PCI)
		descriptor_set_pci(fd);
}

static void learn_region(int fd, const struct vfio_region_info *info)
{
	descriptor_add_device(area, fd, NULL);
	descriptor_add_region(area, fd, info->index, info->offset, info->size);
}

static void learn(int fd, uint32_t request, int result, const void *argument)
{
	switch (request) {
	case VFIO_GROUP_GET_DEVICE_FD:
		descriptor_forget(result);
		descriptor_add_device(area, result, argument);
		break;
	case UAPI_DEVICE_BIND_IOMMUFD:		/* once for each time that it is opened */
		descriptor_forget(fd);
		descriptor_add_device(area, fd, NULL);
		break;
	case VFIO_CHECK_EXTENSION:		/* of containers alone: what was the number's is closed */
	case VFIO_SET_IOMMU:
		descriptor_forget(fd);
		break;
	case VFIO_DEVICE_GET_INFO:
		learn_info(fd, argument);
		break;
	case VFIO_DEVICE_GET_REGION_INFO:
		learn_region(fd, argument);
		break;
	}
}

/* ---- the functions that the monitor calls ---- */

static int ioctl_timed(const struct traced *entry, int fd, unsigned long request, void *argument)
{
	struct area_call call = { .kind = (uint8_t)entry->kind, .device = AREA_NO_DEVICE };
	int result, err;

	if (!entry->describe(&call, fd, argument))
		return next_ioctl(fd, request, argument);
	call.start_ns = now_ns();
	result = next_ioctl(fd, request, argument);
	call.cost_ns = now_ns() - call.start_ns;
	err = errno;
	if (result < 0)
		call.err = err;
	else
		learn_result(&call, result, argument);
	record_add(&call);
	errno = err;
	return result;
}

int ioctl(int fd, unsigned long request, ...)
{
	const struct traced *entry = NULL;
	va_list arguments;
	void *argument;
	int result, err;

	va_start(arguments, request);
	argument = va_arg(arguments, void *);
	va_end(arguments);
	if (!area || !argument || _IOC_TYPE((uint32_t)request) != VFIO_TYPE)
		return next_ioctl(fd, request, argument);
	entry = traced_find((uint32_t)request);
	if (entry)
		return ioctl_timed(entry, fd, request, argument);
	result = next_ioctl(fd, request, argument);
	err = errno;
	if (result >= 0)
		learn(fd, (uint32_t)request, result, argument);
	errno = err;
	return result;
}

void *mmap(void *address, size_t bytes, int prot, int flags, int fd, off_t offset)
{
	struct descriptor_piece piece;
	bool is_device;
	void *result;
	int err;

	is_device = area && descriptor_piece_at(fd, (uint64_t)offset, &piece);
	if (is_device && align != AREA_ALIGN_KEEP && !address)
		result = place_map(next_mmap, align, bytes, prot, flags, fd, offset,
				   piece.offset);
	else
		result = next_mmap(address, bytes, prot, flags, fd, offset);
	err = errno;
	if (area && result != MAP_FAILED)
		range_replace((uint64_t)result, bytes, is_device ? &piece : NULL);
	errno = err;
	return result;
}

void *mmap64(void *address, size_t bytes, int prot, int flags, int fd, off64_t offset)
{
	return mmap(address, bytes, prot, flags, fd, offset);
}

/* Forgotten before the call: the addresses may be another mapping's right after it. */
int munmap(void *address, size_t bytes)
{
	if (area)
		range_replace((uint64_t)address, bytes, NULL);
	return next_munmap(address, bytes);
}

ssize_t pwrite(int fd, const void *value, size_t bytes, off_t offset)
{
	struct area_call call = { .device = AREA_NO_DEVICE };
	struct descriptor_piece piece;
	enum area_kind change;
	ssize_t result;
	int err;

	change = area ? descriptor_decode_change(fd, value, bytes, offset) : AREA_KINDS;
	if (change == AREA_KINDS)
		return next_pwrite(fd, value, bytes, offset);
	call.kind = (uint8_t)change;
	record_piece(&call, descriptor_piece_at(fd, (uint64_t)offset, &piece), &piece);
	call.start_ns = now_ns();
	result = next_pwrite(fd, value, bytes, offset);
	call.cost_ns = now_ns() - call.start_ns;
	err = errno;
	if (result < 0)
		call.err = err;
	else
		descriptor_decode_set(fd, change);
	record_add(&call);
	errno = err;
	return result;
}

ssize_t pwrite64(int fd, const void *value, size_t bytes, off64_t offset)
{
	return pwrite(fd, value, bytes, offset);
}

/* The child of a vfork() has its parent's memory: what it closes stays open there. */
int close(int fd)
{
	if (area && descriptor_is_known(fd) && getpid() == own_pid)
		descriptor_forget(fd);
	return next_close(fd);
}

/* ---- beginning and end ---- */

static void exit_note(void)
{
	if (!area || !has_called || getpid() != own_pid)
		return;
	area->exit_ns = now_ns();
	area->exit_pid = own_pid;
}

void _exit(int status)
{
	exit_note();
	for (;;)
		syscall(SYS_exit_group, status);
}

void _Exit(int status)
{
	_exit(status);
}

static void fork_child(void)
{
	own_pid = getpid();
	has_called = false;
}

static struct area *area_open(const char *path)
{
	struct area *found = MAP_FAILED;
	struct stat status;
	int fd;

	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd >= 0 && !fstat(fd, &status) && status.st_size == sizeof(*found))
		found = next_mmap(NULL, sizeof(*found), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (fd >= 0)
		next_close(fd);
	return found == MAP_FAILED ? NULL : found;
}

static void library_attach(const char *path)
{
	const char *wanted = getenv(AREA_ALIGN_ENV);
	struct area *found = area_open(path);

	if (!found) {
		fprintf(stderr, "barmap-vmm-trace: process %d cannot be traced: %s does not open\n",
			(int)getpid(), path);
		return;
	}
	align = wanted ? (enum area_align)atoi(wanted) : AREA_ALIGN_KEEP;
	own_pid = getpid();
	pthread_atfork(NULL, NULL, fork_child);
	atomic_fetch_add(&found->attached, 1);
	area = found;
}

__attribute__((constructor)) static void library_begin(void)
{
	const char *path = getenv(AREA_ENV);
	int err = errno;

	NEXT(ioctl);
	NEXT(mmap);
	NEXT(munmap);
	NEXT(pwrite);
	NEXT(close);
	if (path)
		library_attach(path);
	errno = err;
}

__attribute__((destructor)) static void library_end(void)
{
	exit_note();
}
