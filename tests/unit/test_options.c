// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <string.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lib/bar.h"
#include "lib/options.h"
#include "command/run_options.h"

#define ARGUMENTS_MAX	32

/* Parse "run" and the words of @line. */
static int parse(const char *line, struct run_options *options, struct error *error)
{
	static char words[256];
	char *argv[ARGUMENTS_MAX + 1] = { (char *)"run" }, *rest = words, *word;
	int argc = 1;

	strcpy(words, line);
	while ((word = strsep(&rest, " ")) && argc < ARGUMENTS_MAX)
		if (*word)
			argv[argc++] = word;
	return run_options_parse(options, argc, argv, error);
}

static void defaults(void **state)
{
	struct run_options options;
	struct error error;

	(void)state;
	assert_int_equal(parse("--device 0000:00:05.0", &options, &error), 0);
	assert_int_equal(options.devices_count, 1);
	assert_string_equal(options.devices[0], "0000:00:05.0");
	assert_int_equal(options.bar, BAR_ANY);
	assert_int_equal(options.mode, CLOCK_MODE_AUTO);
	assert_null(options.plan.profile);
	assert_null(options.plan.sizes);
	assert_null(options.output);
	assert_null(options.pfnmap);
	assert_null(options.kernel_name);
	assert_false(options.loop);
	assert_int_equal(options.plan.iterations, 0);
}

static void further_devices_are_taken(void **state)
{
	struct run_options options;
	struct error error;

	(void)state;
	assert_int_equal(parse("--device a --device b --device=c", &options, &error), 0);
	assert_int_equal(options.devices_count, 3);
	assert_string_equal(options.devices[0], "a");
	assert_string_equal(options.devices[2], "c");
	assert_int_equal(parse("--device 1 --device 2 --device 3 --device 4 --device 5 --device 6 "
			       "--device 7 --device 8 --device 9", &options, &error), -EINVAL);
	assert_int_equal(error.outcome, OUTCOME_USE);
	assert_string_equal(error.text, "device '9': at most 8 devices");
}

static void all_options_are_taken(void **state)
{
	struct run_options options;
	struct error error;

	(void)state;
	assert_int_equal(parse("--device=00:05.0 --bar 2 --profile quick --case bar/* "
			       "--variant a,b --iterations 7 --mode icount "
			       "--kernel-name patched-6.12 --output f --pfnmap g "
			       "--sizes 4K", &options, &error), 0);
	assert_int_equal(options.bar, 2);
	assert_string_equal(options.plan.profile, "quick");
	assert_string_equal(options.plan.cases, "bar/*");
	assert_string_equal(options.plan.variants, "a,b");
	assert_string_equal(options.plan.sizes, "4K");
	assert_int_equal(options.plan.iterations, 7);
	assert_int_equal(options.mode, CLOCK_MODE_ICOUNT);
	assert_string_equal(options.kernel_name, "patched-6.12");
	assert_string_equal(options.output, "f");
	assert_string_equal(options.pfnmap, "g");
}

static void mistakes_get_one_line(void **state)
{
	static const struct {
		const char *line, *text;
	} rows[] = {
		{ "", "option '--device': required" },
		{ "--device", "option '--device': needs a value" },
		{ "--device a --foo", "option '--foo': not one of this command" },
		{ "--device a --foo=3", "option '--foo=3': not one of this command" },
		{ "--device a -x", "option '-x': not one of this command" },
		{ "--device a b", "argument 'b': only options" },
		{ "--device a --bar 6", "bar '6': must be a number from 0 to 5" },
		{ "--device a --bar -1", "bar '-1': must be" },
		{ "--device a --bar 2x", "bar '2x': must be" },
		{ "--device a --iterations 0", "iterations '0': must be" },
		{ "--device a --iterations 99999999999999999999", "iterations '999" },
		{ "--device a --mode fast", "mode 'fast': must be one of auto, icount" },
		{ "--device a --kernel-name a/b", "kernel name 'a/b': must be letters" },
		{ "--device a --kernel-name=", "kernel name '': must be letters" },
		{ "--device a --loop --output f", "option '--loop': not together with --output 'f'" },
		{ "--device a --help=3", "option '--help=3': takes no value" },
		{ "--device a --loop=3", "option '--loop=3': takes no value" },
		{ "--device a -xyz.jsonl", "option '-xyz.jsonl': not one of this command" },
		{ "-xyz --device a --foo", "option '-xyz': not one of this command" },
		{ "--device -x --foo", "option '--foo': not one of this command" },
		{ "--device a --m auto", "option '--m': not one of this command" },
		{ "--device a --outp", "option '--outp': needs a value" },
	};
	struct run_options options;
	struct error error;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_true(parse(rows[i].line, &options, &error) < 0);
		assert_int_equal(error.outcome, OUTCOME_USE);
		if (strncmp(error.text, rows[i].text, strlen(rows[i].text)))
			fail_msg("'%s': %s", rows[i].line, error.text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(defaults),
		cmocka_unit_test(further_devices_are_taken),
		cmocka_unit_test(all_options_are_taken),
		cmocka_unit_test(mistakes_get_one_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
