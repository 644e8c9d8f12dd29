// SPDX-License-Identifier: GPL-2.0-or-later
#include "command/dry_run.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "harness/estimate.h"
#include "harness/sampling.h"
#include "lib/bar.h"
#include "lib/size.h"

#define SECONDS_TEXT_BYTES	32

static char *seconds_format(double seconds, char text[SECONDS_TEXT_BYTES])
{
	if (seconds < 1)
		snprintf(text, SECONDS_TEXT_BYTES, "below 1 s");
	else if (seconds < 100)
		snprintf(text, SECONDS_TEXT_BYTES, "%.0f s", seconds);
	else if (seconds < 6000)
		snprintf(text, SECONDS_TEXT_BYTES, "%.0f min", seconds / 60);
	else
		snprintf(text, SECONDS_TEXT_BYTES, "%.1f h", seconds / 3600);
	return text;
}

/* The BAR that would be taken. Whether it can be mapped only VFIO says. */
static int bar_find(const struct dry_run *run, int *number, struct error *error)
{
	const uint64_t *bytes = run->device->bar_bytes;
	int bar;

	*number = run->bar;
	for (bar = 0; run->bar == BAR_ANY && bar < PCI_BARS; bar++)
		if (*number == BAR_ANY || bytes[bar] > bytes[*number])
			*number = bar;
	if (bytes[*number])
		return 0;
	return error_set(error, OUTCOME_USE, ENODEV, "BAR '%d': device %s has none there",
			 *number, run->device->address);
}

static void device_print(const struct dry_run *run, int bar)
{
	const struct pci_device *device = run->device;
	char size[SIZE_TEXT_BYTES];

	printf("device    %s (%04x:%04x), BAR %d of %s, driver %s%s\n", device->address,
	       device->vendor, device->device, bar, size_format(device->bar_bytes[bar], size),
	       device->driver[0] ? device->driver : "none",
	       pci_device_has_vfio_driver(device) ? "" : " (a run needs vfio-pci)");
}

static void protocol_print(const struct dry_run *run)
{
	const struct protocol *protocol = &run->plan->protocol;

	printf("mode      %s, unit %s\n", clock_mode_name(run->clock->mode), run->clock->unit);
	if (protocol->shuffled)
		printf("sampling  variants in shuffled order, seed %" PRIu32 "; %u iterations thrown "
		       "away at each size;\n          operations repeated to %.3g ms a sample\n",
		       protocol->seed, protocol->warmup, (double)protocol->min_time_ns / 1e6);
	else
		printf("sampling  variants in fixed order, samples of one operation\n");
}

static void variants_print(const struct dry_run *run)
{
	size_t i;

	printf("variants  ");
	for (i = 0; i < run->plan->variants_count; i++)
		printf("%s%s", i ? ", " : "", run->variants->names[run->plan->variants[i]]);
	putchar('\n');
}

/* "4K 2M 1G", or the first and the last of many. */
static void sizes_print(const struct plan_case *plan_case, unsigned int count)
{
	char least[SIZE_TEXT_BYTES], most[SIZE_TEXT_BYTES], text[2 * SIZE_TEXT_BYTES + 8];

	size_format(plan_case->sizes & -plan_case->sizes, least);
	size_format(size_floor_power_of_two(plan_case->sizes), most);
	if (!plan_case->bench_case->sized)
		snprintf(text, sizeof(text), "-");
	else if (count == 1)
		snprintf(text, sizeof(text), "%s", least);
	else
		snprintf(text, sizeof(text), "%s to %s", least, most);
	printf(" %-12s", text);
}

