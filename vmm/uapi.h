/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BARMAP_VMM_UAPI_H
#define BARMAP_VMM_UAPI_H

#include <linux/types.h>
#include <linux/vfio.h>

/* What the kernel's headers of Debian 12 lack: iommufd (6.2), cdev (6.6), dma-bufs (6.19). */

#define UAPI_DEVICE_BIND_IOMMUFD	_IO(VFIO_TYPE, VFIO_BASE + 18)
#define UAPI_FEATURE_DMA_BUF		11
#define UAPI_IOAS_MAP			_IO(VFIO_TYPE, 0x85)
#define UAPI_IOAS_UNMAP			_IO(VFIO_TYPE, 0x86)
#define UAPI_IOAS_MAP_FILE		_IO(VFIO_TYPE, 0x8f)

struct uapi_ioas_map {
	__u32 size;
	__u32 flags;
	__u32 ioas_id;
	__u32 reserved;
	__u64 user_va;
	__u64 length;
	__u64 iova;
};

struct uapi_ioas_map_file {
	__u32 size;
	__u32 flags;
	__u32 ioas_id;
	__s32 fd;
	__u64 start;
	__u64 length;
	__u64 iova;
};

struct uapi_ioas_unmap {
	__u32 size;
	__u32 ioas_id;
	__u64 iova;
	__u64 length;
};

struct uapi_dma_buf_range {
	__u64 offset;
	__u64 length;
};

/* In the data of struct vfio_device_feature. */
struct uapi_dma_buf {
	__u32 region_index;
	__u32 open_flags;
	__u32 flags;
	__u32 nr_ranges;
	struct uapi_dma_buf_range ranges[];
};

#endif
