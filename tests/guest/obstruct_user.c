// SPDX-License-Identifier: GPL-2.0-or-later
/* The calls of the user, each on a function of the card. */
#include "obstruct.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/pci_regs.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "lib/file.h"
#include "lib/size.h"

#define MAP_IOVA	SZ_4G

#define ASLEEP_POLLS	200
#define ASLEEP_POLL_US	2000

/* The function that most calls are on; of the others one after the other is closed. */
#define SUBJECT		1

static unsigned int visitor(const struct user *user)
{
	return user->turn % 2 ? 0 : 2;
}

static int subject_fd(const struct user *user)
{
	return user->stage->fds[SUBJECT];
}

static off_t config_at(unsigned int at)
{
	/* vfio-pci has its config region there since it exists */
	return (off_t)((uint64_t)VFIO_PCI_CONFIG_REGION_INDEX << 40 | at);
}

static int config_read(struct user *user, unsigned int at, uint16_t *value)
{
	return pread(subject_fd(user), value, sizeof(*value), config_at(at)) == sizeof(*value) ?
	       0 : -EIO;
}

static int config_write(struct user *user, unsigned int at, uint16_t value)
{
	return pwrite(subject_fd(user), &value, sizeof(value), config_at(at)) == sizeof(value) ?
	       0 : -EIO;
}

static int read_config(struct user *user)
{
	uint16_t value;

	return config_read(user, PCI_COMMAND, &value);
}

static int command_memory(struct user *user, bool on)
{
	uint16_t command;
	int ret = config_read(user, PCI_COMMAND, &command);

	command &= (uint16_t)~PCI_COMMAND_MEMORY;
	if (on)
		command |= PCI_COMMAND_MEMORY;
	return ret ? ret : config_write(user, PCI_COMMAND, command);
}

static int memory_off(struct user *user)
{
	return command_memory(user, false);
}

static int memory_on(struct user *user)
{
	return command_memory(user, true);
}

/* Reset leaves the memory space off. */
static void memory_restore(struct user *user)
{
	int ret = command_memory(user, true);

	if (ret)
		broken("the command register", -ret);
}

static int power_set(struct user *user, uint16_t state)
{
	unsigned int capabilities;
	uint16_t at = 0, header;
	int ret = config_read(user, PCI_CAPABILITY_LIST, &at);

	at &= 0xfc;
	for (capabilities = 0; !ret && at && capabilities < 48; capabilities++) {
		ret = config_read(user, at, &header);
		if (!ret && (header & 0xff) == PCI_CAP_ID_PM)
			return config_write(user, at + PCI_PM_CTRL, state);
		at = header >> 8 & 0xfc;
	}
	return ret ? ret : -ENOTSUP;
}

static int power_d3(struct user *user)
{
	return power_set(user, 3);
}

static int power_d0(struct user *user)
{
	return power_set(user, 0);
}

static int map(struct user *user)
{
	return vfio_dma_map(&user->container, MAP_IOVA, user->vaddr, SZ_4K);
}

static int unmap(struct user *user)
{
	return vfio_dma_unmap(&user->container, MAP_IOVA, SZ_4K);
}

static int device_reset(struct user *user)
{
	return ioctl(subject_fd(user), VFIO_DEVICE_RESET) ? -errno : 0;
}

static int hot_reset_info(struct user *user)
{
	char room[sizeof(struct vfio_pci_hot_reset_info) +
		  8 * sizeof(struct vfio_pci_dependent_device)] = "";
	struct vfio_pci_hot_reset_info *info = (void *)room;

	info->argsz = sizeof(room);
	return ioctl(subject_fd(user), VFIO_DEVICE_GET_PCI_HOT_RESET_INFO, info) ? -errno : 0;
}

static int hot_reset(struct user *user)
{
	char room[sizeof(struct vfio_pci_hot_reset) + sizeof(__s32)] = "";
	struct vfio_pci_hot_reset *request = (void *)room;

	request->argsz = sizeof(room);
	request->count = 1;
	request->group_fds[0] = user->owner.group_fd;
	return ioctl(subject_fd(user), VFIO_DEVICE_PCI_HOT_RESET, request) ? -errno : 0;
}

static int feature_set(struct user *user, uint32_t feature)
{
	struct vfio_device_feature request = {
		.argsz = sizeof(request),
		.flags = VFIO_DEVICE_FEATURE_SET | feature,
	};

	return ioctl(subject_fd(user), VFIO_DEVICE_FEATURE, &request) ? -errno : 0;
}

static int low_power_entry(struct user *user)
{
	return feature_set(user, VFIO_DEVICE_FEATURE_LOW_POWER_ENTRY);
}

static int low_power_exit(struct user *user)
{
	return feature_set(user, VFIO_DEVICE_FEATURE_LOW_POWER_EXIT);
}

static const char *sysfs_path(const struct user *user, unsigned int function, const char *name)
{
	static char path[128];

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/%s", user->addresses[function], name);
	return path;
}

