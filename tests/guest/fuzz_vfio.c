// SPDX-License-Identifier: GPL-2.0-or-later
/* What programs of the fuzzer do with VFIO. */
#include "fuzz_guest.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/capability.h>
#include <linux/pci_regs.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "barmap_probe.h"
#include "lib/file.h"

#define PARAMETERS	"/sys/module/vfio_iommu_type1/parameters/"
#define EMULATED_PATH	"/sys/devices/platform/" BARMAP_PROBE_NAME

/* A bitmap for so many pages; the kernel refuses what needs a larger one. */
#define BITMAP_PAGES	(UINT64_C(1) << 17)
/* More than this in one mapping makes a dirty bitmap that is too large for the guest. */
#define DIRTY_MAX_BYTES	(UINT64_C(1) << 36)

static const char *const addresses[FUZZ_EMULATED] = {
	[FUZZ_A] = "0000:00:03.0",
	[FUZZ_B] = "0000:00:07.0",
	[FUZZ_EDU] = "0000:00:04.0",
	[FUZZ_NVME] = "0000:01:00.0",
};

#define SYSFS_ADDRESS	"0000:00:08.0"

static void machine_broken(const char *what, const char *why)
{
	fprintf(stderr, "barmap: fuzz: %s: %s\n", what, why);
	exit(OUTCOME_BROKEN);
}

void fuzz_machine_read(struct fuzz_machine *machine)
{
	struct pci_device plain;
	struct error error;
	unsigned int i;
	uint64_t bytes;
	char group[32];

	for (i = 0; i < FUZZ_EMULATED; i++) {
		if (pci_device_read(&machine->pci[i], addresses[i], &error))
			machine_broken(addresses[i], error.text);
	}
	if (file_link_name(EMULATED_PATH "/iommu_group", group, sizeof(group)))
		machine_broken(EMULATED_PATH, "the module barmap_probe is not loaded");
	machine->pci[FUZZ_EMULATED] = (struct pci_device){
		.address = BARMAP_PROBE_NAME,
		.group = (int)strtol(group, NULL, 10),
	};
	machine->probe_fd = open("/dev/" BARMAP_PROBE_NAME, O_RDWR | O_CLOEXEC);
	if (machine->probe_fd < 0)
		machine_broken("/dev/" BARMAP_PROBE_NAME, strerror(errno));
	if (pci_device_read(&plain, SYSFS_ADDRESS, &error))
		machine_broken(SYSFS_ADDRESS, error.text);
	machine->sysfs_physical = plain.bar_physical[2];
	file_write("/sys/bus/pci/devices/" SYSFS_ADDRESS "/enable", "1");
	if (pci_resource_open("/sys/bus/pci/devices/" SYSFS_ADDRESS "/resource2",
			      &machine->sysfs_fd, &bytes, &error))
		machine_broken(SYSFS_ADDRESS, error.text);
}

/* ---- containers, groups, devices ---- */

static int container_get(struct fuzz_run *run, uint64_t which)
{
	struct fuzz_container_state *container = &run->containers[which];

	if (container->fd < 0)
		container->fd = open("/dev/vfio/vfio", O_RDWR | O_CLOEXEC);
	return container->fd < 0 ? -errno : 0;
}

/* The group of the device goes into the container. */
static int group_join(struct fuzz_run *run, uint64_t device, uint64_t which)
{
	struct fuzz_container_state *container = &run->containers[which];
	struct fuzz_device_state *state = &run->devices[device];
	char path[32];
	int err;

	if (state->container >= 0)
		return -EALREADY;
	if (container_get(run, which))
		return -errno;
	snprintf(path, sizeof(path), "/dev/vfio/%d", run->machine->pci[device].group);
	state->vfio.group_fd = open(path, O_RDWR | O_CLOEXEC);
	if (state->vfio.group_fd < 0)
		return -errno;
	if (ioctl(state->vfio.group_fd, VFIO_GROUP_SET_CONTAINER, &container->fd))
		goto fail;
	if (!container->has_iommu && ioctl(container->fd, VFIO_SET_IOMMU, VFIO_TYPE1v2_IOMMU))
		goto fail;
	container->has_iommu = true;
	state->container = (int)which;
	return 0;
fail:
	err = errno;
	close(state->vfio.group_fd);
	return -err;
}

