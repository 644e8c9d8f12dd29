// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/model/mode.h"

#include <stdio.h>
#include <string.h>

#include "lib/array.h"
#include "lib/text.h"

static const struct mode modes[] = {
	{ "icount", "Emulated, no hardware: instructions counted under QEMU TCG icount.",
	  "guest instructions, counted under emulation (QEMU TCG icount), repeatable",
	  "caches, TLB misses, DRAM, IOTLB flush latency, parallelism",
	  "guest instructions (icount), emulated" },
	{ "kvm", "Virtual machine, no bare hardware: time in a KVM guest.",
	  "nanoseconds in a virtual machine (KVM)",
	  "what the host does meanwhile; the IOMMU is the emulated one", "ns in a KVM guest" },
	{ "tcg", "Emulated, no hardware: time of QEMU TCG, which is no evidence.",
	  "nanoseconds of emulation (QEMU TCG): shows that it runs, proves no cost",
	  "anything about hardware", "ns of emulation (TCG), no evidence of cost" },
	{ "metal", "Hardware.", "nanoseconds on hardware", "other machines", "ns on hardware" },
};

const struct mode *mode_find(const char *name)
{
	size_t i = 0;

	while (i < ARRAY_SIZE(modes) - 1 && strcmp(modes[i].name, name))
		i++;
	return &modes[i];
}

/* The release, and the name where it says more. Returns the length. */
static int kernel_title(const struct set_kernel *kernel, char *text, size_t room)
{
	int release = text_cut(kernel->release, 24);

	if (!strcmp(kernel->name, kernel->release))
		return snprintf(text, room, "%.*s", release, kernel->release);
	return snprintf(text, room, "%.*s (%.*s)", release, kernel->release,
			text_cut(kernel->name, 16), kernel->name);
}

char *mode_title(const struct set *set, char text[MODE_TITLE_BYTES])
{
	const struct record_env *env = &set->records[0].env;
	size_t i, used = 0;

	/* 24 and 16 characters of 4 bytes: two kernels fit */
	for (i = 0; i < set->kernels_count && i < 2; i++) {
		used += snprintf(text + used, MODE_TITLE_BYTES - used, i ? ", " : "Linux ");
		used += kernel_title(&set->kernels[i], text + used, MODE_TITLE_BYTES - used);
	}
	if (used < MODE_TITLE_BYTES)
		snprintf(text + used, MODE_TITLE_BYTES - used, "%s | IOMMU %.10s | %s",
			 i < set->kernels_count ? ", ..." : "", env->iommu_model,
			 mode_find(env->mode)->title);
	return text;
}
