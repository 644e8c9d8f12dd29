// SPDX-License-Identifier: GPL-2.0-or-later
#include "command/run_options.h"

#include <errno.h>
#include <string.h>

#include "lib/bar.h"
#include "lib/options.h"

#define NAME_CHARACTERS	\
	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._+-"

enum {
	KEY_DEVICE = OPTIONS_KEY_FIRST,
	KEY_BAR,
	KEY_PROFILE,
	KEY_CASE,
	KEY_VARIANT,
	KEY_SIZES,
	KEY_ITERATIONS,
	KEY_SEED,
	KEY_WARMUP,
	KEY_MIN_TIME,
	KEY_MODE,
	KEY_LOOP,
	KEY_OUTPUT,
	KEY_KERNEL_NAME,
	KEY_PFNMAP,
	KEY_DRY_RUN,
};

static const struct argp_option run_table[] = {
	{ "device", KEY_DEVICE, "ADDR", 0,
	  "The PCI device to map; must be bound to vfio-pci (required). Again: a further device "
	  "for the cases that take several", 0 },
	{ "bar", KEY_BAR, "N", 0, "Its BAR, 0 to 5 (default: the largest that can be mapped)", 0 },
	{ "profile", KEY_PROFILE, "NAME", 0,
	  "How far to go; barmap list names them (default: default)", 0 },
	{ "sizes", KEY_SIZES, "LIST", 0,
	  "Mapping sizes in place of a profile's: 4K,2M,1G or 4K:4G or 4K:4G:x16", 0 },
	{ "case", KEY_CASE, "GLOB[,GLOB]", 0, "Only these cases (default: all)", 0 },
	{ "variant", KEY_VARIANT, "GLOB[,GLOB]", 0, "Only these variants (default: all)", 0 },
	{ "iterations", KEY_ITERATIONS, "N", 0,
	  "Samples of each kind (default: 2 with icount, 5 with tcg, 20 else)", 0 },
	{ "seed", KEY_SEED, "N", 0,
	  "Of the order in which the variants take turns, not with icount "
	  "(default: from the system; the results tell it)", 0 },
	{ "warmup", KEY_WARMUP, "N", 0,
	  "Iterations thrown away at each size, not with icount (default: 1)", 0 },
	{ "min-time", KEY_MIN_TIME, "TIME", 0,
	  "Repeat operations until a sample of each takes this long, such as 500us or 2s; 0: "
	  "do not; not with icount (default: 1ms)", 0 },
	{ "mode", KEY_MODE, "MODE", 0,
	  "auto, icount, kvm, tcg or metal: the clock and what it is worth (default: auto)", 0 },
	{ "loop", KEY_LOOP, NULL, 0,
	  "For a profiler: repeat the operations, untimed, and write no results", 0 },
	{ "kernel-name", KEY_KERNEL_NAME, "NAME", 0,
	  "What to call this kernel in the results (default: its release)", 0 },
	{ "pfnmap", KEY_PFNMAP, "FILE", 0,
	  "For control/sysfs: a BAR of a device that VFIO does not have, "
	  "/sys/bus/pci/devices/ADDR/resourceN", 0 },
	{ "dry-run", KEY_DRY_RUN, NULL, 0,
	  "Print what would be done and about how long it takes, and do nothing", 0 },
	{ "output", KEY_OUTPUT, "FILE", 0,
	  "Where the results go; must not exist (default: barmap-RELEASE-TIME.jsonl)", 0 },
	{ 0 },
};

static int take_bar(const char *value, struct run_options *options, struct error *error)
{
	long number = 0;
	int ret;

	ret = options_number("BAR", value, 0, PCI_BARS - 1, &number, error);
	options->bar = (int)number;
	return ret;
}

static int take_iterations(const char *value, struct run_options *options, struct error *error)
{
	long number = 0;
	int ret;

	ret = options_number("iterations", value, 1, PLAN_ITERATIONS_MAX, &number, error);
	options->plan.iterations = (unsigned int)number;
	return ret;
}

