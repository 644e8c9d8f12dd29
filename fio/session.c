// SPDX-License-Identifier: GPL-2.0-or-later
#include "session.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "lib/iova.h"
#include "lib/size.h"
#include "lib/variant.h"

#define SESSION_CONTAINERS_MAX	16
#define SESSION_DEVICES_MAX	16
#define SESSION_NAME_BYTES	64
#define REFILL_TURNS		8

struct session_container {
	char name[SESSION_NAME_BYTES];
	unsigned int users;		/* 0: free */
	struct vfio_container vfio;
	uint64_t handed_out_bytes;	/* of IOVA space, to jobs that asked for no address */
};

struct session_device {
	unsigned int users;		/* 0: free */
	struct session_container *container;
	struct vfio_device vfio;
};

/* All that the process has open. */
static struct session_container containers[SESSION_CONTAINERS_MAX];
static struct session_device devices[SESSION_DEVICES_MAX];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static struct session_container *container_find(const char *name)
{
	struct session_container *container, *unused = NULL;

	for (container = containers; container < containers + SESSION_CONTAINERS_MAX; container++) {
		if (container->users && !strcmp(container->name, name))
			return container;
		if (!container->users)
			unused = container;
	}
	return unused;
}

static int container_get(struct session_container **found, const char *name, struct error *error)
{
	struct session_container *container = container_find(name);
	int ret;

	if (!container || strlen(name) >= SESSION_NAME_BYTES)
		return error_set(error, OUTCOME_USE, ENOSPC,
				 "container '%s': at most %d containers, with names of %d letters",
				 name, SESSION_CONTAINERS_MAX, SESSION_NAME_BYTES - 1);
	if (!container->users) {
		ret = vfio_container_open(&container->vfio, error);
		if (ret)
			return ret;
		strcpy(container->name, name);
		container->handed_out_bytes = 0;
	}
	container->users++;
	*found = container;
	return 0;
}

static void container_put(struct session_container *container)
{
	if (!--container->users)
		vfio_container_close(&container->vfio);
}

static struct session_device *device_find(const char *address)
{
	struct session_device *device, *unused = NULL;

	for (device = devices; device < devices + SESSION_DEVICES_MAX; device++) {
		if (device->users && !strcmp(device->vfio.pci.address, address))
			return device;
		if (!device->users)
			unused = device;
	}
	return unused;
}

static int device_open(struct session_device *device, const char *address, const char *container,
		       struct error *error)
{
	int ret;

	ret = container_get(&device->container, container ? container : address, error);
	if (ret)
		return ret;
	ret = vfio_device_open(&device->vfio, &device->container->vfio, address, error);
	if (ret)
		container_put(device->container);
	return ret;
}

static int device_check_container(const struct session_device *device, const char *container,
				  struct error *error)
{
	if (!container || !strcmp(container, device->container->name))
		return 0;
	return error_set(error, OUTCOME_USE, EBUSY,
			 "container '%s': device '%s' is in container '%s' already", container,
			 device->vfio.pci.address, device->container->name);
}

static int device_get(struct session_device **found, const struct session_request *request,
		      struct error *error)
{
	char address[PCI_ADDRESS_BYTES];
	struct session_device *device;
	int ret;

	if (pci_address_parse(request->device, address))
		return error_set(error, OUTCOME_USE, EINVAL,
				 "device '%s': must be a PCI address such as 0000:65:00.0",
				 request->device);
	device = device_find(address);
	if (!device)
		return error_set(error, OUTCOME_USE, ENOSPC, "device '%s': at most %d devices",
				 address, SESSION_DEVICES_MAX);
	ret = device->users ? device_check_container(device, request->container, error) :
	      device_open(device, address, request->container, error);
	if (ret)
		return ret;
	device->users++;
	*found = device;
	return 0;
}

static void device_put(struct session_device *device)
{
	if (--device->users)
		return;
	vfio_device_close(&device->vfio);
	container_put(device->container);
}

/* Each job has room of its own for the BAR, and 1 GiB more, of which the last page is the spare. */
static int session_place(struct session *session, uint64_t wanted, struct error *error)
{
	uint64_t room = size_align_up(session->bar.mmap_bytes, SZ_1G) + SZ_1G;
	struct session_container *container = session->container;
	struct iommu_info info;
	uint64_t first;
	int ret;

	session->iova = wanted;
	if (wanted)
		return 0;
	ret = iommu_info_read(&container->vfio, &info);
	if (!ret)
		ret = iova_choose(&info, container->handed_out_bytes + room, &first);
	if (ret)
		return error_set(error, OUTCOME_CANNOT, -ret,
				 "container '%s': no room for another job's mappings: %s",
				 container->name, strerror(-ret));
	session->iova = first + container->handed_out_bytes;
	session->spare_iova = session->iova + room - SZ_4K;
	container->handed_out_bytes += room;
	return 0;
}

