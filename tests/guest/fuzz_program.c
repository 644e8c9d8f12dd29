// SPDX-License-Identifier: GPL-2.0-or-later
/* Programs as text. */
#include "fuzz.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <linux/vfio.h>

#define ARG(title, kind)	{ title, FUZZ_T_##kind }

const struct fuzz_op_info fuzz_ops[FUZZ_OPS] = {
	[FUZZ_OPEN] = { "open", { ARG("device", DEVICE), ARG("container", CONTAINER) } },
	[FUZZ_CLOSE] = { "close", { ARG("device", DEVICE) } },
	[FUZZ_JOIN] = { "join", { ARG("device", DEVICE), ARG("container", CONTAINER) } },
	[FUZZ_LEAVE] = { "leave", { ARG("device", DEVICE) } },
	[FUZZ_CONTAINER_CLOSE] = { "container-close", { ARG("container", CONTAINER) } },
	[FUZZ_MMAP] = { "mmap", { ARG("what", KIND), ARG("at", AT), ARG("pages", PAGES),
				  ARG("from page", NUMBER), ARG("prot", PROT) } },
	[FUZZ_MUNMAP] = { "munmap", { ARG("at", AT), ARG("pages", PAGES) } },
	[FUZZ_MPROTECT] = { "mprotect", { ARG("at", AT), ARG("pages", PAGES),
					  ARG("prot", PROT) } },
	[FUZZ_MREMAP] = { "mremap", { ARG("at", AT), ARG("pages", PAGES), ARG("to", AT) } },
	[FUZZ_READ] = { "read", { ARG("at", AT), ARG("pages", PAGES) } },
	[FUZZ_WRITE] = { "write", { ARG("at", AT), ARG("pages", PAGES) } },
	[FUZZ_MAP] = { "map", { ARG("container", CONTAINER), ARG("iova", IOVA),
				ARG("vaddr", VADDR), ARG("size", BYTES), ARG("flags", FLAGS) } },
	[FUZZ_UNMAP] = { "unmap", { ARG("container", CONTAINER), ARG("iova", IOVA),
				    ARG("size", BYTES), ARG("flags", FLAGS) } },
	[FUZZ_DIRTY] = { "dirty", { ARG("container", CONTAINER), ARG("what", NUMBER),
				    ARG("iova", IOVA), ARG("size", BYTES) } },
	[FUZZ_INFO] = { "info", { ARG("container", CONTAINER) } },
	[FUZZ_TABLE] = { "table", { ARG("container", CONTAINER) } },
	[FUZZ_DECODE] = { "decode", { ARG("device", DEVICE), ARG("on", NUMBER) } },
	[FUZZ_POWER] = { "power", { ARG("device", DEVICE), ARG("state", NUMBER) } },
	[FUZZ_LOW_POWER] = { "low-power", { ARG("device", DEVICE), ARG("enter", NUMBER) } },
	[FUZZ_RESET] = { "reset", { ARG("device", DEVICE) } },
	[FUZZ_HOT_RESET] = { "hot-reset", { ARG("device", DEVICE) } },
	[FUZZ_PIN] = { "pin", { ARG("iova", IOVA), ARG("pages", PAGES),
				ARG("writable", NUMBER) } },
	[FUZZ_UNPIN] = { "unpin", { ARG("iova", IOVA), ARG("pages", PAGES) } },
	[FUZZ_WORD] = { "word", { ARG("iova", IOVA), ARG("write", NUMBER) } },
	[FUZZ_LIMIT] = { "memlock-limit", { ARG("pages", NUMBER) } },
	[FUZZ_ENTRIES] = { "dma_entry_limit", { ARG("value", NUMBER) } },
	[FUZZ_SEPARATE] = { "separate_domains", { ARG("value", NUMBER) } },
	[FUZZ_SMALL] = { "disable_hugepages", { ARG("value", NUMBER) } },
};

const char *const fuzz_kind_names[FUZZ_KINDS] = {
	"none", "ram", "ram-untouched", "ram-shared", "hugetlb", "thp", "sysfs", "sysfs-private",
	"bar-a", "bar-b", "bar-nvme", "bar-msix",
};

const char *const fuzz_device_names[FUZZ_DEVICES] = { "a", "b", "edu", "nvme", "emulated" };

unsigned int fuzz_op_args(enum fuzz_op op)
{
	unsigned int count = 0;

	while (count < FUZZ_ARGS_MAX && fuzz_ops[op].args[count].type != FUZZ_T_NONE)
		count++;
	return count;
}

