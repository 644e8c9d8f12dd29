// SPDX-License-Identifier: GPL-2.0-or-later
#include "lib/backend.h"

#include <errno.h>
#include <string.h>

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

static int floor_bar_open(struct backend_session *session, const struct vfio_device *device, int bar,
			  struct error *error)
{
	return floor_open(&session->container, device, bar, error);
}

static const struct backend backend_type1 = {
	.open = type1_open,
	.close = type1_close,
	.info = type1_info,
	.device_open = type1_device_open,
	.map = type1_map,
	.unmap = type1_unmap,
};

/* The floor's ioctls are type1's, and only another file takes them. */
static const struct backend backend_floor = {
	.variant = LOOKUP_FLOOR,
	.lacks = BACKEND_PROCESS | BACKEND_DEVICES,
	.by_offset = true,
	.within = &backend_type1,
	.present = floor_present,
	.bar_open = floor_bar_open,
	.bar_close = type1_close,
	.map = type1_map,
	.unmap = type1_unmap,
};

const struct backend *const backends[] = { &backend_type1, &backend_floor, NULL };

int backend_variants_read(struct variant_set *set, struct error *error)
{
	size_t i;
	int ret;

	ret = variant_set_read(set, VARIANT_PARAMETER, error);
	for (i = 1; backends[i] && !ret; i++)
		if (backends[i]->present() && variant_set_add(set, backends[i]->variant))
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
