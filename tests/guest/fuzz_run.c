// SPDX-License-Identifier: GPL-2.0-or-later
/* One program, in its own process: its calls, and what is left of them at the end. */
#include "fuzz_guest.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "lib/procfile.h"

/* What was said of the state after the last call: only what changes is said again. */
struct said {
	uint64_t translations[FUZZ_CONTAINERS];
	uint64_t locked_bytes;
};

void fuzz_extra(struct fuzz_run *run, const char *format, ...)
{
	size_t used = strlen(run->extra);
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(run->extra + used, sizeof(run->extra) - used, format, arguments);
	va_end(arguments);
}

static uint64_t locked_bytes(void)
{
	uint64_t bytes = 0;

	procfile_field("/proc/self/status", "VmLck", &bytes);
	return bytes;
}

/*
 * What fuzz.differences lists differences by. P and M are of the memory that @call finds or finds
 * again: of its own mapping, or of all there were. NULL: the end.
 */
static void print_tags(const struct fuzz_run *run, const struct fuzz_call *call)
{
	const struct fuzz_container_state *container;
	bool no_permission = false, away = false;
	unsigned int i;

	if (call && call->op == FUZZ_MAP)
		fuzz_memory_tags(run, call->args[2], call->args[3], call->args[4], &no_permission,
				 &away);
	if (call && (call->op == FUZZ_OPEN || call->op == FUZZ_JOIN)) {
		container = &run->containers[call->args[1]];
		for (i = 0; i < container->maps_count; i++)
			fuzz_memory_tags(run, container->maps[i].vaddr, container->maps[i].bytes,
					 container->maps[i].flags, &no_permission, &away);
	}
	if (no_permission || away || run->outage || run->top)
		printf(" tags=%s%s%s%s", no_permission ? "P" : "", away ? "M" : "",
		       run->outage ? "O" : "", run->top ? "T" : "");
}

static void print_state(const struct fuzz_run *run, struct said *said)
{
	uint64_t locked = locked_bytes(), translations;
	unsigned int i;
	bool changed[FUZZ_CONTAINERS];

	for (i = 0; i < FUZZ_CONTAINERS; i++) {
		translations = fuzz_translations(run, i, false);
		changed[i] = translations != said->translations[i];
		if (changed[i])
			printf(" dma%u=%" PRIx64, i, translations);
		said->translations[i] = translations;
	}
	if (locked != said->locked_bytes)
		printf(" locked=%" PRIu64, locked / FUZZ_PAGE);
	said->locked_bytes = locked;
	putchar('\n');
	for (i = 0; run->verbose && i < FUZZ_CONTAINERS; i++) {
		if (changed[i])
			fuzz_translations(run, i, true);
	}
}

/* Calls after which the memory of a device may be another, or none. */
static bool call_is_outage(const struct fuzz_call *call)
{
	switch (call->op) {
	case FUZZ_CLOSE:
	case FUZZ_POWER:
	case FUZZ_LOW_POWER:
	case FUZZ_RESET:
	case FUZZ_HOT_RESET:
		return true;
	case FUZZ_DECODE:
		return !call->args[1];
	default:
		return false;
	}
}

/* Calls about a range of IOVAs that ends at 2^64. */
static bool call_is_top(const struct fuzz_call *call)
{
	switch (call->op) {
	case FUZZ_MAP:
		return call->args[3] && call->args[1] + call->args[3] == 0;
	case FUZZ_UNMAP:
		return call->args[2] && call->args[1] + call->args[2] == 0;
	case FUZZ_DIRTY:
		return call->args[3] && call->args[2] + call->args[3] == 0;
	default:
		return false;
	}
}

static void run_call(struct fuzz_run *run, unsigned int index, const struct fuzz_call *call,
		     struct said *said)
{
	int ret;

	run->outage = run->outage || call_is_outage(call);
	run->top = run->top || call_is_top(call);
	printf("%u %s", index, fuzz_ops[call->op].name);
	print_tags(run, call);
	/* Should the call never return, this is what is known of it. */
	fflush(stdout);
	run->extra[0] = '\0';
	ret = fuzz_vfio_call(run, call);
	printf(" -> %s%s", ret ? strerrorname_np(-ret) : "0", run->extra);
	print_state(run, said);
}

/* Unmap all there is, and see that nothing is left. */
static void run_end(struct fuzz_run *run)
{
	unsigned int i;

	printf("end");
	print_tags(run, NULL);
	printf(" ->");
	for (i = 0; i < FUZZ_CONTAINERS; i++) {
		struct vfio_iommu_type1_dma_unmap unmap = {
			.argsz = sizeof(unmap),
			.flags = VFIO_DMA_UNMAP_FLAG_ALL,
		};
		int ret;

		if (run->containers[i].fd < 0)
			continue;
		ret = ioctl(run->containers[i].fd, VFIO_IOMMU_UNMAP_DMA, &unmap) ? -errno : 0;
		printf(" all%u=%s,%#llx left%u=%" PRIx64 ",%" PRIx64, i,
		       ret ? strerrorname_np(-ret) : "0", (unsigned long long)unmap.size, i,
		       fuzz_translations(run, i, false), fuzz_table(run, i, false));
	}
	printf(" locked=%" PRIu64 "\n", locked_bytes() / FUZZ_PAGE);
}

void fuzz_run(const struct fuzz_machine *machine, const struct fuzz_program *program, bool verbose)
{
	static struct fuzz_run run;
	struct said said = { 0 };
	unsigned int i;

	run.machine = machine;
	run.verbose = verbose;
	for (i = 0; i < FUZZ_DEVICES; i++) {
		run.devices[i].container = -1;
		run.devices[i].vfio.pci = machine->pci[i];
	}
	for (i = 0; i < FUZZ_CONTAINERS; i++)
		run.containers[i].fd = -1;
	for (i = 0; i < program->count; i++)
		run_call(&run, i, &program->calls[i], &said);
	run_end(&run);
	fflush(stdout);
}