static int do_join(struct fuzz_run *run, const uint64_t *args)
{
	return group_join(run, args[0], args[1]);
}

static int do_leave(struct fuzz_run *run, const uint64_t *args)
{
	struct fuzz_device_state *state = &run->devices[args[0]];

	if (state->container < 0)
		return -ENOTCONN;
	if (ioctl(state->vfio.group_fd, VFIO_GROUP_UNSET_CONTAINER))
		return -errno;
	close(state->vfio.group_fd);
	state->container = -1;
	return 0;
}

static int do_open(struct fuzz_run *run, const uint64_t *args)
{
	struct fuzz_device_state *state = &run->devices[args[0]];
	int ret;

	if (state->open)
		return -EALREADY;
	if (state->container < 0) {
		ret = group_join(run, args[0], args[1]);
		if (ret)
			return ret;
	}
	state->vfio.fd = ioctl(state->vfio.group_fd, VFIO_GROUP_GET_DEVICE_FD,
			       run->machine->pci[args[0]].address);
	if (state->vfio.fd < 0)
		return -errno;
	state->open = true;
	state->away = false;
	if (args[0] == FUZZ_EMULATED)
		return 0;
	if (vfio_config_find(&state->vfio, &state->config) ||
	    vfio_device_enable(&state->vfio, PCI_COMMAND_MEMORY))
		return -EIO;
	return 0;
}

static int do_close(struct fuzz_run *run, const uint64_t *args)
{
	struct fuzz_device_state *state = &run->devices[args[0]];

	if (!state->open)
		return -EBADF;
	close(state->vfio.fd);
	close(state->vfio.group_fd);
	state->open = false;
	state->container = -1;
	return 0;
}

/* Groups may still hold it: then it lives on without a file. */
static int do_container_close(struct fuzz_run *run, const uint64_t *args)
{
	struct fuzz_container_state *container = &run->containers[args[0]];

	if (container->fd < 0)
		return -EBADF;
	close(container->fd);
	memset(container, 0, sizeof(*container));
	container->fd = -1;
	return 0;
}

/* ---- DMA ---- */

static int map_ioctl(int fd, const uint64_t *args)
{
	struct vfio_iommu_type1_dma_map map = {
		.argsz = sizeof(map),
		.flags = (uint32_t)args[4] & ~FUZZ_MAP_BY_CHILD,
		.vaddr = args[2],
		.iova = args[1],
		.size = args[3],
	};

	return ioctl(fd, VFIO_IOMMU_MAP_DMA, &map) ? -errno : 0;
}

static int map_by_child(int fd, const uint64_t *args)
{
	pid_t pid = fork();
	int status;

	if (!pid)
		_exit(-map_ioctl(fd, args));
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return -ECHILD;
	return WIFEXITED(status) ? -WEXITSTATUS(status) : -EINTR;
}

static int do_map(struct fuzz_run *run, const uint64_t *args)
{
	struct fuzz_container_state *container = &run->containers[args[0]];
	int ret;

	if (args[4] & FUZZ_MAP_BY_CHILD)
		ret = map_by_child(container->fd, args);
	else
		ret = map_ioctl(container->fd, args);
	fuzz_track(run, (unsigned int)args[0], args[1], args[2], args[3]);
	if (!ret && container->maps_count < FUZZ_MAPS_MAX) {
		container->maps[container->maps_count].vaddr = args[2];
		container->maps[container->maps_count].bytes = args[3];
		container->maps[container->maps_count].flags = args[4];
		container->maps_count++;
	}
	return ret;
}

static unsigned int bits_count(const uint64_t *words, uint64_t count)
{
	unsigned int bits = 0;
	uint64_t i;

	for (i = 0; i < count; i++)
		bits += (unsigned int)__builtin_popcountll(words[i]);
	return bits;
}

static uint64_t bitmap_bytes(uint64_t bytes)
{
	uint64_t pages = bytes / FUZZ_PAGE;

	return (pages < BITMAP_PAGES ? (pages + 63) / 64 * 64 : BITMAP_PAGES) / 8;
}

static uint64_t bitmap[BITMAP_PAGES / 64];

