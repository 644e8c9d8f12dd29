// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * floor refuse ADDRESS		what the module barmap_floor must not do, a line for each that it does
 * floor map ADDRESS COMMAND	map the BAR by it, run COMMAND, unmap it, run COMMAND again
 *
 * Runs in a guest, where the device has a BAR of a power of two that nothing else uses.
 */
#include <barmap_floor.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/bar.h"
#include "lib/floor.h"
#include "lib/size.h"
#include "lib/va_range.h"

#define IOVA	SZ_4G
#define SZ_4M	(2 * SZ_2M)

static struct vfio_container container;
static struct vfio_device device;
static struct bar bar;
static unsigned int faults;

static void must(int ret, const struct error *error)
{
	if (!ret)
		return;
	fprintf(stderr, "barmap: floor: %s\n", error->text);
	exit(OUTCOME_BROKEN);
}

static void device_open(const char *address)
{
	struct error error;

	must(vfio_container_open(&container, &error), &error);
	must(vfio_device_open(&device, &container, address, &error), &error);
	must(bar_choose(&device, BAR_ANY, &bar, &error), &error);
}

static int floor_map(int fd, uint64_t iova, uint64_t offset, uint64_t bytes)
{
	struct vfio_iommu_type1_dma_map map = {
		.argsz = sizeof(map),
		.flags = VFIO_DMA_MAP_FLAG_READ | VFIO_DMA_MAP_FLAG_WRITE,
		.vaddr = offset,
		.iova = iova,
		.size = bytes,
	};

	return ioctl(fd, VFIO_IOMMU_MAP_DMA, &map) ? errno : 0;
}

static int floor_unmap(int fd, uint64_t iova, uint64_t bytes)
{
	struct vfio_iommu_type1_dma_unmap unmap = {
		.argsz = sizeof(unmap), .iova = iova, .size = bytes,
	};

	if (ioctl(fd, VFIO_IOMMU_UNMAP_DMA, &unmap))
		return errno;
	return unmap.size == bytes ? 0 : EIO;
}

static int floor_attach(int fd, int device_fd, unsigned int number)
{
	struct barmap_floor_attach attach = { .device_fd = device_fd, .bar = (uint8_t)number };
	unsigned int slot, function;

	if (sscanf(device.pci.address, "0000:00:%x.%x", &slot, &function) != 2)
		return EDOM;
	attach.devfn = (uint8_t)(slot << 3 | function);
	return ioctl(fd, BARMAP_FLOOR_ATTACH, &attach) ? errno : 0;
}

static void expect(const char *what, int wanted, int err)
{
	if (err == wanted)
		return;
	faults++;
	printf("%s: %s, not %s\n", what, strerrorname_np(err), strerrorname_np(wanted));
}

/* A file that is attached to nothing. */
static int file_open(void)
{
	int fd = open(FLOOR_PATH, O_RDWR | O_CLOEXEC);

	if (fd >= 0)
		return fd;
	perror("barmap: floor: " FLOOR_PATH);
	exit(OUTCOME_CANNOT);
}

static void refuse_attaching(int fd)
{
	int null = open("/dev/null", O_RDWR);

	expect("map without attach", ENOTCONN, floor_map(fd, IOVA, 0, SZ_4K));
	expect("unmap without attach", ENOTCONN, floor_unmap(fd, IOVA, SZ_4K));
	expect("attach with no file", EBADF, floor_attach(fd, -1, (unsigned int)bar.number));
	expect("attach with another file", EINVAL, floor_attach(fd, null, (unsigned int)bar.number));
	expect("attach with the group", EINVAL,
	       floor_attach(fd, device.group_fd, (unsigned int)bar.number));
	expect("attach with itself", EINVAL, floor_attach(fd, fd, (unsigned int)bar.number));
	expect("attach to a BAR that is not there", ENODEV,
	       floor_attach(fd, device.fd, ((unsigned int)bar.number + 2) % PCI_BARS));
	expect("attach to a BAR of no such number", ENODEV, floor_attach(fd, device.fd, PCI_BARS));
	expect("attach", 0, floor_attach(fd, device.fd, (unsigned int)bar.number));
	expect("a second attach", EBUSY, floor_attach(fd, device.fd, (unsigned int)bar.number));
	close(null);
}