/*
 * Wait for a function to be asleep: the kernel has a worker suspend it. One that sleeps no more
 * because of what was done before is a broken test.
 */
static void asleep_wait(const struct user *user, unsigned int function)
{
	char status[32] = "";
	unsigned int polls;

	for (polls = 0; polls < ASLEEP_POLLS && strcmp(status, "suspended"); polls++) {
		usleep(ASLEEP_POLL_US);
		if (file_read(sysfs_path(user, function, "power/runtime_status"), status,
			      sizeof(status)))
			broken("power/runtime_status", EIO);
	}
	if (strcmp(status, "suspended"))
		broken(user->addresses[function], EBUSY);
}

static void subject_asleep(struct user *user)
{
	asleep_wait(user, SUBJECT);
}

static void visitor_asleep(struct user *user)
{
	asleep_wait(user, visitor(user));
}

/* What is not in D3cold is not woken for that. */
static int sysfs_config(struct user *user)
{
	int fd = open(sysfs_path(user, SUBJECT, "config"), O_RDONLY | O_CLOEXEC), ret = 0;
	uint32_t value;

	if (fd < 0)
		return -errno;
	if (pread(fd, &value, sizeof(value), 0) != sizeof(value))
		ret = -EIO;
	close(fd);
	return ret;
}

static int subject_on(struct user *user)
{
	return file_write(sysfs_path(user, SUBJECT, "power/control"), "on");
}

static int subject_auto(struct user *user)
{
	return file_write(sysfs_path(user, SUBJECT, "power/control"), "auto");
}

static int visitor_on(struct user *user)
{
	return file_write(sysfs_path(user, visitor(user), "power/control"), "on");
}

static int visitor_auto(struct user *user)
{
	return file_write(sysfs_path(user, visitor(user), "power/control"), "auto");
}

static int visitor_close(struct user *user)
{
	return close(atomic_exchange(&user->stage->fds[visitor(user)], -1)) ? -errno : 0;
}

static int visitor_open(struct user *user)
{
	unsigned int function = visitor(user);
	int fd = ioctl(user->owner.group_fd, VFIO_GROUP_GET_DEVICE_FD, user->addresses[function]);

	if (fd < 0)
		return -errno;
	user->stage->fds[function] = fd;
	return 0;
}

const struct step user_steps[] = {
	{ "config read", read_config, NULL },
	{ "map", map, NULL },
	{ "memory off", memory_off, NULL },
	{ "memory on", memory_on, NULL },
	{ "D3", power_d3, NULL },
	{ "D0", power_d0, NULL },
	{ "reset", device_reset, memory_restore },
	{ "hot reset info", hot_reset_info, memory_restore },
	{ "hot reset", hot_reset, NULL },
	{ "low power entry", low_power_entry, memory_restore },
	{ "config in sysfs, asleep", sysfs_config, subject_asleep },
	{ "power/control = on, asleep", subject_on, subject_asleep },
	{ "power/control = auto", subject_auto, NULL },
	{ "low power exit", low_power_exit, NULL },
	{ "unmap", unmap, memory_restore },
	{ "close", visitor_close, NULL },
	{ "power/control = on, asleep, closed", visitor_on, visitor_asleep },
	{ "power/control = auto, closed", visitor_auto, NULL },
	{ "open", visitor_open, NULL },
	{ NULL, NULL, NULL },
};

static void function_init(struct user *user, unsigned int function)
{
	struct vfio_device device = user->owner;
	struct error error;

	device.fd = user->stage->fds[function];
	if (device.fd < 0)
		broken(user->addresses[function], errno);
	if (vfio_device_enable(&device, PCI_COMMAND_MEMORY))
		broken("the command register", EIO);
	if (bar_choose(&device, BAR_ANY, &user->bars[function], &error))
		broken(error.text, ENODEV);
	user->stage->bar_offset[function] = user->bars[function].fd_offset_bytes;
}

void user_init(struct user *user, struct stage *stage, const char *const *addresses)
{
	struct error error;
	unsigned int i;

	*user = (struct user){ .stage = stage, .addresses = addresses };
	if (vfio_container_open(&user->container, &error) ||
	    vfio_device_open(&user->owner, &user->container, addresses[0], &error))
		broken(error.text, ENODEV);
	stage->fds[0] = user->owner.fd;
	for (i = 1; i < FUNCTIONS; i++)
		stage->fds[i] = ioctl(user->owner.group_fd, VFIO_GROUP_GET_DEVICE_FD, addresses[i]);
	for (i = 0; i < FUNCTIONS; i++)
		function_init(user, i);
	user->vaddr = mmap(NULL, SZ_4K, PROT_READ | PROT_WRITE, MAP_SHARED, subject_fd(user),
			   (off_t)stage->bar_offset[SUBJECT]);
	if (user->vaddr == MAP_FAILED)
		broken("mmap", errno);
}