static int do_unmap(struct fuzz_run *run, const uint64_t *args)
{
	struct {
		struct vfio_iommu_type1_dma_unmap unmap;
		struct vfio_bitmap bitmap;
	} request = {
		.unmap = {
			.argsz = sizeof(request),
			.flags = (uint32_t)args[3],
			.iova = args[1],
			.size = args[2],
		},
		.bitmap = { FUZZ_PAGE, bitmap_bytes(args[2]), (__u64 *)bitmap },
	};
	int ret;

	fuzz_track(run, (unsigned int)args[0], args[1], 0, args[2]);
	memset(bitmap, 0, request.bitmap.size);
	ret = ioctl(run->containers[args[0]].fd, VFIO_IOMMU_UNMAP_DMA, &request) ? -errno : 0;
	fuzz_extra(run, " size=%#llx", (unsigned long long)request.unmap.size);
	if (args[3] & VFIO_DMA_UNMAP_FLAG_GET_DIRTY_BITMAP)
		fuzz_extra(run, " dirty=%u", bits_count(bitmap, request.bitmap.size / 8));
	return ret;
}

/* What an emulated device lets be mapped can be larger than any memory. */
static bool dirty_too_large(const struct fuzz_container_state *container)
{
	unsigned int i;

	for (i = 0; i < container->maps_count; i++) {
		if (container->maps[i].bytes > DIRTY_MAX_BYTES)
			return true;
	}
	return false;
}

static int do_dirty(struct fuzz_run *run, const uint64_t *args)
{
	struct {
		struct vfio_iommu_type1_dirty_bitmap dirty;
		struct vfio_iommu_type1_dirty_bitmap_get get;
	} request = {
		.dirty = {
			.argsz = sizeof(request),
			.flags = args[1] == FUZZ_DIRTY_START ? VFIO_IOMMU_DIRTY_PAGES_FLAG_START :
				 args[1] == FUZZ_DIRTY_STOP ? VFIO_IOMMU_DIRTY_PAGES_FLAG_STOP :
				 VFIO_IOMMU_DIRTY_PAGES_FLAG_GET_BITMAP,
		},
		.get = {
			.iova = args[2],
			.size = args[3],
			.bitmap = { FUZZ_PAGE, bitmap_bytes(args[3]), (__u64 *)bitmap },
		},
	};
	int ret;

	if (args[1] == FUZZ_DIRTY_START && dirty_too_large(&run->containers[args[0]]))
		return -EFBIG;
	memset(bitmap, 0, request.get.bitmap.size);
	ret = ioctl(run->containers[args[0]].fd, VFIO_IOMMU_DIRTY_PAGES, &request) ? -errno : 0;
	if (args[1] == FUZZ_DIRTY_GET)
		fuzz_extra(run, " dirty=%u", bits_count(bitmap, request.get.bitmap.size / 8));
	return ret;
}

/* How many more mappings there may be. */
static int do_info(struct fuzz_run *run, const uint64_t *args)
{
	struct {
		struct vfio_iommu_type1_info info;
		char capabilities[2048];
	} answer = { .info = { .argsz = sizeof(answer) } };
	const char *base = (const char *)&answer;
	const struct vfio_info_cap_header *header;
	uint32_t at;

	if (ioctl(run->containers[args[0]].fd, VFIO_IOMMU_GET_INFO, &answer))
		return -errno;
	fuzz_extra(run, " sizes=%#llx", (unsigned long long)answer.info.iova_pgsizes);
	if (!(answer.info.flags & VFIO_IOMMU_INFO_CAPS))
		return 0;
	for (at = answer.info.cap_offset; at && at < sizeof(answer) - 64; at = header->next) {
		header = (const struct vfio_info_cap_header *)(base + at);
		if (header->id == VFIO_IOMMU_TYPE1_INFO_DMA_AVAIL)
			fuzz_extra(run, " avail=%u",
				   ((const struct vfio_iommu_type1_info_dma_avail *)header)->avail);
		if (header->id == VFIO_IOMMU_TYPE1_INFO_CAP_IOVA_RANGE)
			fuzz_extra(run, " ranges=%u", ((const struct
				   vfio_iommu_type1_info_cap_iova_range *)header)->nr_iovas);
	}
	return 0;
}

static int do_table(struct fuzz_run *run, const uint64_t *args)
{
	fuzz_extra(run, " table=%" PRIx64, fuzz_table(run, (unsigned int)args[0], run->verbose));
	return 0;
}

