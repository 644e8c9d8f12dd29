// SPDX-License-Identifier: GPL-2.0-or-later
#include "verify/shape.h"

#include "lib/size.h"

const struct verify_shape verify_shapes[] = {
	{ .name = "aligned" },
	{ .name = "4K-off", .va_offset_bytes = SZ_4K, .needs = BACKEND_ADDRESS },
	{ .name = "inside-vma", .vma_skip_bytes = SZ_1M + SZ_4K },
	{ .name = "BAR-offset", .bar_skip_bytes = SZ_2M + SZ_4K },
	{ .name = "two-vmas", .swapped = true, .needs = BACKEND_ADDRESS },
	{ .name = "chunks", .chunk_bytes = SZ_1M },
	/* BAR and IOVA are alike: small leaves at the ends, the larger the further inside. */
	{ .name = "all-leaves", .vma_skip_bytes = SZ_1M + SZ_4K,
	  .iova_skip_bytes = SZ_1M + SZ_4K },
};
_Static_assert(sizeof(verify_shapes) / sizeof(verify_shapes[0]) <= VERIFY_SHAPES_MAX,
	       "more shapes than VERIFY_SHAPES_MAX");
const size_t verify_shapes_count = sizeof(verify_shapes) / sizeof(verify_shapes[0]);

static uint64_t shape_vma_bytes(const struct verify_shape *shape, uint64_t bar_bytes)
{
	return bar_bytes - shape->bar_skip_bytes;
}

uint64_t verify_shape_bytes(const struct verify_shape *shape, uint64_t bar_bytes)
{
	return shape_vma_bytes(shape, bar_bytes) - 2 * shape->vma_skip_bytes;
}

uint64_t verify_shape_bar_offset(const struct verify_shape *shape, uint64_t bar_bytes,
				 uint64_t offset_bytes)
{
	uint64_t offset = offset_bytes + shape->vma_skip_bytes + shape->bar_skip_bytes;

	return shape->swapped ? offset ^ (bar_bytes / 2) : offset;
}

static int shape_mmap(const struct verify_shape *shape, const struct vfio_device *device,
		      const struct bar *bar, struct va_range *window)
{
	uint64_t half = bar->mmap_bytes / 2;
	int ret;

	if (!shape->swapped)
		return va_range_map(window, 0, device->fd,
				  bar->fd_offset_bytes + shape->bar_skip_bytes, window->bytes);
	ret = va_range_map(window, 0, device->fd, bar->fd_offset_bytes + half, half);
	return ret ? ret : va_range_map(window, half, device->fd, bar->fd_offset_bytes, half);
}

static uint64_t shape_chunk_bytes(const struct verify_shape *shape, uint64_t bytes_left)
{
	if (shape->chunk_bytes && shape->chunk_bytes < bytes_left)
		return shape->chunk_bytes;
	return bytes_left;
}

/* Unmap the chunks that make up the first @bytes. */
static int shape_dma_unmap(const struct verify_shape *shape, const struct backend_session *session,
			   uint64_t iova, uint64_t bytes)
{
	uint64_t done, chunk;
	int ret = 0, err;

	for (done = 0; done < bytes; done += chunk) {
		chunk = shape_chunk_bytes(shape, bytes - done);
		err = session->backend->unmap(session, iova + done, chunk);
		if (err && !ret)
			ret = err;
	}
	return ret;
}

static int shape_dma_map(const struct verify_shape *shape, const struct backend_session *session,
			 uint64_t iova, uint64_t at, uint64_t bytes)
{
	uint64_t done, chunk;
	int ret;

	for (done = 0; done < bytes; done += chunk) {
		chunk = shape_chunk_bytes(shape, bytes - done);
		ret = session->backend->map(session, iova + done, at + done, chunk);
		if (ret) {
			shape_dma_unmap(shape, session, iova, done);
			return ret;
		}
	}
	return 0;
}

int verify_shape_map(const struct verify_shape *shape, const struct backend_session *session,
		     const struct vfio_device *device, const struct bar *bar, uint64_t iova,
		     struct va_range *window)
{
	int ret;

	ret = va_range_reserve(window, shape_vma_bytes(shape, bar->mmap_bytes), SZ_1G,
			     shape->va_offset_bytes);
	if (ret)
		return ret;
	ret = shape_mmap(shape, device, bar, window);
	if (!ret)
		ret = shape_dma_map(shape, session, iova,
				    backend_at(session, window->base + shape->vma_skip_bytes,
					       shape->bar_skip_bytes + shape->vma_skip_bytes),
				    verify_shape_bytes(shape, bar->mmap_bytes));
	if (ret)
		va_range_release(window);
	return ret;
}

int verify_shape_unmap(const struct verify_shape *shape, const struct backend_session *session,
		       const struct bar *bar, uint64_t iova, struct va_range *window)
{
	int ret;

	ret = shape_dma_unmap(shape, session, iova, verify_shape_bytes(shape, bar->mmap_bytes));
	va_range_release(window);
	return ret;
}