static void refuse_ranges(int fd)
{
	expect("map beyond the BAR", EINVAL, floor_map(fd, IOVA, bar.bytes, SZ_4K));
	expect("map across its end", EINVAL, floor_map(fd, IOVA, bar.bytes - SZ_4K, 2 * SZ_4K));
	expect("map more than it", EINVAL, floor_map(fd, IOVA, 0, 2 * bar.bytes));
	expect("map before it", EINVAL, floor_map(fd, IOVA, -SZ_4K, SZ_4K));
	expect("map over its end by overflow", EINVAL, floor_map(fd, IOVA, SZ_4K, -SZ_4K));
	expect("map nothing", EINVAL, floor_map(fd, IOVA, 0, 0));
	expect("map part of a page", EINVAL, floor_map(fd, IOVA, 0, SZ_4K / 2));
	expect("map from within a page", EINVAL, floor_map(fd, IOVA, SZ_4K / 2, SZ_4K));
	expect("map to within a page", EINVAL, floor_map(fd, IOVA + SZ_4K / 2, 0, SZ_4K));
	expect("map where the IOMMU does not reach", EINVAL, floor_map(fd, -SZ_4K, 0, SZ_4K));
	expect("unmap where it does not reach", EINVAL, floor_unmap(fd, -SZ_4K, SZ_4K));
	expect("unmap what is not mapped", EINVAL, floor_unmap(fd, IOVA, SZ_4K));
}

/* What it has mapped is one range, which grows at its end and shrinks at its start. */
static void refuse_pieces(int fd)
{
	expect("map two large pages", 0, floor_map(fd, IOVA, 0, SZ_4M));
	expect("map them again", EINVAL, floor_map(fd, IOVA, 0, SZ_4M));
	expect("map off their end", EINVAL, floor_map(fd, IOVA + SZ_4M + SZ_4K, 0, SZ_4K));
	expect("map before their start", EINVAL, floor_map(fd, IOVA - SZ_4K, 0, SZ_4K));
	expect("map at their end", 0, floor_map(fd, IOVA + SZ_4M, 0, SZ_4K));
	expect("unmap the end", EINVAL, floor_unmap(fd, IOVA + SZ_4M, SZ_4K));
	expect("unmap within the first", EINVAL, floor_unmap(fd, IOVA + SZ_4K, SZ_4K));
	expect("unmap before the start", EINVAL, floor_unmap(fd, IOVA - SZ_4K, SZ_4K));
	expect("unmap more than all", EINVAL, floor_unmap(fd, IOVA, SZ_4M + 2 * SZ_4K));
	expect("unmap nothing", EINVAL, floor_unmap(fd, IOVA, 0));
	expect("unmap part of a page", EINVAL, floor_unmap(fd, IOVA, SZ_4K / 2));
	expect("unmap the first", 0, floor_unmap(fd, IOVA, SZ_2M));
	expect("unmap the first again", EINVAL, floor_unmap(fd, IOVA, SZ_2M));
	expect("unmap the rest", 0, floor_unmap(fd, IOVA + SZ_2M, SZ_2M + SZ_4K));
}

/* No CAP_SYS_RAWIO, or all that the process may have again. */
static void rawio_allow(bool allow)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2];
	int ret = (int)syscall(SYS_capget, &header, data);

	data[0].effective = data[0].permitted;
	if (!allow)
		data[0].effective &= ~(1u << CAP_SYS_RAWIO);
	if (!ret)
		ret = (int)syscall(SYS_capset, &header, data);
	if (!ret)
		return;
	perror("barmap: floor: capset");
	exit(OUTCOME_BROKEN);
}

static void refuse_unprivileged(int fd)
{
	int other = file_open();

	rawio_allow(false);
	expect("attach without CAP_SYS_RAWIO", EPERM,
	       floor_attach(other, device.fd, (unsigned int)bar.number));
	expect("map without it", EPERM, floor_map(fd, IOVA, 0, SZ_4K));
	expect("unmap without it", EPERM, floor_unmap(fd, IOVA, SZ_4K));
	rawio_allow(true);
	close(other);
}

/* The first 4 MiB of the BAR, which type1 maps by two large pages. */
static void bar_mmap(struct va_range *range)
{
	if (!va_range_reserve(range, SZ_4M, SZ_4M, 0) &&
	    !va_range_map(range, 0, device.fd, bar.fd_offset_bytes, SZ_4M))
		return;
	perror("barmap: floor: mmap of the BAR");
	exit(OUTCOME_BROKEN);
}