/* ---- what becomes of a device ---- */

static int config_write16(const struct fuzz_device_state *state, uint64_t at, uint16_t clear,
			  uint16_t set)
{
	off_t offset = (off_t)(state->config + at);
	uint16_t value;

	if (pread(state->vfio.fd, &value, sizeof(value), offset) != sizeof(value))
		return -EIO;
	value = (uint16_t)((value & ~clear) | set);
	if (pwrite(state->vfio.fd, &value, sizeof(value), offset) != sizeof(value))
		return -EIO;
	return 0;
}

static bool device_usable(const struct fuzz_run *run, uint64_t device)
{
	return run->devices[device].open && device != FUZZ_EMULATED;
}

static int do_decode(struct fuzz_run *run, const uint64_t *args)
{
	struct fuzz_device_state *state = &run->devices[args[0]];

	if (!device_usable(run, args[0]))
		return -EBADF;
	state->away = !args[1];
	return config_write16(state, PCI_COMMAND, PCI_COMMAND_MEMORY,
			      args[1] ? PCI_COMMAND_MEMORY : 0);
}

static uint64_t power_capability(const struct fuzz_device_state *state)
{
	uint8_t at = 0, header[2] = { 0 };
	unsigned int i;

	if (pread(state->vfio.fd, &at, 1, (off_t)(state->config + PCI_CAPABILITY_LIST)) != 1)
		return 0;
	for (i = 0; at && i < 48; i++) {
		if (pread(state->vfio.fd, header, 2, (off_t)(state->config + at)) != 2)
			return 0;
		if (header[0] == PCI_CAP_ID_PM)
			return at;
		at = header[1];
	}
	return 0;
}

static int do_power(struct fuzz_run *run, const uint64_t *args)
{
	struct fuzz_device_state *state = &run->devices[args[0]];
	uint64_t at;

	if (!device_usable(run, args[0]))
		return -EBADF;
	at = power_capability(state);
	if (!at)
		return -ENODEV;
	state->away = true;
	return config_write16(state, at + PCI_PM_CTRL, PCI_PM_CTRL_STATE_MASK,
			      args[1] & PCI_PM_CTRL_STATE_MASK);
}

static int do_low_power(struct fuzz_run *run, const uint64_t *args)
{
	struct vfio_device_feature request = {
		.argsz = sizeof(request),
		.flags = VFIO_DEVICE_FEATURE_SET |
			 (args[1] ? VFIO_DEVICE_FEATURE_LOW_POWER_ENTRY :
				    VFIO_DEVICE_FEATURE_LOW_POWER_EXIT),
	};

	if (!device_usable(run, args[0]))
		return -EBADF;
	run->devices[args[0]].away = true;
	return ioctl(run->devices[args[0]].vfio.fd, VFIO_DEVICE_FEATURE, &request) ? -errno : 0;
}

static int do_reset(struct fuzz_run *run, const uint64_t *args)
{
	if (!device_usable(run, args[0]))
		return -EBADF;
	return ioctl(run->devices[args[0]].vfio.fd, VFIO_DEVICE_RESET) ? -errno : 0;
}

static int do_hot_reset(struct fuzz_run *run, const uint64_t *args)
{
	struct {
		struct vfio_pci_hot_reset head;
		int32_t group_fd;
	} reset = {
		.head = { .argsz = sizeof(reset), .count = 1 },
	};

	if (!device_usable(run, args[0]))
		return -EBADF;
	reset.group_fd = run->devices[args[0]].vfio.group_fd;
	return ioctl(run->devices[args[0]].vfio.fd, VFIO_DEVICE_PCI_HOT_RESET, &reset) ? -errno : 0;
}

/* ---- the emulated device ---- */

static int do_pin(struct fuzz_run *run, const uint64_t *args)
{
	struct barmap_probe_pin pin = {
		.iova = args[0],
		.pages = (uint32_t)args[1],
		.writable = args[2] & 1,
	};
	int ret;

	if (!run->devices[FUZZ_EMULATED].open)
		return -EBADF;
	ret = ioctl(run->devices[FUZZ_EMULATED].vfio.fd, BARMAP_PROBE_PIN, &pin);
	if (ret < 0)
		return -errno;
	fuzz_extra(run, " n=%d word=%llx", ret, (unsigned long long)pin.word);
	return 0;
}

