// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "cases/registry.h"
#include "command/command.h"
#include "command/dry_run.h"
#include "harness/environment.h"
#include "lib/interrupt.h"
#include "harness/loop.h"
#include "harness/plan.h"
#include "harness/record_write.h"
#include "harness/sampling.h"
#include "lib/iova.h"
#include "lib/size.h"
#include "lib/options.h"
#include "command/run_options.h"

/* Parameters go back to what they were, whatever happens; a signal handler needs to find them. */
static struct variant_set run_variants;

static struct parameter run_domains;

static void run_parameters_restore(void)
{
	variant_restore(&run_variants);
	parameter_restore(&run_domains);
}

/* What a run holds open. */
struct run {
	const struct run_options *options;
	struct clock_source clock;
	struct counters counters;
	struct plan plan;
	struct backend_absence absence;
	struct backend_session sessions[BACKENDS_MAX];	/* as backends[] */
	struct vfio_device device;
	struct pci_device more[CASE_DEVICES_MAX];
	struct iommu_info iommu;
	struct case_target target;
	struct outfile file;
	struct environment environment;
	struct sample_set samples;
};

static int run_plan(struct run *run, struct error *error)
{
	const struct bench_case *cases[PLAN_CASES_MAX];
	size_t count = cases_list(cases, PLAN_CASES_MAX);

	return plan_init(&run->plan, &run->options->plan, cases, count, &run_variants,
			 (uint64_t)sysconf(_SC_PAGESIZE), error);
}

static void clip_note(const struct run *run)
{
	char size[SIZE_TEXT_BYTES];

	fprintf(stderr, "barmap: note: profile %s goes beyond BAR %d of %s: it ends at %s here\n",
		run->plan.profile, run->target.bar.number, run->device.pci.address,
		size_format(plan_largest_size(&run->plan), size));
}

/* Only for cases that were asked for: who takes a profile gets the profile. */
static void left_out_note(const struct run *run)
{
	size_t variants[VARIANTS_MAX], i;

	for (i = 0; i < run->plan.left_out_count && run->options->plan.cases; i++)
		fprintf(stderr, "barmap: note: case %s: left out, as it has no %s here\n",
			run->plan.left_out[i]->name,
			plan_variants(&run->plan, run->plan.left_out[i], 0, variants) ? "size" :
			"variant");
}

/* As many mappings side by side as cases ask for; fewer if there is not so much room. */
static int run_iova(struct run *run)
{
	uint64_t mappings = plan_mappings(&run->plan), stride = plan_largest_size(&run->plan);
	int ret;

	if (stride < SZ_1G)
		stride = SZ_1G;
	do {
		/* and room to start off a 1G boundary */
		run->target.iova_bytes = mappings * stride + SZ_1G;
		ret = iova_choose(&run->iommu, run->target.iova_bytes, &run->target.iova);
	} while (ret && --mappings);
	return ret;
}

/* One IOMMU, whatever opens it: iommufd does not tell the sizes of its pages. */
static int run_iommu(struct run *run)
{
	uint64_t page_sizes = run->iommu.page_sizes;
	int ret = run->target.session->backend->info(run->target.session, &run->iommu);

	if (!run->iommu.page_sizes)
		run->iommu.page_sizes = page_sizes;
	return ret;
}

static int run_target(struct run *run, struct error *error)
{
	bool clipped;
	int ret;

	ret = bar_choose(&run->device, run->options->bar, &run->target.bar, error);
	if (ret)
		return ret;
	ret = plan_fit(&run->plan, run->target.bar.mmap_bytes, &clipped, error);
	if (ret)
		return ret;
	if (clipped)
		clip_note(run);
	left_out_note(run);
	ret = run_iommu(run);
	if (ret)
		return error_set(error, OUTCOME_BROKEN, -ret, "device '%s': IOMMU info: %s",
				 run->device.pci.address, strerror(-ret));
	ret = run_iova(run);
	if (ret)
		return error_set(error, OUTCOME_CANNOT, -ret,
				 "device '%s': its IOMMU has no room for so large a mapping",
				 run->device.pci.address);
	/* not before, for the samples of a shard are to be those of the whole at the same addresses */
	ret = plan_shard(&run->plan, &run->options->shard, error);
	if (ret)
		return ret;
	run->target.device = &run->device;
	run->target.more = run->more;
	run->target.more_count = run->options->devices_count - 1;
	run->target.separate_domains = &run_domains;
	return 0;
}

static int run_write(struct run *run, int argc, char **argv, struct error *error)
{
	struct record_run record = {
		.kernel_name = run->options->kernel_name,
		.environment = &run->environment,
		.iommu = &run->iommu,
		.pci = &run->device.pci,
		.bar = &run->target.bar,
		.more = run->more,
		.more_count = run->target.more_count,
		.plan = &run->plan,
		.variants = &run_variants,
		.clock = &run->clock,
		.argc = argc,
		.argv = argv,
	};

	if (!record.kernel_name)
		record.kernel_name = run->environment.kernel_release;
	return record_write(&run->file, &record, &run->samples, error);
}