static int take_seed(const char *value, struct run_options *options, struct error *error)
{
	long number = 0;
	int ret;

	ret = options_number("seed", value, 0, UINT32_MAX, &number, error);
	options->protocol.seed = (uint32_t)number;
	options->protocol.has_seed = true;
	return ret;
}

static int take_warmup(const char *value, struct run_options *options, struct error *error)
{
	long number = 0;
	int ret;

	ret = options_number("warmup", value, 0, PROTOCOL_WARMUP_MAX, &number, error);
	options->protocol.warmup = (unsigned int)number;
	options->protocol.has_warmup = true;
	return ret;
}

static int take_min_time(const char *value, struct run_options *options, struct error *error)
{
	options->protocol.has_min_time = true;
	if (!protocol_time_parse(value, &options->protocol.min_time_ns))
		return 0;
	return error_set(error, OUTCOME_USE, EINVAL,
			 "min-time '%s': must be a time of at most 60s, such as 500us, 1ms or 2s, "
			 "or 0", value);
}

static int take_mode(const char *value, struct run_options *options, struct error *error)
{
	if (!clock_mode_parse(value, &options->mode))
		return 0;
	return error_set(error, OUTCOME_USE, EINVAL,
			 "mode '%s': must be one of auto, icount, kvm, tcg, metal", value);
}

static int take_device(const char *value, struct run_options *options, struct error *error)
{
	if (options->devices_count == CASE_DEVICES_MAX)
		return error_set(error, OUTCOME_USE, E2BIG, "device '%s': at most %d devices",
				 value, CASE_DEVICES_MAX);
	options->devices[options->devices_count++] = value;
	return 0;
}

/* The name becomes part of file names and table heads. */
static int take_kernel_name(const char *value, struct run_options *options, struct error *error)
{
	options->kernel_name = value;
	if (*value && strspn(value, NAME_CHARACTERS) == strlen(value))
		return 0;
	return error_set(error, OUTCOME_USE, EINVAL,
			 "kernel name '%s': must be letters, digits and . _ + -", value);
}

static int run_take(int key, const char *value, void *data, struct error *error)
{
	struct run_options *options = data;

	switch (key) {
	case KEY_DEVICE:
		return take_device(value, options, error);
	case KEY_BAR:
		return take_bar(value, options, error);
	case KEY_PROFILE:
		options->plan.profile = value;
		return 0;
	case KEY_SIZES:
		options->plan.sizes = value;
		return 0;
	case KEY_CASE:
		options->plan.cases = value;
		return 0;
	case KEY_VARIANT:
		options->plan.variants = value;
		return 0;
	case KEY_ITERATIONS:
		return take_iterations(value, options, error);
	case KEY_SEED:
		return take_seed(value, options, error);
	case KEY_WARMUP:
		return take_warmup(value, options, error);
	case KEY_MIN_TIME:
		return take_min_time(value, options, error);
	case KEY_MODE:
		return take_mode(value, options, error);
	case KEY_KERNEL_NAME:
		return take_kernel_name(value, options, error);
	case KEY_PFNMAP:
		options->pfnmap = value;
		return 0;
	case KEY_DRY_RUN:
		options->dry_run = true;
		return 0;
	case KEY_LOOP:
		options->loop = true;
		return 0;
	case KEY_OUTPUT:
		options->output = value;
		return 0;
	default:
		return -ARGP_ERR_UNKNOWN;
	}
}

static const struct options run_options_spec = {
	.name = "barmap run",
	.summary = "Measure what mapping and unmapping the BAR of a device costs.",
	.table = run_table,
	.take = run_take,
};

int run_options_parse(struct run_options *options, int argc, char **argv, struct error *error)
{
	int ret;

	memset(options, 0, sizeof(*options));
	options->bar = BAR_ANY;
	ret = options_parse(&run_options_spec, argc, argv, options, error);
	if (ret)
		return ret;
	if (!options->devices_count)
		return error_set(error, OUTCOME_USE, EINVAL,
				 "option '--device': required; see barmap run --help");
	if (options->loop && options->output)
		return error_set(error, OUTCOME_USE, EINVAL,
				 "option '--loop': not together with --output '%s', it has none",
				 options->output);
	return 0;
}
