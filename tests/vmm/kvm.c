// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A KVM of no kernel, for tests of scripts/machine.sh where there is no other: preloaded into QEMU, it
 * answers what QEMU asks until its machine is there. No guest runs on it: it is for machines that
 * are started with -S.
 */
#include <cpuid.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/kvm.h>
#include <stdarg.h>
#include <stdbool.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#define VCPU_BYTES	12288
#define DESCRIPTORS	1024

/* KVM itself, its machine and its CPUs. */
static bool is_kvm[DESCRIPTORS];

int ioctl(int fd, unsigned long request, ...);
int open64(const char *path, int flags, ...);
int __open64_2(const char *path, int flags);

/* Its memory is what QEMU maps of a CPU. */
static int kvm_open(void)
{
	int fd = memfd_create("kvm", MFD_CLOEXEC);

	if (fd < 0 || fd >= DESCRIPTORS || ftruncate(fd, VCPU_BYTES))
		return -1;
	is_kvm[fd] = true;
	return fd;
}

static int capability(unsigned long number)
{
	switch (number) {
	case KVM_CAP_NR_MEMSLOTS:
		return 32;
	case KVM_CAP_NR_VCPUS:
	case KVM_CAP_MAX_VCPUS:
	case KVM_CAP_MAX_VCPU_ID:
		return 8;
	case KVM_CAP_IRQ_ROUTING:
		return 4096;
	/* Then it knows none of the banks that QEMU wants, and QEMU warns of it. */
	case KVM_CAP_MCE:
		return 10;
	case KVM_CAP_SET_TSS_ADDR:
	case KVM_CAP_SET_IDENTITY_MAP_ADDR:
	case KVM_CAP_USER_MEMORY:
	case KVM_CAP_DESTROY_MEMORY_REGION_WORKS:
	case KVM_CAP_JOIN_MEMORY_REGIONS_WORKS:
	case KVM_CAP_READONLY_MEM:
	case KVM_CAP_EXT_CPUID:
	case KVM_CAP_MP_STATE:
	case KVM_CAP_VCPU_EVENTS:
	case KVM_CAP_DEBUGREGS:
	case KVM_CAP_XSAVE:
	case KVM_CAP_XCRS:
	case KVM_CAP_IRQCHIP:
	case KVM_CAP_IRQ_INJECT_STATUS:
	case KVM_CAP_IRQFD:
	case KVM_CAP_IOEVENTFD:
	case KVM_CAP_SIGNAL_MSI:
	case KVM_CAP_PIT2:
	case KVM_CAP_PIT_STATE2:
	case KVM_CAP_ADJUST_CLOCK:
	case KVM_CAP_INTERNAL_ERROR_DATA:
	case KVM_CAP_ENABLE_CAP_VM:
	case KVM_CAP_SPLIT_IRQCHIP:
	case KVM_CAP_X2APIC_API:
	case KVM_CAP_IMMEDIATE_EXIT:
		return 1;
	default:
		return 0;
	}
}

/* Those that have more than one sheet; four of each are enough to start. */
static unsigned int leaf_sheets(unsigned int leaf)
{
	return leaf == 0x4 || leaf == 0x7 || leaf == 0xd ? 4 : 1;
}

/* Adds one range of this CPU's leaves; false where there is no room. */
static bool leaves_add(struct kvm_cpuid2 *cpuid, unsigned int limit, unsigned int first)
{
	unsigned int last, leaf, sheet, ebx, ecx, edx;

	__cpuid(first, last, ebx, ecx, edx);
	for (leaf = first; leaf <= last; leaf++)
		for (sheet = 0; sheet < leaf_sheets(leaf); sheet++) {
			struct kvm_cpuid_entry2 *entry = &cpuid->entries[cpuid->nent];

			if (cpuid->nent == limit)
				return false;
			memset(entry, 0, sizeof(*entry));
			entry->function = leaf;
			entry->index = sheet;
			__cpuid_count(leaf, sheet, entry->eax, entry->ebx, entry->ecx, entry->edx);
			cpuid->nent++;
		}
	return true;
}

static int cpuid_fill(struct kvm_cpuid2 *cpuid)
{
	unsigned int limit = cpuid->nent;

	cpuid->nent = 0;
	if (leaves_add(cpuid, limit, 0) && leaves_add(cpuid, limit, 0x80000000))
		return 0;
	errno = E2BIG;
	return -1;
}

static int kvm_ioctl(unsigned int request, void *argument)
{
	switch (request) {
	case KVM_GET_API_VERSION:
		return KVM_API_VERSION;
	case KVM_CHECK_EXTENSION:
		return capability((unsigned long)argument);
	case KVM_CREATE_VM:
	case KVM_CREATE_VCPU:
		return kvm_open();
	case KVM_GET_VCPU_MMAP_SIZE:
		return VCPU_BYTES;
	case KVM_GET_SUPPORTED_CPUID:
		return cpuid_fill(argument);
	case KVM_GET_MSRS:
	case KVM_SET_MSRS:
		return (int)((struct kvm_msrs *)argument)->nmsrs;
	case KVM_RUN:
	case KVM_CREATE_DEVICE:
		errno = ENODEV;
		return -1;
	default:
		return 0;
	}
}

int ioctl(int fd, unsigned long request, ...)
{
	void *argument;
	va_list list;

	va_start(list, request);
	argument = va_arg(list, void *);
	va_end(list);
	if (fd >= 0 && fd < DESCRIPTORS && is_kvm[fd])
		return kvm_ioctl((unsigned int)request, argument);
	return (int)syscall(SYS_ioctl, fd, request, argument);
}

int open64(const char *path, int flags, ...)
{
	mode_t mode;
	va_list list;

	va_start(list, flags);
	mode = va_arg(list, mode_t);
	va_end(list);
	if (!strcmp(path, "/dev/kvm"))
		return kvm_open();
	return (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}

/* What the C library has of it where it checks its callers. */
int __open64_2(const char *path, int flags)
{
	return open64(path, flags, 0);
}
