// SPDX-License-Identifier: GPL-2.0-or-later
#include "verify/verify.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "lib/interrupt.h"
#include "lib/iotable.h"
#include "lib/iova.h"
#include "lib/size.h"
#include "verify/pattern.h"

#define PAGE_BYTES	SZ_4K	/* all of these devices exist on x86 only */
#define PAGE_SEED	20210305

/* One shape under one variant. */
struct check {
	struct verify *verify;
	const char *variant;
	const struct verify_shape *shape;
	struct verify_count *count;
	struct error *error;
};

static int view_error(const struct verify *verify, int ret, struct error *error)
{
	return error_set(error, OUTCOME_BROKEN, -ret, "device '%s': mmap of BAR %d: %s",
			 verify->device.pci.address, verify->bar.number, strerror(-ret));
}

static int verify_open_bar(struct verify *verify, struct error *error)
{
	char least[SIZE_TEXT_BYTES];
	int ret;

	ret = bar_choose(&verify->device, BAR_ANY, &verify->bar, error);
	if (ret)
		return ret;
	if (verify->bar.mmap_bytes < VERIFY_BAR_BYTES_MIN ||
	    !size_is_power_of_two(verify->bar.mmap_bytes))
		return error_set(error, OUTCOME_USE, EINVAL,
				 "device '%s': needs a BAR of %s or more, a power of two",
				 verify->device.pci.address,
				 size_format(VERIFY_BAR_BYTES_MIN, least));
	return 0;
}

static int verify_open_view(struct verify *verify, struct error *error)
{
	int ret;

	ret = va_range_reserve(&verify->view, verify->bar.mmap_bytes, SZ_4K, 0);
	if (ret)
		return view_error(verify, ret, error);
	ret = va_range_map(&verify->view, 0, verify->device.fd, verify->bar.fd_offset_bytes,
			 verify->bar.mmap_bytes);
	if (ret) {
		va_range_release(&verify->view);
		return view_error(verify, ret, error);
	}
	return 0;
}

static uint64_t verify_bar_physical(const struct verify *verify)
{
	return verify->device.pci.bar_physical[verify->bar.number];
}

/* Room for the BAR and, after it, for the scratch page. */
static int verify_choose_iovas(struct verify *verify, struct error *error)
{
	uint64_t room = size_align_up(verify->bar.mmap_bytes, SZ_1G);
	struct iommu_info info;
	int ret;

	ret = verify->session.backend->info(&verify->session, &info);
	if (!ret)
		ret = iova_choose(&info, 2 * room + PAGE_BYTES, &verify->iova);
	if (ret)
		return error_set(error, OUTCOME_CANNOT, -ret, "device '%s': IOVA space: %s",
				 verify->device.pci.address, strerror(-ret));
	/* Where IOVAs are physical addresses, what is not translated looks right. */
	if (verify->iova == verify_bar_physical(verify))
		verify->iova += room;
	verify->scratch_iova = verify->iova + room;
	return 0;
}

