// SPDX-License-Identifier: GPL-2.0-or-later
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>

#include "cases/registry.h"
#include "command/command.h"
#include "harness/plan.h"
#include "lib/backend.h"
#include "lib/pci.h"
#include "lib/size.h"
#include "lib/variant.h"
#include "lib/options.h"

/* What the user asked for. */
struct list_options {
	const char *device;
};

static const struct option_row list_rows[] = {
	OPTION_ROW("device", "ADDR", OPTION_TEXT, list_options, device,
		   "Describe the PCI device at ADDR as well"),
	OPTION_END,
};

static const struct options list_options = {
	.name = "barmap list",
	.summary = "List what can be measured: the variants of this kernel, cases and profiles.",
	.rows = list_rows,
};

/* What a user without patches meets, and what helps: for @bytes of a BAR. */
static void print_today(const struct variant_set *set, uint64_t bytes)
{
	const char *name = set->names[set->initial];
	const struct lookup *lookup;
	char size[SIZE_TEXT_BYTES];
	struct utsname kernel;

	uname(&kernel);
	lookup = strcmp(name, LOOKUP_STOCK) ? lookup_find(name) : lookup_of_release(kernel.release);
	if (!lookup)
		return;
	size_format(bytes, size);
	printf("this kernel, Linux %s, with %s:\n", kernel.release, name);
	if (lookup->stride == LOOKUP_PAGE)
		printf("  map    slow: %" PRIu64 " lookups for %s, at any address; from Linux 6.15 on\n"
		       "         the alignment of the address helps\n", bytes / SZ_4K, size);
	else if (lookup->stride == LOOKUP_LEAF)
		printf("  map    %s takes %" PRIu64 " lookups if its virtual address is a multiple of 1G,\n"
		       "         slow else: %" PRIu64 " at a multiple of 2M, %" PRIu64 " at another,\n"
		       "         which plain mmap() may give; align it to 1G, as QEMU does from 9.2 on\n",
		       size, (bytes + SZ_1G - 1) / SZ_1G, (bytes + SZ_2M - 1) / SZ_2M, bytes / SZ_4K);
	else
		printf("  map    quick at any address\n");
	if (!set->selectable)
		printf("  unmap  slow: asks for each of %" PRIu64 " pages, whatever the address\n",
		       bytes / SZ_4K);
}

/* The largest BAR of @device; 4 GiB when there is no device. */
static uint64_t largest_bar(const struct pci_device *device)
{
	uint64_t bytes = 0;
	size_t bar;

	for (bar = 0; device && bar < PCI_BARS; bar++)
		if (device->bar_bytes[bar] > bytes)
			bytes = device->bar_bytes[bar];
	return bytes ? bytes : SZ_4G;
}

static int print_variants(const struct pci_device *device, struct error *error)
{
	struct backend_absence absence;
	struct variant_set set;
	size_t i;
	int ret;

	ret = backend_variants_read(&set, device ? device->address : NULL, &absence, error);
	if (ret)
		return ret;
	printf("variants:\n");
	for (i = 0; i < set.count; i++)
		printf("  %s%s\n", set.names[i], i == set.initial ? " (selected)" : "");
	for (i = 1; backends[i]; i++)
		if (absence.errors[i].text[0])
			printf("  %s is not there: %s\n", backends[i]->variant,
			       absence.errors[i].text);
	print_today(&set, largest_bar(device));
	return 0;
}

static void print_bounds(const struct bench_case *bench_case)
{
	char least[SIZE_TEXT_BYTES], most[SIZE_TEXT_BYTES];

	if (bench_case->most_bytes)
		printf("; %s to %s", size_format(bench_case->least_bytes, least),
		       size_format(bench_case->most_bytes, most));
	else if (bench_case->least_bytes)
		printf("; %s and more", size_format(bench_case->least_bytes, least));
}

static void print_cases(void)
{
	const struct bench_case *cases[PLAN_CASES_MAX];
	size_t count = cases_list(cases, PLAN_CASES_MAX), i;

	printf("cases:\n");
	for (i = 0; i < count; i++) {
		printf("  %-20s %s", cases[i]->name, cases[i]->summary);
		print_bounds(cases[i]);
		printf("\n");
	}
}

static void print_profile(const struct plan_profile *profile)
{
	const struct plan_part *part = profile->parts;
	size_t i;

	printf("  %-20s %s\n", profile->name, profile->summary);
	for (; part < profile->parts + PLAN_PARTS_MAX && part->cases; part++)
		printf("    %-18s %s\n", part->sizes, part->cases);
	if (!profile->few_above)
		return;
	printf("    above %-12s only variants", profile->few_above);
	for (i = 0; i < lookups_count; i++)
		if (lookups[i].few)
			printf(" %s", lookups[i].name);
	putchar('\n');
}

static void print_profiles(void)
{
	size_t i;

	printf("profiles:\n");
	for (i = 0; i < plan_profiles_count; i++)
		print_profile(&plan_profiles[i]);
}

static void print_device(const struct pci_device *device)
{
	char size[SIZE_TEXT_BYTES];
	unsigned int bar;

	printf("device %s:\n", device->address);
	printf("  id      %04x:%04x\n", device->vendor, device->device);
	printf("  driver  %s\n", device->driver[0] ? device->driver : "none");
	printf("  iommu   %s\n", device->iommu[0] ? pci_device_iommu_model(device) : "none");
	if (device->group >= 0)
		printf("  group   %d\n", device->group);
	else
		printf("  group   none\n");
	for (bar = 0; bar < PCI_BARS; bar++)
		if (device->bar_bytes[bar])
			printf("  BAR %u   %s\n", bar, size_format(device->bar_bytes[bar], size));
}

int cmd_list(int argc, char **argv, struct error *error)
{
	struct list_options options = { NULL };
	struct pci_device device;
	int ret;

	ret = options_parse(&list_options, argc, argv, &options, error);
	if (!ret && options.device)
		ret = pci_device_read(&device, options.device, error);
	if (!ret)
		ret = print_variants(options.device ? &device : NULL, error);
	if (ret)
		return ret;
	print_cases();
	print_profiles();
	if (options.device)
		print_device(&device);
	return 0;
}