static int do_unpin(struct fuzz_run *run, const uint64_t *args)
{
	struct barmap_probe_pin pin = { .iova = args[0], .pages = (uint32_t)args[1] };

	if (!run->devices[FUZZ_EMULATED].open)
		return -EBADF;
	return ioctl(run->devices[FUZZ_EMULATED].vfio.fd, BARMAP_PROBE_UNPIN, &pin) ? -errno : 0;
}

static int do_word(struct fuzz_run *run, const uint64_t *args)
{
	struct barmap_probe_word word = {
		.iova = args[0],
		.word = UINT64_C(0x3031323334353637) + args[0],
		.write = args[1] & 1,
	};

	if (!run->devices[FUZZ_EMULATED].open)
		return -EBADF;
	if (ioctl(run->devices[FUZZ_EMULATED].vfio.fd, BARMAP_PROBE_WORD, &word))
		return -errno;
	fuzz_extra(run, " word=%llx", (unsigned long long)word.word);
	return 0;
}

/* ---- limits and parameters ---- */

/* No more than so many pages may be locked, and the process may not exceed that. */
static int do_limit(struct fuzz_run *run, const uint64_t *args)
{
	const struct rlimit limit = { args[0] * FUZZ_PAGE, args[0] * FUZZ_PAGE };
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2];

	(void)run;
	if (setrlimit(RLIMIT_MEMLOCK, &limit) || syscall(SYS_capget, &header, data))
		return -errno;
	data[0].effective &= ~(1u << CAP_IPC_LOCK);
	return syscall(SYS_capset, &header, data) ? -errno : 0;
}

/* A kernel that lacks the parameter goes without: what it does must be the same. */
static int parameter_write(const char *path, uint64_t value)
{
	char text[24];
	int ret;

	snprintf(text, sizeof(text), "%" PRIu64, value);
	ret = file_write(path, text);
	return ret == -ENOENT ? 0 : ret;
}

static int do_entries(struct fuzz_run *run, const uint64_t *args)
{
	(void)run;
	return parameter_write(PARAMETERS "dma_entry_limit", args[0]);
}

static int do_separate(struct fuzz_run *run, const uint64_t *args)
{
	(void)run;
	return parameter_write(PARAMETERS "separate_domains", args[0] & 1);
}

static int do_small(struct fuzz_run *run, const uint64_t *args)
{
	(void)run;
	return parameter_write(PARAMETERS "disable_hugepages", args[0] & 1);
}

int fuzz_vfio_call(struct fuzz_run *run, const struct fuzz_call *call)
{
	static int (*const functions[FUZZ_OPS])(struct fuzz_run *run, const uint64_t *args) = {
		[FUZZ_OPEN] = do_open,
		[FUZZ_CLOSE] = do_close,
		[FUZZ_JOIN] = do_join,
		[FUZZ_LEAVE] = do_leave,
		[FUZZ_CONTAINER_CLOSE] = do_container_close,
		[FUZZ_MMAP] = fuzz_mmap,
		[FUZZ_MUNMAP] = fuzz_munmap,
		[FUZZ_MPROTECT] = fuzz_mprotect,
		[FUZZ_MREMAP] = fuzz_mremap,
		[FUZZ_READ] = fuzz_read,
		[FUZZ_WRITE] = fuzz_write,
		[FUZZ_MAP] = do_map,
		[FUZZ_UNMAP] = do_unmap,
		[FUZZ_DIRTY] = do_dirty,
		[FUZZ_INFO] = do_info,
		[FUZZ_TABLE] = do_table,
		[FUZZ_DECODE] = do_decode,
		[FUZZ_POWER] = do_power,
		[FUZZ_LOW_POWER] = do_low_power,
		[FUZZ_RESET] = do_reset,
		[FUZZ_HOT_RESET] = do_hot_reset,
		[FUZZ_PIN] = do_pin,
		[FUZZ_UNPIN] = do_unpin,
		[FUZZ_WORD] = do_word,
		[FUZZ_LIMIT] = do_limit,
		[FUZZ_ENTRIES] = do_entries,
		[FUZZ_SEPARATE] = do_separate,
		[FUZZ_SMALL] = do_small,
	};

	return functions[call->op](run, call->args);
}
