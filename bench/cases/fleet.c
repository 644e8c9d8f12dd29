// SPDX-License-Identifier: GPL-2.0-or-later
#include "cases/fleet.h"

#include <string.h>

#include "lib/size.h"

int fleet_place(const struct case_context *context, unsigned int index,
		struct case_target *target)
{
	uint64_t stride = context->size_bytes > SZ_1G ? context->size_bytes : SZ_1G;
	char size[SIZE_TEXT_BYTES];

	*target = *context->target;
	/* the last 1G is to start off a boundary, and for the spare page */
	if ((index + 1) * stride + SZ_1G > target->iova_bytes)
		return case_skip(context, "the IOMMU has no room for %u mappings of %s side by side",
				 index + 1, size_format(context->size_bytes, size));
	target->iova += index * stride;
	target->iova_bytes -= index * stride;
	return 0;
}

int fleet_device_open(const struct case_context *context, size_t index,
		      struct backend_session *session, struct vfio_device *device)
{
	const char *address;
	struct error error;
	int ret;

	if (index >= context->target->more_count)
		return case_skip(context, "needs %zu devices; --device named %zu", index + 2,
				 context->target->more_count + 1);
	address = context->target->more[index].address;
	if (session)
		ret = session->backend->device_open(session, device, address, &error);
	else
		ret = vfio_group_open(device, address, &error);
	if (ret && error.outcome != OUTCOME_BROKEN)
		return case_skip(context, "%s", error.text);
	return ret;
}

static int member_session(const struct case_context *context, struct fleet_member *member)
{
	struct error error;
	int ret;

	member->session.backend = context->target->session->backend;
	ret = member->session.backend->open(&member->session, &error);
	if (ret)
		return case_skip(context, "%s", error.text);
	member->own_session = true;
	member->target.session = &member->session;
	return 0;
}

static int member_device(const struct case_context *context, struct fleet_member *member,
			 size_t index)
{
	char size[SIZE_TEXT_BYTES], least[SIZE_TEXT_BYTES];
	struct error error;
	int ret;

	ret = fleet_device_open(context, index, member->target.session, &member->device);
	if (ret)
		return ret;
	member->own_device = true;
	member->target.device = &member->device;
	if (bar_choose(&member->device, BAR_ANY, &member->target.bar, &error))
		return case_skip(context, "%s", error.text);
	if (member->target.bar.mmap_bytes < context->size_bytes)
		return case_skip(context, "device '%s': only %s of its BAR can be mapped, not %s",
				 member->device.pci.address,
				 size_format(member->target.bar.mmap_bytes, size),
				 size_format(context->size_bytes, least));
	return 0;
}

static int member_map(const struct case_context *context, struct fleet_member *member)
{
	struct case_context own = *context;
	int ret;

	own.target = &member->target;
	ret = mapping_bar_init(&member->mapping, &own);
	member->mapped = !ret;
	/* what the first device can do, the others may not */
	if (ret && member->own_device)
		return case_skip(context, "device '%s': its BAR cannot be mapped: %s",
				 member->device.pci.address, strerror(-ret));
	return ret;
}

static int member_open(struct fleet *fleet, const struct case_context *context, unsigned int index)
{
	const struct case_axes *axes = &context->bench_case->axes;
	struct fleet_member *member = &fleet->members[index];
	int ret;

	ret = fleet_place(context, index, &member->target);
	if (!ret && index && axes->containers > 1)
		ret = member_session(context, member);
	if (!ret && index && axes->devices > 1)
		ret = member_device(context, member, index - 1);
	return ret ? ret : member_map(context, member);
}

int fleet_open(struct fleet *fleet, const struct case_context *context)
{
	unsigned int i;
	int ret = 0;

	memset(fleet, 0, sizeof(*fleet));
	fleet->count = case_mappings(&context->bench_case->axes);
	for (i = 0; i < fleet->count && !ret; i++)
		ret = member_open(fleet, context, i);
	if (ret)
		fleet_close(fleet);
	return ret;
}

void fleet_close(struct fleet *fleet)
{
	struct fleet_member *member;

	for (member = fleet->members; member < fleet->members + fleet->count; member++) {
		if (member->mapped)
			mapping_release(&member->mapping);
		if (member->own_device)
			vfio_device_close(&member->device);
		if (member->own_session)
			member->session.backend->close(&member->session);
	}
}
