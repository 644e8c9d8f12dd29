// SPDX-License-Identifier: GPL-2.0-or-later
#include "lib/backend.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "lib/floor.h"
#include "lib/lookup.h"

static int type1_open(struct backend_session *session, struct error *error)
{
	return vfio_container_open(&session->container, error);
}

static void type1_close(struct backend_session *session)
{
	vfio_container_close(&session->container);
}

static int type1_info(const struct backend_session *session, struct iommu_info *info)
{
	return iommu_info_read(&session->container, info);
}

static int type1_device_open(struct backend_session *session, struct vfio_device *device,
			     const char *address, struct error *error)
{
	return vfio_device_open(device, &session->container, address, error);
}

static int type1_map(const struct backend_session *session, uint64_t iova, uint64_t at,
		     uint64_t bytes)
{
	return vfio_dma_map(&session->container, iova, (void *)(uintptr_t)at, bytes);
}

static int type1_unmap(const struct backend_session *session, uint64_t iova, uint64_t bytes)
{
	return vfio_dma_unmap(&session->container, iova, bytes);
}

static int type1_map_memory(const struct backend_session *session, uint64_t iova, void *address,
			    uint64_t bytes)
{
	return vfio_dma_map(&session->container, iova, address, bytes);
}

static const struct backend backend_type1 = {
	.lacks = BACKEND_EXPORT,
	.open = type1_open,
	.close = type1_close,
	.info = type1_info,
	.device_open = type1_device_open,
	.map = type1_map,
	.unmap = type1_unmap,
	.map_memory = type1_map_memory,
};

static int floor_bar_open(struct backend_session *session, const struct vfio_device *device,
			  const struct bar *bar, struct error *error)
{
	return floor_open(&session->container, device, bar->number, error);
}

/* The floor's ioctls are type1's, and only another file takes them. */
static const struct backend backend_floor = {
	.variant = LOOKUP_FLOOR,
	.lacks = BACKEND_PROCESS | BACKEND_DEVICES | BACKEND_GROUPS | BACKEND_EXPORT,
	.by_offset = true,
	.within = &backend_type1,
	.present = floor_present,
	.bar_open = floor_bar_open,
	.bar_close = type1_close,
	.map = type1_map,
	.unmap = type1_unmap,
};

static int dmabuf_open(struct backend_session *session, struct error *error)
{
	return iommufd_open(&session->iommufd, error);
}

static void dmabuf_close(struct backend_session *session)
{
	iommufd_close(&session->iommufd);
}

static int dmabuf_info(const struct backend_session *session, struct iommu_info *info)
{
	return iommufd_info(&session->iommufd, info);
}

static int dmabuf_device_open(struct backend_session *session, struct vfio_device *device,
			      const char *address, struct error *error)
{
	return iommufd_device_open(&session->iommufd, device, address, error);
}

static int dmabuf_bar_open(struct backend_session *session, const struct vfio_device *device,
			   const struct bar *bar, struct error *error)
{
	session->file = iommufd_export(device, bar->number, bar->mmap_bytes);
	if (session->file >= 0)
		return 0;
	return error_set(error, OUTCOME_CANNOT, -session->file,
			 "device '%s': BAR %d does not become a dma-buf: %s", device->pci.address,
			 bar->number, strerror(-session->file));
}

static void dmabuf_bar_close(struct backend_session *session)
{
	close(session->file);
}

static int dmabuf_map(const struct backend_session *session, uint64_t iova, uint64_t at,
		      uint64_t bytes)
{
	return iommufd_map_file(&session->iommufd, session->file, iova, at, bytes);
}

static int dmabuf_unmap(const struct backend_session *session, uint64_t iova, uint64_t bytes)
{
	return iommufd_unmap(&session->iommufd, iova, bytes);
}

static int dmabuf_map_memory(const struct backend_session *session, uint64_t iova, void *address,
			     uint64_t bytes)
{
	return iommufd_map(&session->iommufd, iova, address, bytes);
}

static int dmabuf_device_probe(const char *address, struct error *error)
{
	struct vfio_device device;
	struct iommufd iommufd;
	int ret;

	ret = iommufd_open(&iommufd, error);
	if (ret)
		return ret;
	ret = iommufd_device_open(&iommufd, &device, address, error);
	if (!ret) {
		ret = iommufd_export_probe(&device);
		vfio_device_close(&device);
		if (ret)
			error_set(error, OUTCOME_CANNOT, -ret,
				  "device '%s': its driver exports no dma-bufs: %s; the kernel "
				  "needs CONFIG_VFIO_PCI_DMABUF, of Linux 6.19", address,
				  strerror(-ret));
	}
	iommufd_close(&iommufd);
	return ret;
}

static int dmabuf_present(const char *address, struct error *error)
{
	if (!iommufd_present())
		return error_set(error, OUTCOME_CANNOT, ENOENT,
				 "the kernel has no iommufd, or no files for its devices; it needs "
				 "CONFIG_IOMMUFD and CONFIG_VFIO_DEVICE_CDEV");
	return address ? dmabuf_device_probe(address, error) : 0;
}

static const struct backend backend_dmabuf = {
	.variant = LOOKUP_DMABUF,
	.lacks = BACKEND_ADDRESS | BACKEND_PROCESS | BACKEND_GROUPS,
	.by_offset = true,
	.revoked = true,
	.present = dmabuf_present,
	.open = dmabuf_open,
	.close = dmabuf_close,
	.info = dmabuf_info,
	.device_open = dmabuf_device_open,
	.bar_open = dmabuf_bar_open,
	.bar_close = dmabuf_bar_close,
	.map = dmabuf_map,
	.unmap = dmabuf_unmap,
	.map_memory = dmabuf_map_memory,
};

const struct backend *const backends[] = {
	&backend_type1, &backend_dmabuf, &backend_floor, NULL,
};

int backend_variants_read(struct variant_set *set, const char *address,
			  struct backend_absence *absence, struct error *error)
{
	size_t i;
	int ret;

	memset(absence, 0, sizeof(*absence));
	ret = variant_set_read(set, VARIANT_PARAMETER, error);
	for (i = 1; backends[i] && !ret; i++)
		if (!backends[i]->present(address, &absence->errors[i]) &&
		    variant_set_add(set, backends[i]->variant))
			ret = error_set(error, OUTCOME_BROKEN, ENOSPC,
					"parameter '%s': more than %d variants", VARIANT_PARAMETER,
					VARIANTS_MAX);
	return ret;
}

const struct backend *backend_find(const char *name)
{
	size_t i;

	for (i = 1; backends[i]; i++)
		if (!strcmp(backends[i]->variant, name))
			return backends[i];
	return backends[0];
}

const struct backend_session *backend_session_of(const struct backend_session *session,
						 const struct backend *backend)
{
	while (session->backend != backend)
		session = session->beside;
	return session;
}
