// SPDX-License-Identifier: GPL-2.0-or-later
#include "lib/vfio.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/pci_regs.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define VFIO_CONTAINER_PATH	"/dev/vfio/vfio"

static int container_check(const struct vfio_container *container, struct error *error)
{
	int version;

	version = ioctl(container->fd, VFIO_GET_API_VERSION);
	if (version != VFIO_API_VERSION)
		return error_set(error, OUTCOME_CANNOT, EPROTO,
				 "'%s': VFIO API version %d, needs %d", VFIO_CONTAINER_PATH,
				 version, VFIO_API_VERSION);
	if (ioctl(container->fd, VFIO_CHECK_EXTENSION, VFIO_TYPE1v2_IOMMU) != 1)
		return error_set(error, OUTCOME_CANNOT, EOPNOTSUPP,
				 "'%s': no type1v2 IOMMU; the kernel needs VFIO_IOMMU_TYPE1",
				 VFIO_CONTAINER_PATH);
	return 0;
}

static int container_open_error(int err, struct error *error)
{
	if (err == EACCES || err == EPERM)
		return error_set(error, OUTCOME_CANNOT, err, "'%s': %s; run as root",
				 VFIO_CONTAINER_PATH, strerror(err));
	return error_set(error, OUTCOME_CANNOT, err,
			 "'%s': %s; this needs a kernel with VFIO and its container interface",
			 VFIO_CONTAINER_PATH, strerror(err));
}

int vfio_container_open(struct vfio_container *container, struct error *error)
{
	int ret;

	container->has_iommu = false;
	container->fd = open(VFIO_CONTAINER_PATH, O_RDWR | O_CLOEXEC);
	if (container->fd < 0)
		return container_open_error(errno, error);
	ret = container_check(container, error);
	if (ret)
		vfio_container_close(container);
	return ret;
}

void vfio_container_close(struct vfio_container *container)
{
	close(container->fd);
	container->fd = -1;
}

int vfio_device_check_driver(const struct pci_device *pci, struct error *error)
{
	char unbind[128] = "";

	if (pci_device_has_vfio_driver(pci))
		return 0;
	if (pci->driver[0])
		snprintf(unbind, sizeof(unbind), " && echo %s >/sys/bus/pci/drivers/%.64s/unbind",
			 pci->address, pci->driver);
	return error_set(error, OUTCOME_USE, EINVAL,
			 "device '%s': driver is %s, must be vfio-pci; as root: echo vfio-pci "
			 ">/sys/bus/pci/devices/%s/driver_override%s && echo %s "
			 ">/sys/bus/pci/drivers_probe", pci->address,
			 pci->driver[0] ? pci->driver : "none", pci->address, unbind,
			 pci->address);
}

static int group_open(struct vfio_device *device, struct error *error)
{
	const char *hint = "";
	char path[32];

	snprintf(path, sizeof(path), "/dev/vfio/%d", device->pci.group);
	device->group_fd = open(path, O_RDWR | O_CLOEXEC);
	if (device->group_fd >= 0)
		return 0;
	if (errno == EBUSY)
		hint = "; another program, or another device of this group, has it open";
	else if (errno == EACCES || errno == EPERM)
		hint = "; run as root or give yourself the group's file";
	return error_set(error, OUTCOME_CANNOT, errno, "device '%s': '%s': %s%s",
			 device->pci.address, path, strerror(errno), hint);
}

static int group_check_viable(const struct vfio_device *device, struct error *error)
{
	struct vfio_group_status status = { .argsz = sizeof(status) };
	char foreign[512];

	if (ioctl(device->group_fd, VFIO_GROUP_GET_STATUS, &status))
		return error_set(error, OUTCOME_BROKEN, errno, "device '%s': group %d status: %s",
				 device->pci.address, device->pci.group, strerror(errno));
	if (status.flags & VFIO_GROUP_FLAGS_VIABLE)
		return 0;
	if (pci_group_list_foreign(&device->pci, foreign, sizeof(foreign)) <= 0)
		strcpy(foreign, "another user");
	return error_set(error, OUTCOME_USE, EPERM,
			 "device '%s': shares IOMMU group %d with %s: all of a group must be bound "
			 "to vfio-pci or to no driver", device->pci.address, device->pci.group,
			 foreign);
}

static int group_attach(const struct vfio_device *device, struct vfio_container *container,
			struct error *error)
{
	int ret;

	ret = vfio_group_join(device, container);
	if (ret)
		return error_set(error, OUTCOME_CANNOT, -ret,
				 "device '%s': group %d does not join the container: %s",
				 device->pci.address, device->pci.group, strerror(-ret));
	if (container->has_iommu)
		return 0;
	if (ioctl(container->fd, VFIO_SET_IOMMU, VFIO_TYPE1v2_IOMMU))
		return error_set(error, OUTCOME_CANNOT, errno,
				 "device '%s': type1 refuses its IOMMU: %s%s", device->pci.address,
				 strerror(errno), errno == EPERM ?
				 " (no interrupt remapping? see vfio_iommu_type1."
				 "allow_unsafe_interrupts)" : "");
	container->has_iommu = true;
	return 0;
}