static int session_divide(struct session *session, uint64_t map_bytes, struct error *error)
{
	char size[SIZE_TEXT_BYTES], most[SIZE_TEXT_BYTES];

	size_format(map_bytes, size);
	if (!map_bytes || map_bytes % SZ_4K)
		return error_set(error, OUTCOME_USE, EINVAL,
				 "map_size '%s': must be a multiple of 4K", size);
	if (map_bytes > session->bar.mmap_bytes)
		return error_set(error, OUTCOME_USE, EINVAL,
				 "map_size '%s': BAR %d of %s has %s to map", size,
				 session->bar.number, session->device->vfio.pci.address,
				 size_format(session->bar.mmap_bytes, most));
	session->map_bytes = map_bytes;
	session->slots = session->bar.mmap_bytes / map_bytes;
	session->mapped = calloc(session->slots, sizeof(*session->mapped));
	return session->mapped ? 0 : error_set(error, OUTCOME_CANNOT, ENOMEM, "out of memory");
}

static int session_mmap(const struct session *session, const struct va_range *window)
{
	return va_range_map(window, 0, session->device->vfio.fd, session->bar.fd_offset_bytes,
			  window->bytes);
}

static int session_windows(struct session *session, uint64_t va_offset_bytes, struct error *error)
{
	int ret;

	ret = va_range_reserve(&session->window, session->slots * session->map_bytes, SZ_1G,
			     va_offset_bytes);
	if (ret)
		goto fail;
	ret = va_range_reserve(&session->spare, SZ_4K, SZ_4K, 0);
	if (ret)
		goto release_window;
	ret = session_mmap(session, &session->window);
	if (!ret)
		ret = session_mmap(session, &session->spare);
	if (!ret)
		return 0;
	va_range_release(&session->spare);
release_window:
	va_range_release(&session->window);
fail:
	return error_set(error, OUTCOME_CANNOT, -ret, "device '%s': BAR %d cannot be mapped: %s",
			 session->device->vfio.pci.address, session->bar.number, strerror(-ret));
}

static int session_init(struct session *session, const struct session_request *request,
			struct error *error)
{
	int ret;

	ret = device_get(&session->device, request, error);
	if (ret)
		return ret;
	session->container = session->device->container;
	ret = bar_choose(&session->device->vfio, request->bar, &session->bar, error);
	if (!ret)
		ret = session_divide(session, request->map_bytes, error);
	if (!ret)
		ret = session_place(session, request->iova, error);
	if (!ret)
		ret = session_windows(session, request->va_offset_bytes, error);
	if (ret)
		device_put(session->device);
	return ret;
}

int session_open(struct session **opened, const struct session_request *request,
		 struct error *error)
{
	struct session *session = calloc(1, sizeof(*session));
	int ret;

	if (!session)
		return error_set(error, OUTCOME_CANNOT, ENOMEM, "out of memory");
	pthread_mutex_lock(&lock);
	ret = session_init(session, request, error);
	pthread_mutex_unlock(&lock);
	if (ret) {
		free(session->mapped);
		free(session);
		return ret;
	}
	*opened = session;
	return 0;
}

void session_close(struct session *session)
{
	uint64_t slot;

	if (!session)
		return;
	for (slot = 0; slot < session->slots; slot++)
		if (session->mapped[slot])
			session_unmap(session, slot);
	va_range_release(&session->spare);
	va_range_release(&session->window);
	pthread_mutex_lock(&lock);
	device_put(session->device);
	pthread_mutex_unlock(&lock);
	free(session->mapped);
	free(session);
}

int session_map(struct session *session, uint64_t slot)
{
	uint64_t at = slot * session->map_bytes;
	int ret;

	ret = vfio_dma_map(&session->container->vfio, session->iova + at,
			   session->window.base + at, session->map_bytes);
	if (!ret)
		session->mapped[slot] = true;
	return ret;
}

int session_unmap(struct session *session, uint64_t slot)
{
	int ret;

	ret = vfio_dma_unmap(&session->container->vfio, session->iova + slot * session->map_bytes,
			     session->map_bytes);
	if (!ret)
		session->mapped[slot] = false;
	return ret;
}

void session_touch(const struct session *session, uint64_t slot, uint64_t stride_bytes)
{
	const volatile char *base = session->window.base + slot * session->map_bytes;
	uint64_t at;

	for (at = 0; at < session->map_bytes; at += stride_bytes)
		(void)*(const volatile uint32_t *)(base + at);
}

int session_cool(struct session *session)
{
	int ret;

	ret = va_range_clear(&session->window);
	return ret ? ret : session_mmap(session, &session->window);
}

static int session_try(struct session *session)
{
	int ret;

	ret = vfio_dma_map(&session->container->vfio, session->iova, session->window.base,
			   session->window.bytes);
	return ret ? ret : vfio_dma_unmap(&session->container->vfio, session->iova,
					  session->window.bytes);
}

int session_warm(struct session *session)
{
	struct variant_set variants;
	struct error ignored;
	int ret, restored;

	ret = variant_set_read(&variants, VARIANT_PARAMETER, &ignored);
	if (!ret)
		ret = variant_select(&variants, variant_walker(&variants));
	if (!ret)
		ret = session_try(session);
	restored = variant_restore(&variants);
	return ret ? ret : restored;
}

int session_fill_free_lists(struct session *session)
{
	const struct vfio_container *container = &session->container->vfio;
	unsigned int turn;
	int ret = 0;

	for (turn = 0; turn < REFILL_TURNS && session->spare_iova && !ret; turn++) {
		ret = vfio_dma_map(container, session->spare_iova, session->spare.base, SZ_4K);
		if (!ret)
			ret = vfio_dma_unmap(container, session->spare_iova, SZ_4K);
	}
	return ret;
}