static int verify_open_scratch(struct verify *verify, struct error *error)
{
	int ret;

	ret = verify_choose_iovas(verify, error);
	if (ret)
		return ret;
	verify->scratch = mmap(NULL, PAGE_BYTES, PROT_READ | PROT_WRITE,
			       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (verify->scratch == MAP_FAILED)
		return error_set(error, OUTCOME_CANNOT, errno, "scratch page: %s", strerror(errno));
	ret = verify->session.backend->map_memory(&verify->session, verify->scratch_iova,
						  verify->scratch, PAGE_BYTES);
	if (ret) {
		munmap(verify->scratch, PAGE_BYTES);
		return error_set(error, OUTCOME_BROKEN, -ret, "map of the scratch page: %s",
				 strerror(-ret));
	}
	return 0;
}

static int verify_open_dma(struct verify *verify, const char *edu, struct error *error)
{
	int ret;

	if (!edu)
		return 0;
	ret = verify->session.backend->device_open(&verify->session, &verify->edu.device, edu, error);
	if (!ret)
		ret = edu_attach(&verify->edu, error);
	if (ret)
		return ret;
	ret = verify_open_view(verify, error);
	if (ret) {
		edu_close(&verify->edu);
		return ret;
	}
	verify->has_dma = true;
	return 0;
}

static void verify_close_dma(struct verify *verify)
{
	if (!verify->has_dma)
		return;
	va_range_release(&verify->view);
	edu_close(&verify->edu);
}

/* Is there what to prove it by? */
static int verify_find_tables(struct verify *verify, struct error *error)
{
	const char *address = verify->device.pci.address;
	struct iotable table;
	int ret;

	ret = iotable_open(&table, address);
	if (!ret) {
		iotable_close(&table);
		verify->has_tables = true;
		return 0;
	}
	if (verify->has_dma)
		return 0;
	return error_set(error, OUTCOME_CANNOT, -ret, "device '%s': no tables of its IOMMU to read "
			 "(%s); they need an Intel IOMMU, CONFIG_INTEL_IOMMU_DEBUGFS, debugfs and "
			 "root; --dma does without", address, strerror(-ret));
}

static int verify_open_session(struct verify *verify, struct error *error)
{
	const struct backend *backend = verify->session.backend;

	return backend->bar_open ? backend->bar_open(&verify->session, &verify->device,
						     &verify->bar, error) : 0;
}

static void verify_close_session(struct verify *verify)
{
	if (verify->session.backend->bar_close)
		verify->session.backend->bar_close(&verify->session);
}

static int verify_open_proof(struct verify *verify, const char *edu, struct error *error)
{
	int ret;

	ret = verify_open_bar(verify, error);
	if (!ret)
		ret = verify_open_session(verify, error);
	if (ret)
		return ret;
	ret = verify_open_dma(verify, edu, error);
	if (ret)
		goto close_session;
	ret = verify_find_tables(verify, error);
	if (!ret)
		ret = verify_open_scratch(verify, error);
	if (!ret)
		return 0;
	verify_close_dma(verify);
close_session:
	verify_close_session(verify);
	return ret;
}

int verify_open(struct verify *verify, const struct backend *backend, const char *device,
		const char *edu, struct error *error)
{
	int ret;

	memset(verify, 0, sizeof(*verify));
	memset(verify->shapes, true, sizeof(verify->shapes));
	verify->session.backend = backend;
	ret = backend->open(&verify->session, error);
	if (ret)
		return ret;
	ret = backend->device_open(&verify->session, &verify->device, device, error);
	if (ret)
		goto close_session;
	ret = verify_open_proof(verify, edu, error);
	if (ret)
		goto close_device;
	return 0;

close_device:
	vfio_device_close(&verify->device);
close_session:
	backend->close(&verify->session);
	return ret;
}

void verify_close(struct verify *verify)
{
	munmap(verify->scratch, PAGE_BYTES);
	verify_close_dma(verify);
	verify_close_session(verify);
	vfio_device_close(&verify->device);
	verify->session.backend->close(&verify->session);
}

static char *view_page(const struct verify *verify, uint64_t page)
{
	return verify->view.base + page * PAGE_BYTES;
}

/* A new pattern in every page; and does the BAR keep it? */
static int bar_fill(struct verify *verify, struct error *error)
{
	uint64_t pages = verify->bar.mmap_bytes / PAGE_BYTES, page;
	struct pattern_mismatch mismatch;

	verify->generation++;
	for (page = 0; page < pages; page++)
		pattern_fill(view_page(verify, page), PAGE_BYTES, verify->generation, page);
	if (pattern_check(view_page(verify, 0), PAGE_BYTES, verify->generation, 0, &mismatch))
		return 0;
	return error_set(error, OUTCOME_USE, EINVAL,
			 "device '%s': BAR %d does not keep what is written to it; needs memory "
			 "behind it, as ivshmem-plain has", verify->device.pci.address,
			 verify->bar.number);
}

static uint64_t check_iova(const struct check *check)
{
	return check->verify->iova + check->shape->iova_skip_bytes;
}

static uint64_t check_bar_page(const struct check *check, uint64_t page)
{
	return verify_shape_bar_offset(check->shape, check->verify->bar.mmap_bytes,
				       page * PAGE_BYTES) / PAGE_BYTES;
}

static int dma_error(const struct check *check, int err)
{
	if (err == EINTR && interrupt_pending())
		return -EINTR;
	return error_set(check->error, OUTCOME_BROKEN, err, "verify %s: DMA by %s: %s",
			 check->variant, check->verify->edu.device.pci.address, strerror(err));
}

static int data_error(const struct check *check, const char *way, uint64_t page,
		      const struct pattern_mismatch *mismatch)
{
	return error_set(check->error, OUTCOME_FAILED, EIO,
			 "verify %s: DMA %s at iova 0x%" PRIx64 " (shape %s, BAR offset 0x%" PRIx64
			 "): byte %zu is 0x%02x, expected 0x%02x", check->variant, way,
			 check_iova(check) + page * PAGE_BYTES, check->shape->name,
			 check_bar_page(check, page) * PAGE_BYTES, mismatch->offset_bytes,
			 mismatch->got, mismatch->expected);
}

/* BAR page to edu to RAM. */
static int check_in(const struct check *check, uint64_t page)
{
	const struct verify *verify = check->verify;
	struct pattern_mismatch mismatch;
	int ret;

	memset(verify->scratch, 0, PAGE_BYTES);
	ret = edu_dma_read(&verify->edu, check_iova(check) + page * PAGE_BYTES, EDU_DMA_BYTES);
	if (!ret)
		ret = edu_dma_write(&verify->edu, verify->scratch_iova, EDU_DMA_BYTES);
	if (ret)
		return dma_error(check, -ret);
	if (!pattern_check(verify->scratch, EDU_DMA_BYTES, verify->generation,
			   check_bar_page(check, page), &mismatch))
		return data_error(check, "in", page, &mismatch);
	check->count->in++;
	return 0;
}

/* What check_in() of @from left in the edu goes into another BAR page. */
static int check_out(const struct check *check, uint64_t from, uint64_t page)
{
	const struct verify *verify = check->verify;
	uint64_t bar_page = check_bar_page(check, page);
	struct pattern_mismatch mismatch;
	int ret;

	ret = edu_dma_write(&verify->edu, check_iova(check) + page * PAGE_BYTES, EDU_DMA_BYTES);
	if (ret)
		return dma_error(check, -ret);
	if (!pattern_check(view_page(verify, bar_page), EDU_DMA_BYTES, verify->generation,
			   check_bar_page(check, from), &mismatch))
		return data_error(check, "out", page, &mismatch);
	pattern_fill(view_page(verify, bar_page), PAGE_BYTES, verify->generation, bar_page);
	check->count->out++;
	return 0;
}

static int check_pages(const struct check *check, const uint64_t *pages, size_t count)
{
	size_t i;
	int ret;

	for (i = 0; i < count; i++) {
		if (interrupt_pending())
			return -EINTR;
		ret = check_in(check, pages[i]);
		if (!ret)
			ret = check_out(check, pages[i], pages[(i + 1) % count]);
		if (ret)
			return ret;
	}
	return 0;
}

/* Hold the table of one device against @must. */
static int check_table(const struct check *check, const char *address,
		       const struct verify_table *must, struct verify_leaves *leaves)
{
	char text[VERIFY_TABLE_TEXT_BYTES];
	struct iotable table;
	int ret;

	ret = iotable_open(&table, address);
	if (!ret) {
		ret = verify_table_check(&table, must, leaves, text);
		iotable_close(&table);
	}
	if (ret == -EINVAL)
		return error_set(check->error, OUTCOME_FAILED, EIO,
				 "verify %s: IOMMU table of %s: %s (shape %s%s)", check->variant,
				 address, text, check->shape->name,
				 must->shape ? "" : ", unmapped");
	if (ret)
		return error_set(check->error, OUTCOME_BROKEN, -ret,
				 "verify %s: IOMMU table of %s: %s", check->variant, address,
				 strerror(-ret));
	return 0;
}

/* In the tables of all devices is @shape and no more; NULL: nothing of the BAR. */
static int check_tables(const struct check *check, const struct verify_shape *shape)
{
	const struct verify *verify = check->verify;
	const struct verify_table must = {
		.shape = shape, .iova = check_iova(check), .bar_bytes = verify->bar.mmap_bytes,
		.bar_physical = verify_bar_physical(verify),
		.page_iova = verify->scratch_iova,
	};
	struct verify_leaves same = { .bytes = 0 };
	int ret;

	if (!verify->has_tables)
		return 0;
	ret = check_table(check, verify->device.pci.address, &must, &check->count->leaves);
	if (!ret && verify->has_dma)
		ret = check_table(check, verify->edu.device.pci.address, &must, &same);
	return ret;
}

static int map_error(const struct check *check, const char *what, int err)
{
	return error_set(check->error, OUTCOME_FAILED, err, "verify %s: %s of shape %s: %s",
			 check->variant, what, check->shape->name, strerror(err));
}

/* While the shape is mapped. */
static int check_mapped(const struct check *check, const uint64_t *pages, size_t count)
{
	int ret = 0;

	if (check->verify->has_dma)
		ret = check_pages(check, pages, count);
	return ret ? ret : check_tables(check, check->shape);
}

static int check_shape(const struct check *check, const uint64_t *pages, size_t count)
{
	struct verify *verify = check->verify;
	struct va_range window;
	int ret = 0, unmap_ret;

	if (verify->has_dma)
		ret = bar_fill(verify, check->error);
	if (ret)
		return ret;
	ret = verify_shape_map(check->shape, &verify->session, &verify->device, &verify->bar,
			       check_iova(check), &window);
	if (ret)
		return map_error(check, "map", -ret);
	ret = check_mapped(check, pages, count);
	unmap_ret = verify_shape_unmap(check->shape, &verify->session, &verify->bar,
				       check_iova(check), &window);
	if (!ret && unmap_ret)
		return map_error(check, "unmap", -unmap_ret);
	return ret ? ret : check_tables(check, NULL);
}

static bool shape_chosen(const struct verify *verify, size_t shape)
{
	return verify->shapes[shape] &&
	       !(verify_shapes[shape].needs & verify->session.backend->lacks);
}

static size_t shapes_chosen(const struct verify *verify)
{
	size_t count = 0, i;

	for (i = 0; i < verify_shapes_count; i++)
		count += shape_chosen(verify, i);
	return count;
}

int verify_variant(struct verify *verify, const char *variant, unsigned int pages,
		   struct verify_count *count, struct error *error)
{
	struct check check = {
		.verify = verify, .variant = variant, .count = count, .error = error,
	};
	size_t shapes = shapes_chosen(verify), shape = 0, room, chosen, i;
	uint64_t *chosen_pages;
	int ret = 0;

	memset(count, 0, sizeof(*count));
	chosen_pages = calloc(pages, sizeof(*chosen_pages));
	if (!chosen_pages)
		return error_set(error, OUTCOME_CANNOT, ENOMEM, "pages '%u': %s", pages,
				 strerror(ENOMEM));
	for (i = 0; i < verify_shapes_count && !ret; i++) {
		if (!shape_chosen(verify, i))
			continue;
		check.shape = &verify_shapes[i];
		room = pages / shapes + (shape++ < pages % shapes);
		chosen = pattern_choose_pages(verify_shape_bytes(check.shape,
								 verify->bar.mmap_bytes) /
					      PAGE_BYTES, PAGE_SEED + i, chosen_pages, room);
		ret = check_shape(&check, chosen_pages, chosen);
	}
	free(chosen_pages);
	return ret;
}
