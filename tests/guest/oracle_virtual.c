// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What becomes of mapped device memory with SR-IOV: enabling the virtual functions wakes the physical
 * one, and the memory of a virtual function is on whatever its command register says.
 */
#include "oracle.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include "lib/file.h"
#include "lib/size.h"

#define TOKEN	"5a0c1e5a-0c1e-5a0c-1e5a-0c1e5a0c1e5a"

/* The only virtual function of cast->physical is the next one on its bus. */
static const char *virtual_address(const struct scene *scene)
{
	static char address[PCI_ADDRESS_BYTES];

	snprintf(address, sizeof(address), "%s", scene->cast->physical);
	address[strlen(address) - 1]++;
	return address;
}

static void virtual_functions_set(const struct scene *scene, const char *count)
{
	char path[128];

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/sriov_numvfs", scene->cast->physical);
	must(scene, path, file_write(path, count));
}

/* A virtual function is given only to who knows the secret of the physical one's user. */
static void token_set(const struct scene *scene, const struct subject *subject)
{
	struct {
		struct vfio_device_feature head;
		unsigned char uuid[16];
	} request = {
		.head = {
			.argsz = sizeof(request),
			.flags = VFIO_DEVICE_FEATURE_SET | VFIO_DEVICE_FEATURE_PCI_VF_TOKEN,
		},
		.uuid = { 0x5a, 0x0c, 0x1e, 0x5a, 0x0c, 0x1e, 0x5a, 0x0c,
			  0x1e, 0x5a, 0x0c, 0x1e, 0x5a, 0x0c, 0x1e, 0x5a },
	};

	must(scene, "the token", ioctl(subject->device.fd, VFIO_DEVICE_FEATURE, &request));
}

static void virtual_open(struct scene *scene, struct subject *subject)
{
	const char *address = virtual_address(scene);
	char name[PCI_ADDRESS_BYTES + sizeof(" vf_token=" TOKEN)];
	struct error error;

	must(scene, address, vfio_group_open(&subject->device, address, &error));
	must(scene, address, vfio_group_join(&subject->device, &scene->container));
	snprintf(name, sizeof(name), "%s vf_token=" TOKEN, address);
	subject->device.fd = must(scene, address, ioctl(subject->device.group_fd,
							VFIO_GROUP_GET_DEVICE_FD, name));
	must(scene, address, bar_choose(&subject->device, 0, &subject->bar, &error));
}

/* What is behind these BARs are registers: whether DMA gets there is all there is to see. */
static void registers_map(struct scene *scene, const struct subject *subject)
{
	char *vma = scene_place(scene, 0, subject, 0, SZ_4K, PROT_READ | PROT_WRITE);

	scene_open_edu(scene);
	result_map(scene, vma, SZ_4K);
}

/* The device sleeps in D3 until it gets a virtual function. */
static void virtual_enable(struct scene *scene, const struct situation_plan *plan)
{
	struct subject physical;

	(void)plan;
	scene_open_subject(scene, &physical, scene->cast->physical, 0);
	registers_map(scene, &physical);
	power_set(scene, &physical, 3);
	effect_passes(scene, "during", MAP_IOVA);
	virtual_functions_set(scene, "1");
	effect_passes(scene, "after", MAP_IOVA);
	virtual_functions_set(scene, "0");
	effect_end(scene, SZ_4K);
}

static void virtual_command(struct scene *scene, const struct situation_plan *plan)
{
	struct subject physical, virtual;

	(void)plan;
	scene_open_subject(scene, &physical, scene->cast->physical, 0);
	token_set(scene, &physical);
	virtual_functions_set(scene, "1");
	virtual_open(scene, &virtual);
	registers_map(scene, &virtual);
	memory_enable(scene, &virtual, false);
	effect_passes(scene, "off", MAP_IOVA);
	effect_errno(scene, "again", dma_map(scene, MAP_IOVA + SZ_4K, scene->window.base, SZ_4K,
					     DMA_RW));
	memory_enable(scene, &virtual, true);
	effect_passes(scene, "on", MAP_IOVA);
	effect_end(scene, 2 * SZ_4K);
	must(scene, "munmap", va_range_clear(&scene->window));
	vfio_device_close(&virtual.device);
	virtual_functions_set(scene, "0");
}

const struct situation virtual_situations[] = {
	SITUATION("virtual/enable", virtual_enable),
	SITUATION("virtual/command", virtual_command),
	SITUATIONS_END
};