static size_t case_print(const struct dry_run *run, const struct plan_case *plan_case)
{
	const struct bench_case *bench_case = plan_case->bench_case;
	unsigned int sizes = bench_case->sized ?
			     (unsigned int)__builtin_popcountll(plan_case->sizes) : 1;
	size_t samples = plan_case_samples_count(run->plan, plan_case), turns[VARIANTS_MAX];
	size_t variants = bench_case->sized ? plan_variants(run->plan, bench_case, plan_case->sizes &
							    -plan_case->sizes, turns) : 1;
	char text[SECONDS_TEXT_BYTES];

	printf("  %-22s", bench_case->name);
	sizes_print(plan_case, sizes);
	printf(" %5u %8zu %3zu %10u %8zu  %s\n", sizes, variants, bench_case->ops_count,
	       run->plan->iterations, samples,
	       seconds_format(estimate_case_s(run->plan, plan_case, run->variants,
					      run->clock->mode, (uint64_t)sysconf(_SC_PAGESIZE)),
			      text));
	return samples;
}

static void cases_print(const struct dry_run *run)
{
	char text[SECONDS_TEXT_BYTES];
	size_t samples = 0, i;

	printf("\n  %-22s %-12s %5s %8s %3s %10s %8s  %s\n", "case", "size", "sizes", "variants",
	       "ops", "iterations", "samples", "about");
	for (i = 0; i < run->plan->cases_count; i++)
		samples += case_print(run, &run->plan->cases[i]);
	printf("\nin all    %zu samples, about %s", samples,
	       seconds_format(estimate_plan_s(run->plan, run->variants, run->clock->mode,
					      (uint64_t)sysconf(_SC_PAGESIZE)), text));
	if (run->clock->mode == CLOCK_MODE_ICOUNT)
		printf(" at %.0f million instructions a second", ESTIMATE_ICOUNT_PER_S / 1e6);
	printf(": an estimate\n");
}

/* The most memory that one of the cases has pinned. */
static uint64_t pinned_bytes(const struct plan *plan)
{
	uint64_t sizes = 0;
	size_t i;

	for (i = 0; i < plan->cases_count; i++)
		if (plan->cases[i].bench_case->pins_memory)
			sizes |= plan->cases[i].sizes;
	return size_floor_power_of_two(sizes);
}

static bool decode_toggled(const struct plan *plan)
{
	size_t i;

	for (i = 0; i < plan->cases_count; i++)
		if (plan->cases[i].bench_case->toggles_decode)
			return true;
	return false;
}

/* What is no longer as before while the run lasts, or after it. */
static void changes_print(const struct dry_run *run)
{
	uint64_t pinned = pinned_bytes(run->plan);
	char size[SIZE_TEXT_BYTES];

	if (run->variants->selectable)
		printf("changes   %s, now %s; set back at the end\n", run->variants->path,
		       run->variants->names[run->variants->initial]);
	if (run->domains->present)
		printf("changes   %s for cases of several domains; set back at the end\n",
		       run->domains->path);
	if (!run->variants->selectable && !run->domains->present)
		printf("changes   no parameter of the kernel: it has none of ours\n");
	if (decode_toggled(run->plan))
		printf("changes   the device's decode, off and on for churn/*; its BARs are sized\n");
	printf("locks     %zu KiB of memory for samples, and the program itself\n",
	       plan_samples_count(run->plan) * sizeof(struct sample) / 1024 + 1);
	if (pinned)
		printf("          up to %s more for cases of memory that is no device's\n",
		       size_format(pinned, size));
	printf("writes    %s\n", run->output);
	printf("\nNothing was done: this was a dry run. Cases that the machine lacks something for "
	       "are found out by a run only.\n");
}

int dry_run_print(const struct dry_run *run, struct error *error)
{
	bool clipped;
	int bar, ret;

	ret = bar_find(run, &bar, error);
	if (!ret)
		ret = plan_fit(run->plan, run->device->bar_bytes[bar], &clipped, error);
	if (!ret)
		ret = plan_shard(run->plan, &run->shard, error);
	if (ret)
		return ret;
	device_print(run, bar);
	protocol_print(run);
	variants_print(run);
	cases_print(run);
	changes_print(run);
	return 0;
}