/* The sessions that work within that of the target. */
static int run_bar_open(struct run *run, struct error *error)
{
	struct backend_session *session;
	size_t i;
	int ret;

	run->target.session->beside = NULL;
	for (i = 0; backends[i]; i++) {
		session = &run->sessions[i];
		if (backends[i]->within != run->target.session->backend ||
		    !plan_has_backend(&run->plan, &run_variants, backends[i]))
			continue;
		session->backend = backends[i];
		ret = session->backend->bar_open(session, &run->device, &run->target.bar, error);
		if (ret)
			return ret;
		session->beside = run->target.session->beside;
		run->target.session->beside = session;
	}
	return 0;
}

static void run_bar_close(struct run *run)
{
	struct backend_session *session;

	for (session = run->target.session->beside; session; session = session->beside)
		session->backend->bar_close(session);
}

static int run_measure(struct run *run, struct error *error)
{
	struct plan part;
	int ret;

	ret = run_bar_open(run, error);
	if (ret)
		goto close_bar;
	if (!plan_part_init(&part, &run->plan, &run_variants, run->target.session->backend))
		goto close_bar;
	if (run->options->loop)
		ret = loop_run(&part, &run->target, &run_variants, error);
	else
		ret = sampling_run(&part, &run->target, &run_variants, &run->clock, &run->samples,
				   error);
close_bar:
	run_bar_close(run);
	return ret;
}

/* What the plan has of the backend @index and of those within it. */
static int run_backend(struct run *run, size_t index, struct error *error)
{
	struct backend_session *session = &run->sessions[index];
	int ret;

	session->backend = backends[index];
	ret = session->backend->open(session, error);
	if (ret)
		return ret;
	run->target.session = session;
	ret = session->backend->device_open(session, &run->device, run->options->devices[0], error);
	if (ret)
		goto close_session;
	ret = run_target(run, error);
	if (!ret)
		ret = run_measure(run, error);
	vfio_device_close(&run->device);
close_session:
	session->backend->close(session);
	return ret;
}

/* A device is open by one backend at a time, so these cannot take turns. */
static int run_backends(struct run *run, struct error *error)
{
	struct plan part;
	int ret = 0;
	size_t i;

	for (i = 0; backends[i] && !ret; i++)
		if (!backends[i]->within && plan_part_init(&part, &run->plan, &run_variants, backends[i]))
			ret = run_backend(run, i, error);
	return ret;
}

/* The cases that only an absent backend has. */
static void run_skip_absent(struct run *run)
{
	struct sample_skip *skip = run->samples.skips;
	const struct bench_case *bench_case;
	size_t i, j;

	for (i = 0; i < run->plan.left_out_count; i++)
		for (j = 1; backends[j]; j++) {
			bench_case = run->plan.left_out[i];
			if (!run->absence.errors[j].text[0] || bench_case->needs & backends[j]->lacks ||
			    !(bench_case->needs & backends[0]->lacks))
				continue;
			skip->bench_case = bench_case;
			skip->from_bytes = 0;
			snprintf(skip->reason, sizeof(skip->reason), "no %s: %s",
				 backends[j]->variant, run->absence.errors[j].text);
			skip = &run->samples.skips[++run->samples.skips_count];
		}
}

/* With everything open but the device. */
static int run_samples(struct run *run, int argc, char **argv, struct error *error)
{
	size_t capacity = plan_samples_count(&run->plan);
	int ret;

	environment_collect(&run->environment);
	ret = sample_set_init(&run->samples, capacity);
	if (ret)
		return error_set(error, OUTCOME_CANNOT, -ret, "samples '%zu': %s", capacity,
				 strerror(-ret));
	run_skip_absent(run);
	ret = run_backends(run, error);
	if (!ret)
		ret = run_write(run, argc, argv, error);
	sample_set_cleanup(&run->samples);
	return ret;
}

static int run_pfnmap(struct run *run, struct error *error)
{
	if (!run->options->pfnmap)
		return 0;
	return pci_resource_open(run->options->pfnmap, &run->target.pfnmap_fd,
				 &run->target.pfnmap_bytes, error);
}

/* Two devices of a group are one for its IOMMU: nothing would be had of the second. */
static int run_group_check(const struct run *run, size_t count, const struct pci_device *device,
			   struct error *error)
{
	const struct pci_device *other;
	size_t i;

	for (i = 0; i <= count; i++) {
		other = i ? &run->more[i - 1] : &run->device.pci;
		if (!strcmp(other->address, device->address))
			return error_set(error, OUTCOME_USE, EEXIST,
					 "device '%s': named twice", device->address);
		if (other->group == device->group && device->group >= 0)
			return error_set(error, OUTCOME_USE, EEXIST,
					 "device '%s': in IOMMU group %d as device %s is, must be "
					 "in a group of its own", device->address, device->group,
					 other->address);
	}
	return 0;
}