/* Of a mapping of type1's, beside its own, it takes nothing. */
static void refuse_beside_type1(int fd)
{
	struct va_range range;

	bar_mmap(&range);
	expect("type1 maps", 0, -vfio_dma_map(&container, IOVA + SZ_2M, range.base, SZ_4M));
	expect("unmap a page of type1's", EINVAL, floor_unmap(fd, IOVA + SZ_2M, SZ_4K));
	expect("map beside it", 0, floor_map(fd, IOVA, 0, SZ_2M));
	expect("unmap across the border", EINVAL, floor_unmap(fd, IOVA, SZ_4M));
	expect("unmap up to it", 0, floor_unmap(fd, IOVA, SZ_2M));
	expect("type1 unmaps all of it", 0, -vfio_dma_unmap(&container, IOVA + SZ_2M, SZ_4M));
	va_range_release(&range);
}

/* With a file that ends all that it mapped ends: type1 finds the place free. */
static void leave_nothing(void)
{
	struct va_range range;
	int fd = file_open();

	expect("attach when the other is closed", 0,
	       floor_attach(fd, device.fd, (unsigned int)bar.number));
	expect("map before closing", 0, floor_map(fd, IOVA, 0, SZ_4M));
	close(fd);
	bar_mmap(&range);
	expect("type1 maps there", 0, -vfio_dma_map(&container, IOVA, range.base, SZ_4M));
	expect("type1 unmaps", 0, -vfio_dma_unmap(&container, IOVA, SZ_4M));
	va_range_release(&range);
}

/* One thread at a time has no use for a lock: others are kept out. */
static void refuse_others(int fd)
{
	int status;
	pid_t child = fork();

	if (!child)
		_exit(floor_map(fd, IOVA, 0, SZ_4K));
	if (child < 0 || waitpid(child, &status, 0) != child || !WIFEXITED(status))
		status = 0;
	expect("map by another process", EPERM, WEXITSTATUS(status));
}

/* With everything else closed the domain must still be there. */
static void outlive_device(void)
{
	int fd = file_open();

	expect("attach once more", 0, floor_attach(fd, device.fd, (unsigned int)bar.number));
	vfio_device_close(&device);
	vfio_container_close(&container);
	expect("map after all else is closed", 0, floor_map(fd, IOVA, 0, bar.bytes));
	expect("unmap after that", 0, floor_unmap(fd, IOVA, bar.bytes));
	/* this stays: it has to go with the file */
	expect("map the last page", 0, floor_map(fd, IOVA, bar.bytes - SZ_4K, SZ_4K));
	close(fd);
}

/* A second file cannot map into the domain of the first. */
static void refuse_second(void)
{
	int fd = file_open();

	expect("attach a second file", EBUSY,
	       floor_attach(fd, device.fd, (unsigned int)bar.number));
	expect("map by a second file", ENOTCONN, floor_map(fd, IOVA, 0, SZ_4K));
	close(fd);
}

static int refuse(void)
{
	int fd = file_open();

	refuse_attaching(fd);
	refuse_second();
	refuse_ranges(fd);
	refuse_pieces(fd);
	refuse_others(fd);
	refuse_unprivileged(fd);
	refuse_beside_type1(fd);
	close(fd);
	leave_nothing();
	outlive_device();
	return faults ? OUTCOME_FAILED : OUTCOME_OK;
}

static int map(const char *command)
{
	struct vfio_container floor;
	struct error error;
	int status;

	must(floor_open(&floor, &device, bar.number, &error), &error);
	expect("map", 0, floor_map(floor.fd, IOVA, 0, bar.bytes));
	status = system(command);
	expect("unmap", 0, floor_unmap(floor.fd, IOVA, bar.bytes));
	if (!status)
		status = system(command);
	vfio_container_close(&floor);
	if (status)
		return OUTCOME_BROKEN;
	return faults ? OUTCOME_FAILED : OUTCOME_OK;
}

int main(int argc, char **argv)
{
	if (argc == 3 && !strcmp(argv[1], "refuse")) {
		device_open(argv[2]);
		return refuse();
	}
	if (argc == 4 && !strcmp(argv[1], "map")) {
		device_open(argv[2]);
		return map(argv[3]);
	}
	fprintf(stderr, "usage: floor refuse ADDRESS | floor map ADDRESS COMMAND\n");
	return OUTCOME_USE;
}
