// SPDX-License-Identifier: GPL-2.0-or-later
#include "command/run_options.h"

#include <errno.h>
#include <string.h>

#include "lib/bar.h"
#include "lib/options.h"

#define NAME_CHARACTERS	\
	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._+-"

static int parse_seed(const char *value, void *data, struct error *error)
{
	struct run_options *options = data;
	long number = 0;
	int ret;

	ret = options_number("seed", value, 0, UINT32_MAX, &number, error);
	options->protocol.seed = (uint32_t)number;
	options->protocol.has_seed = true;
	return ret;
}

static int parse_warmup(const char *value, void *data, struct error *error)
{
	struct run_options *options = data;
	long number = 0;
	int ret;

	ret = options_number("warmup", value, 0, PROTOCOL_WARMUP_MAX, &number, error);
	options->protocol.warmup = (unsigned int)number;
	options->protocol.has_warmup = true;
	return ret;
}

static int parse_min_time(const char *value, void *data, struct error *error)
{
	struct run_options *options = data;

	options->protocol.has_min_time = true;
	if (!protocol_time_parse(value, &options->protocol.min_time_ns))
		return 0;
	return error_set(error, OUTCOME_USE, EINVAL,
			 "min-time '%s': must be a time of at most 60s, such as 500us, 1ms or 2s, "
			 "or 0", value);
}

static int parse_mode(const char *value, void *data, struct error *error)
{
	struct run_options *options = data;

	if (!clock_mode_parse(value, &options->mode))
		return 0;
	return error_set(error, OUTCOME_USE, EINVAL,
			 "mode '%s': must be one of auto, icount, kvm, tcg, metal", value);
}

static int parse_shard(const char *value, void *data, struct error *error)
{
	return plan_shard_parse(value, &((struct run_options *)data)->shard, error);
}

static int parse_device(const char *value, void *data, struct error *error)
{
	struct run_options *options = data;

	if (options->devices_count == CASE_DEVICES_MAX)
		return error_set(error, OUTCOME_USE, E2BIG, "device '%s': at most %d devices",
				 value, CASE_DEVICES_MAX);
	options->devices[options->devices_count++] = value;
	return 0;
}

/* The name becomes part of file names and table heads. */
static int parse_kernel_name(const char *value, void *data, struct error *error)
{
	struct run_options *options = data;

	options->kernel_name = value;
	if (*value && strspn(value, NAME_CHARACTERS) == strlen(value))
		return 0;
	return error_set(error, OUTCOME_USE, EINVAL,
			 "kernel name '%s': must be letters, digits and . _ + -", value);
}

static const struct option_row run_rows[] = {
	OPTION_PARSE_ROW("device", "ADDR", parse_device, "The PCI device to map; must be bound to vfio-pci "
	      "(required). Again: a further device for the cases that take several"),
	OPTION_NUMBER_ROW("bar", "N", run_options, bar, 0, PCI_BARS - 1,
	       "Its BAR, 0 to 5 (default: the largest that can be mapped)"),
	OPTION_ROW("profile", "NAME", OPTION_TEXT, run_options, plan.profile,
	    "How far to go; barmap list names them (default: default)"),
	OPTION_ROW("sizes", "LIST", OPTION_TEXT, run_options, plan.sizes,
	    "Mapping sizes in place of a profile's: 4K,2M,1G or 4K:4G or 4K:4G:x16"),
	OPTION_ROW("case", "GLOB[,GLOB]", OPTION_TEXT, run_options, plan.cases, "Only these cases (default: all)"),
	OPTION_ROW("variant", "GLOB[,GLOB]", OPTION_TEXT, run_options, plan.variants,
	    "Only these variants (default: all)"),
	OPTION_PARSE_ROW("shard", "I/N", parse_shard, "Only the I'th of N parts of the cases; barmap join "
	      "makes one record of those of all parts"),
	OPTION_NUMBER_ROW("iterations", "N", run_options, plan.iterations, 1, PLAN_ITERATIONS_MAX,
	       "Samples of each kind (default: 2 with icount, 5 with tcg, 20 else)"),
	OPTION_PARSE_ROW("seed", "N", parse_seed, "Of the order in which the variants take turns, not with "
	      "icount (default: from the system; the results say it)"),
	OPTION_PARSE_ROW("warmup", "N", parse_warmup,
	      "Iterations thrown away at each size, not with icount (default: 1)"),
	OPTION_PARSE_ROW("min-time", "TIME", parse_min_time, "Repeat steps until a sample of each takes this "
	      "long, such as 500us or 2s; 0: do not; not with icount (default: 1ms)"),
	OPTION_PARSE_ROW("mode", "MODE", parse_mode, "auto, icount, kvm, tcg or metal: the clock and what it is "
	      "worth (default: auto)"),
	OPTION_ROW("loop", NULL, OPTION_FLAG, run_options, loop,
	    "For a profiler: repeat the steps, untimed, and write no results"),
	OPTION_PARSE_ROW("kernel-name", "NAME", parse_kernel_name,
	      "What to call this kernel in the results (default: its release)"),
	OPTION_ROW("pfnmap", "FILE", OPTION_TEXT, run_options, pfnmap, "For control/sysfs: a BAR of a device that VFIO "
	    "does not have, /sys/bus/pci/devices/ADDR/resourceN"),
	OPTION_ROW("dry-run", NULL, OPTION_FLAG, run_options, dry_run,
	    "Print what would be done and about how long it takes, and do nothing"),
	OPTION_ROW("output", "FILE", OPTION_TEXT, run_options, output,
	    "Where the results go; must not exist (default: barmap-RELEASE-TIME.jsonl)"),
	OPTION_END,
};

static const struct options run_options_spec = {
	.name = "barmap run",
	.summary = "Measure what mapping and unmapping the BAR of a device costs.",
	.rows = run_rows,
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