static int run_devices(struct run *run, struct error *error)
{
	struct pci_device *device;
	size_t i;
	int ret;

	ret = pci_device_read(&run->device.pci, run->options->devices[0], error);
	for (i = 0; i + 1 < run->options->devices_count && !ret; i++) {
		device = &run->more[i];
		ret = pci_device_read(device, run->options->devices[i + 1], error);
		if (!ret)
			ret = run_group_check(run, i, device, error);
		if (!ret)
			ret = vfio_device_check_driver(device, error);
	}
	return ret;
}

/* What can be found wrong without this machine's doing: the user's own mistakes. */
static int run_prepare(struct run *run, struct error *error)
{
	int ret;

	ret = backend_variants_read(&run_variants, run->options->devices[0], &run->absence, error);
	if (ret)
		return ret;
	ret = parameter_read(&run_domains, PARAMETER_SEPARATE_DOMAINS, error);
	if (ret)
		return ret;
	interrupt_add_undo(run_parameters_restore);
	ret = run_plan(run, error);
	if (!ret)
		ret = run_devices(run, error);
	return ret;
}

static int run_clock(struct run *run, struct error *error)
{
	int ret;

	ret = clock_init(&run->clock, run->options->mode, error);
	if (ret)
		return ret;
	if (!run->plan.iterations)
		run->plan.iterations = run->clock.iterations;
	return protocol_init(&run->plan.protocol, &run->options->protocol, &run->clock, error);
}

static int run_dry(struct run *run, struct error *error)
{
	const struct dry_run dry_run = {
		.plan = &run->plan,
		.variants = &run_variants,
		.domains = &run_domains,
		.clock = &run->clock,
		.device = &run->device.pci,
		.bar = run->options->bar,
		.shard = run->options->shard,
		.output = run->options->output,
	};
	int ret;

	ret = run_prepare(run, error);
	if (!ret)
		ret = run_clock(run, error);
	return ret ? ret : dry_run_print(&dry_run, error);
}

static int run_loop(struct run *run, struct error *error)
{
	int ret;

	ret = run_clock(run, error);
	return ret ? ret : run_backends(run, error);
}

/* Where time is that of hardware. Nothing fails for want of a counter; what is missing is said. */
static void run_counters(struct run *run)
{
	enum clock_mode mode = run->clock.mode;
	size_t i;

	counters_none(&run->counters);
	if (mode != CLOCK_MODE_METAL && mode != CLOCK_MODE_KVM)
		return;
	counters_open(&run->counters, counter_events);
	run->clock.counters = &run->counters;
	for (i = 0; i < COUNTERS; i++)
		if (run->counters.fds[i] < 0)
			fprintf(stderr, "barmap: counter '%s': left out: %s\n",
				counter_events[i].name, strerror(-run->counters.err[i]));
}

static int run_all(struct run *run, int argc, char **argv, struct error *error)
{
	int ret;

	ret = run_prepare(run, error);
	if (!ret)
		ret = run_pfnmap(run, error);
	if (ret)
		return ret;
	if (run->options->loop)
		return run_loop(run, error);
	ret = outfile_open(&run->file, false, error, "%s", run->options->output);
	if (ret)
		return ret;
	ret = run_clock(run, error);
	if (!ret) {
		run_counters(run);
		ret = run_samples(run, argc, argv, error);
		counters_close(&run->counters);
	}
	if (!ret)
		return outfile_commit(&run->file, error);
	outfile_abandon(&run->file);
	return ret;
}

static void default_output(char *path, size_t bytes)
{
	time_t now = time(NULL);
	struct utsname name;
	char stamp[32];
	struct tm utc;

	uname(&name);
	gmtime_r(&now, &utc);
	strftime(stamp, sizeof(stamp), "%Y%m%dT%H%M%SZ", &utc);
	snprintf(path, bytes, "barmap-%s-%s.jsonl", name.release, stamp);
}

int cmd_run(int argc, char **argv, struct error *error)
{
	struct run_options options;
	char output[128];
	struct run run = { .options = &options, .target.pfnmap_fd = -1 };
	int ret;

	ret = run_options_parse(&options, argc, argv, error);
	if (ret)
		return ret;
	if (!options.output) {
		default_output(output, sizeof(output));
		options.output = output;
	}
	interrupt_install(false);
	if (options.dry_run)
		return run_dry(&run, error);
	/* the record's argv is the whole command line */
	ret = run_all(&run, argc + 1, argv - 1, error);
	if (run.target.pfnmap_fd >= 0)
		close(run.target.pfnmap_fd);
	interrupt_die_if_pending();
	if (!ret && !options.loop)
		printf("%s\n", options.output);
	return ret;
}