/* A line that grows. */
static void add(char line[FUZZ_LINE_BYTES], const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void add(char line[FUZZ_LINE_BYTES], const char *format, ...)
{
	size_t used = strlen(line);
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(line + used, FUZZ_LINE_BYTES - used, format, arguments);
	va_end(arguments);
}

void fuzz_call_format(const struct fuzz_call *call, char line[FUZZ_LINE_BYTES])
{
	unsigned int i;

	line[0] = '\0';
	add(line, "%s", fuzz_ops[call->op].name);
	for (i = 0; i < fuzz_op_args(call->op); i++)
		add(line, " %#" PRIx64, call->args[i]);
}

static int op_find(const char *name, size_t length, enum fuzz_op *op)
{
	unsigned int i;

	for (i = 0; i < FUZZ_OPS; i++) {
		if (strlen(fuzz_ops[i].name) == length &&
		    !strncmp(fuzz_ops[i].name, name, length)) {
			*op = (enum fuzz_op)i;
			return 0;
		}
	}
	return -EINVAL;
}

/* An argument that is an index must be one. */
static bool arg_valid(enum fuzz_type type, uint64_t value)
{
	switch (type) {
	case FUZZ_T_DEVICE:
		return value < FUZZ_DEVICES;
	case FUZZ_T_CONTAINER:
		return value < FUZZ_CONTAINERS;
	case FUZZ_T_KIND:
		return value < FUZZ_KINDS;
	case FUZZ_T_AT:
	case FUZZ_T_PAGES:
		return value <= FUZZ_ARENA_PAGES;
	default:
		return true;
	}
}

int fuzz_call_parse(const char *line, struct fuzz_call *call)
{
	size_t length = strcspn(line, " ");
	unsigned int i;
	char *end;

	memset(call, 0, sizeof(*call));
	if (op_find(line, length, &call->op))
		return -EINVAL;
	line += length;
	for (i = 0; i < fuzz_op_args(call->op); i++) {
		errno = 0;
		call->args[i] = strtoull(line, &end, 0);
		if (end == line || errno || !arg_valid(fuzz_ops[call->op].args[i].type,
						       call->args[i]))
			return -EINVAL;
		line = end;
	}
	return line[strspn(line, " ")] ? -EINVAL : 0;
}

/* ---- for people ---- */

/* Powers of two, and what is near to one or to the top, are said so. */
static void number_list(char line[FUZZ_LINE_BYTES], uint64_t value)
{
	uint64_t power = UINT64_C(1) << 63;
	unsigned int bit = 63;

	if (value && -value < UINT64_C(1) << 47) {
		add(line, "2^64 - %#" PRIx64, -value);
		return;
	}
	for (; bit > 38; bit--, power >>= 1) {
		if (value == power)
			add(line, "2^%u", bit);
		else if (value > power && value - power < UINT64_C(1) << 24)
			add(line, "2^%u + %#" PRIx64, bit, value - power);
		else if (value < power && power - value < UINT64_C(1) << 24)
			add(line, "2^%u - %#" PRIx64, bit, power - value);
		else
			continue;
		return;
	}
	add(line, "%#" PRIx64, value);
}

static void vaddr_list(char line[FUZZ_LINE_BYTES], uint64_t value)
{
	if (value >= FUZZ_ARENA && value - FUZZ_ARENA <= FUZZ_ARENA_PAGES * FUZZ_PAGE)
		add(line, "arena + %#" PRIx64, value - FUZZ_ARENA);
	else
		number_list(line, value);
}

static void prot_list(char line[FUZZ_LINE_BYTES], uint64_t value)
{
	static const char *const names[] = { "PROT_NONE", "PROT_READ", "PROT_WRITE", "READ|WRITE" };

	add(line, "%s", names[value & 3]);
}

static void map_flags_list(char line[FUZZ_LINE_BYTES], uint64_t value)
{
	uint64_t rest = value & ~(uint64_t)(VFIO_DMA_MAP_FLAG_READ | VFIO_DMA_MAP_FLAG_WRITE |
					    VFIO_DMA_MAP_FLAG_VADDR | FUZZ_MAP_BY_CHILD);

	add(line, "%s%s%s%s", value & VFIO_DMA_MAP_FLAG_READ ? "READ" : "",
	    (value & 3) == 3 ? "|" : "", value & VFIO_DMA_MAP_FLAG_WRITE ? "WRITE" : "",
	    value & 3 ? "" : "0");
	if (value & VFIO_DMA_MAP_FLAG_VADDR)
		add(line, "|VADDR");
	if (rest)
		add(line, "|%#" PRIx64, rest);
	if (value & FUZZ_MAP_BY_CHILD)
		add(line, " in a child");
}

static void unmap_flags_list(char line[FUZZ_LINE_BYTES], uint64_t value)
{
	static const char *const names[] = { "GET_DIRTY_BITMAP", "ALL", "VADDR" };
	unsigned int i;
	bool any = false;

	for (i = 0; i < 3; i++) {
		if (!(value >> i & 1))
			continue;
		add(line, "%s%s", any ? "|" : "", names[i]);
		any = true;
	}
	if (value >> 3 || !any)
		add(line, "%s%#" PRIx64, any ? "|" : "", value & ~UINT64_C(7));
}

static void arg_list(char line[FUZZ_LINE_BYTES], const struct fuzz_call *call, unsigned int i)
{
	uint64_t value = call->args[i];

	switch (fuzz_ops[call->op].args[i].type) {
	case FUZZ_T_DEVICE:
		add(line, "%s", fuzz_device_names[value]);
		break;
	case FUZZ_T_KIND:
		add(line, "%s", fuzz_kind_names[value]);
		break;
	case FUZZ_T_AT:
		add(line, "arena + %#" PRIx64, value * FUZZ_PAGE);
		break;
	case FUZZ_T_PAGES:
		add(line, "%" PRIu64 " pages", value);
		break;
	case FUZZ_T_PROT:
		prot_list(line, value);
		break;
	case FUZZ_T_VADDR:
		add(line, "vaddr = ");
		vaddr_list(line, value);
		break;
	case FUZZ_T_IOVA:
		add(line, "iova = ");
		number_list(line, value);
		break;
	case FUZZ_T_BYTES:
		add(line, "size = ");
		number_list(line, value);
		break;
	case FUZZ_T_FLAGS:
		if (call->op == FUZZ_MAP)
			map_flags_list(line, value);
		else
			unmap_flags_list(line, value);
		break;
	default:
		add(line, "%s %" PRIu64, fuzz_ops[call->op].args[i].name, value);
	}
}

void fuzz_call_list(const struct fuzz_call *call, char line[FUZZ_LINE_BYTES])
{
	unsigned int i;

	line[0] = '\0';
	add(line, "%s(", fuzz_ops[call->op].name);
	for (i = 0; i < fuzz_op_args(call->op); i++) {
		if (i)
			add(line, ", ");
		arg_list(line, call, i);
	}
	add(line, ");");
}