static int group_get_device(struct vfio_device *device, struct error *error)
{
	device->fd = ioctl(device->group_fd, VFIO_GROUP_GET_DEVICE_FD, device->pci.address);
	if (device->fd < 0)
		return error_set(error, OUTCOME_CANNOT, errno, "device '%s': cannot open it: %s",
				 device->pci.address, strerror(errno));
	if (vfio_device_enable(device, PCI_COMMAND_MEMORY)) {
		close(device->fd);
		return error_set(error, OUTCOME_CANNOT, EIO,
				 "device '%s': cannot enable its memory space",
				 device->pci.address);
	}
	return 0;
}

int vfio_group_open(struct vfio_device *device, const char *address, struct error *error)
{
	int ret;

	device->fd = -1;
	ret = pci_device_read(&device->pci, address, error);
	if (ret)
		return ret;
	/* Binding to vfio-pci needs a group; say first what has to come first. */
	if (device->pci.group < 0)
		return error_set(error, OUTCOME_CANNOT, ENODEV,
				 "device '%s': in no IOMMU group; the IOMMU is off or missing",
				 device->pci.address);
	ret = vfio_device_check_driver(&device->pci, error);
	if (ret)
		return ret;
	ret = group_open(device, error);
	if (ret)
		return ret;
	ret = group_check_viable(device, error);
	if (ret)
		close(device->group_fd);
	return ret;
}

void vfio_group_close(struct vfio_device *device)
{
	close(device->group_fd);
}

int vfio_group_join(const struct vfio_device *device, const struct vfio_container *container)
{
	return ioctl(device->group_fd, VFIO_GROUP_SET_CONTAINER, &container->fd) ? -errno : 0;
}

int vfio_group_leave(const struct vfio_device *device)
{
	return ioctl(device->group_fd, VFIO_GROUP_UNSET_CONTAINER) ? -errno : 0;
}

int vfio_device_open(struct vfio_device *device, struct vfio_container *container,
		     const char *address, struct error *error)
{
	int ret;

	ret = vfio_group_open(device, address, error);
	if (ret)
		return ret;
	ret = group_attach(device, container, error);
	if (!ret)
		ret = group_get_device(device, error);
	if (ret)
		close(device->group_fd);
	return ret;
}

void vfio_device_close(struct vfio_device *device)
{
	close(device->fd);
	close(device->group_fd);
}

int vfio_config_find(const struct vfio_device *device, uint64_t *fd_offset_bytes)
{
	struct vfio_region_info info = {
		.argsz = sizeof(info),
		.index = VFIO_PCI_CONFIG_REGION_INDEX,
	};

	if (ioctl(device->fd, VFIO_DEVICE_GET_REGION_INFO, &info))
		return -errno;
	*fd_offset_bytes = info.offset;
	return 0;
}

int vfio_device_enable(const struct vfio_device *device, uint16_t bits)
{
	uint64_t config_offset = 0;
	off_t command_offset;
	uint16_t command;
	int ret;

	ret = vfio_config_find(device, &config_offset);
	if (ret)
		return ret;
	command_offset = (off_t)config_offset + PCI_COMMAND;
	if (pread(device->fd, &command, sizeof(command), command_offset) != sizeof(command))
		return -EIO;
	if ((command & bits) == bits)
		return 0;
	command |= bits;
	if (pwrite(device->fd, &command, sizeof(command), command_offset) != sizeof(command))
		return -EIO;
	return 0;
}

int vfio_dma_map(const struct vfio_container *container, uint64_t iova, void *vaddr,
		 uint64_t bytes)
{
	struct vfio_iommu_type1_dma_map map = {
		.argsz = sizeof(map),
		.flags = VFIO_DMA_MAP_FLAG_READ | VFIO_DMA_MAP_FLAG_WRITE,
		.vaddr = (uintptr_t)vaddr,
		.iova = iova,
		.size = bytes,
	};

	return ioctl(container->fd, VFIO_IOMMU_MAP_DMA, &map) ? -errno : 0;
}

int vfio_dma_unmap(const struct vfio_container *container, uint64_t iova, uint64_t bytes)
{
	struct vfio_iommu_type1_dma_unmap unmap = {
		.argsz = sizeof(unmap),
		.iova = iova,
		.size = bytes,
	};

	if (ioctl(container->fd, VFIO_IOMMU_UNMAP_DMA, &unmap))
		return -errno;
	return unmap.size == bytes ? 0 : -EIO;
}
