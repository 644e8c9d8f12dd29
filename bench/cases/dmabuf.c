// SPDX-License-Identifier: GPL-2.0-or-later
/* What comes before the BAR is mapped as a dma-buf: the device gives it out as one. */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "cases/registry.h"
#include "harness/case.h"
#include "lib/iommufd.h"

struct dmabuf {
	const struct case_target *target;
	uint64_t size_bytes;
	int file;
};

static int dmabuf_setup(const struct case_context *context, void **data)
{
	struct dmabuf *dmabuf;

	dmabuf = malloc(sizeof(*dmabuf));
	if (!dmabuf)
		return -ENOMEM;
	*dmabuf = (struct dmabuf) {
		.target = context->target, .size_bytes = context->size_bytes,
	};
	*data = dmabuf;
	return 0;
}

static int dmabuf_export(void *data)
{
	struct dmabuf *dmabuf = data;

	dmabuf->file = iommufd_export(dmabuf->target->device, dmabuf->target->bar.number,
				      dmabuf->size_bytes);
	return dmabuf->file < 0 ? dmabuf->file : 0;
}

static int dmabuf_close(void *data)
{
	const struct dmabuf *dmabuf = data;

	return close(dmabuf->file) ? -errno : 0;
}

static const struct case_op dmabuf_ops[] = {
	{ .name = "export", .run = dmabuf_export },
	{ .name = "close", .run = dmabuf_close },
};

static const struct bench_case dmabuf_cases[] = {
	{
		.name = "dmabuf/export",
		.summary = "the BAR becomes a dma-buf, and is none again",
		.sized = true,
		.needs = BACKEND_EXPORT,
		.axes = { .tables = CASE_TABLES_NONE },
		.setup = dmabuf_setup,
		.ops = dmabuf_ops,
		.ops_count = sizeof(dmabuf_ops) / sizeof(dmabuf_ops[0]),
		.cleanup = free,
	},
};

const struct case_family case_family_dmabuf = {
	dmabuf_cases, sizeof(dmabuf_cases) / sizeof(dmabuf_cases[0]),
};
