// SPDX-License-Identifier: GPL-2.0-or-later
/* Cases that need more than one of something, and what they stand on. */
#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cases/config.h"
#include "cases/fleet.h"
#include "cases/registry.h"
#include "lib/glob.h"
#include "harness/plan.h"
#include "lib/workers.h"
#include "lib/file.h"
#include "lib/parameter.h"
#include "lib/size.h"

#include "case_find.h"

/* Room for IOVAs is what a case asks for, and no case asks for more than a target can have. */
static void cases_ask_for_what_they_map(void **state)
{
	const struct bench_case *all[PLAN_CASES_MAX];
	size_t count = cases_list(all, PLAN_CASES_MAX), i;

	(void)state;
	for (i = 0; i < count; i++) {
		assert_in_range(case_mappings(&all[i]->axes), 1, FLEET_MAX);
		assert_in_range(all[i]->mappings, 0, FLEET_MAX);
		assert_in_range(all[i]->axes.devices, 0, CASE_DEVICES_MAX);
		assert_in_range(all[i]->axes.threads, 0, CASE_THREADS_MAX);
		if (case_mappings(&all[i]->axes) > 1)
			assert_int_equal(all[i]->mappings, case_mappings(&all[i]->axes));
		/* a container cannot do without a device */
		assert_true(all[i]->axes.containers <= 1 ||
			    all[i]->axes.containers == all[i]->axes.devices);
	}
}

static void plan_has_room_for_all(void **state)
{
	static const struct variant_set variants = { .names = { "stock" }, .count = 1 };
	const struct bench_case *cases[] = {
		case_find("bar/aligned/warm"), case_find("devices/4"), case_find("threads/8"),
	};
	const struct plan_request all = { .sizes = "4K" };
	const struct plan_request one = { .sizes = "4K", .cases = "bar/*" };
	const struct plan_request two = { .sizes = "4K", .cases = "bar/*,devices/*" };
	struct error error;
	struct plan plan;

	(void)state;
	assert_int_equal(plan_init(&plan, &one, cases, 3, &variants, SZ_4K, &error), 0);
	assert_int_equal(plan_mappings(&plan), 1);
	assert_int_equal(plan_init(&plan, &two, cases, 3, &variants, SZ_4K, &error), 0);
	assert_int_equal(plan_mappings(&plan), 4);
	assert_int_equal(plan_init(&plan, &all, cases, 3, &variants, SZ_4K, &error), 0);
	assert_int_equal(plan_mappings(&plan), 8);
}

static void mappings_side_by_side_do_not_meet(void **state)
{
	const struct case_target target = { .iova = SZ_4G, .iova_bytes = 9 * SZ_1G };
	char reason[CASE_REASON_BYTES] = "";
	struct case_context context = {
		.target = &target, .size_bytes = SZ_2M, .reason = reason,
	};
	struct case_target placed;
	unsigned int i;

	(void)state;
	for (i = 0; i < 8; i++) {
		assert_int_equal(fleet_place(&context, i, &placed), 0);
		assert_int_equal(placed.iova, SZ_4G + i * SZ_1G);
		assert_int_equal(placed.iova + placed.iova_bytes, SZ_4G + 9 * SZ_1G);
	}
	context.size_bytes = SZ_4G;
	assert_int_equal(fleet_place(&context, 1, &placed), 0);
	assert_int_equal(placed.iova, 2 * SZ_4G);
	assert_int_equal(fleet_place(&context, 2, &placed), CASE_SKIPPED);
	assert_string_equal(reason, "the IOMMU has no room for 3 mappings of 4G side by side");
}

/* With nothing but a target that lacks them. */
static void expect_skip(const char *name, const char *wanted)
{
	struct parameter absent = { .present = false };
	const struct case_target target = { .separate_domains = &absent };
	const struct bench_case *bench_case = case_find(name);
	char reason[CASE_REASON_BYTES] = "";
	const struct case_context context = {
		.bench_case = bench_case, .target = &target, .size_bytes = SZ_2M, .reason = reason,
	};
	void *state = NULL;

	assert_int_equal(bench_case->setup(&context, &state), CASE_SKIPPED);
	assert_null(state);
	assert_string_equal(reason, wanted);
}

static void what_is_lacking_is_told(void **state)
{
	(void)state;
	expect_skip("domains/one", "needs 2 devices; --device named 1");
	expect_skip("domains/two", "needs 2 devices; --device named 1");
	expect_skip("devices/8", "the IOMMU has no room for 1 mappings of 2M side by side");
}

static atomic_int jobs_done;

static int job_add(void *data)
{
	atomic_fetch_add(&jobs_done, *(int *)data);
	return 0;
}

static int job_fail(void *data)
{
	return *(int *)data == 2 ? -EIO : 0;
}

static void workers_do_each_job_once(void **state)
{
	int numbers[] = { 1, 2, 4, 8 };
	void *data[] = { &numbers[0], &numbers[1], &numbers[2], &numbers[3] };
	struct workers workers;
	int turn;

	(void)state;
	assert_int_equal(workers_start(&workers, 4, data), 0);
	for (turn = 1; turn <= 3; turn++) {
		assert_int_equal(workers_run(&workers, job_add), 0);
		assert_int_equal(atomic_load(&jobs_done), turn * 15);
	}
	assert_int_equal(workers_run(&workers, job_fail), -EIO);
	assert_int_equal(workers_run(&workers, job_add), 0);
	workers_stop(&workers);
	assert_int_equal(atomic_load(&jobs_done), 60);
}

static void parameter_goes_back(void **state)
{
	char path[] = "/tmp/barmap-test-parameter-XXXXXX", text[8];
	int fd = mkstemp(path);
	struct parameter parameter;
	struct error error;

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(write(fd, "N\n", 2), 2);
	assert_int_equal(parameter_read(&parameter, path, &error), 0);
	assert_true(parameter.present && !parameter.initial);
	assert_int_equal(parameter_set(&parameter, true), 0);
	assert_int_equal(file_read(path, text, sizeof(text)), 0);
	assert_string_equal(text, "Y");
	assert_int_equal(parameter_restore(&parameter), 0);
	assert_int_equal(file_read(path, text, sizeof(text)), 0);
	assert_string_equal(text, "N");
	assert_int_equal(pwrite(fd, "1\n", 2, 0), 2);
	assert_int_equal(parameter_read(&parameter, path, &error), -EINVAL);
	assert_int_equal(error.outcome, OUTCOME_BROKEN);
	close(fd);
	unlink(path);
	assert_int_equal(parameter_read(&parameter, path, &error), 0);
	assert_false(parameter.present);
	assert_int_equal(parameter_set(&parameter, true), -ENOENT);
	assert_int_equal(parameter_restore(&parameter), 0);
}

/* Configuration space that a file stands for: three registers, the last two of one BAR. */
static void sizing_leaves_no_trace(void **state)
{
	static const uint32_t found[] = { 0xfe000000, 0x0000000c, 0x00000040 };
	char path[] = "/tmp/barmap-test-config-XXXXXX";
	struct config config = { .command_offset_bytes = 4, .command = 0x0507 };
	uint32_t left[3];
	uint16_t command;
	size_t next, i;

	(void)state;
	config.fd = mkstemp(path);
	assert_true(config.fd >= 0);
	unlink(path);
	assert_int_equal(pwrite(config.fd, found, sizeof(found), 16), sizeof(found));
	for (i = 0; i < CONFIG_REGISTERS; i++)
		config.registers[i] = (struct config_register) {
			.offset_bytes = 16 + 4 * (off_t)i, .mask = UINT32_MAX, .upper = i == 2,
		};
	assert_int_equal(config_size(&config, 0, &next), 0);
	assert_int_equal(next, 1);
	assert_int_equal(config_size(&config, 1, &next), 0);
	assert_int_equal(next, 3);
	assert_int_equal(pread(config.fd, left, sizeof(left), 16), sizeof(left));
	assert_memory_equal(left, found, sizeof(found));
	/* nothing is there to be read */
	assert_int_equal(config_size(&config, 3, &next), -EIO);

	assert_int_equal(config_decode(&config, false), 0);
	assert_int_equal(pread(config.fd, &command, sizeof(command), 4), sizeof(command));
	assert_int_equal(command, 0x0504);
	config_restore(&config);
	assert_int_equal(pread(config.fd, &command, sizeof(command), 4), sizeof(command));
	assert_int_equal(command, 0x0507);
	close(config.fd);
}

/* What maps a BAR and does nothing else can be held against the floor. */
static void floor_is_of_plain_mappings(void **state)
{
	const struct bench_case *cases[PLAN_CASES_MAX];
	size_t count = cases_list(cases, PLAN_CASES_MAX), i;

	(void)state;
	for (i = 0; i < count; i++)
		assert_int_equal(cases[i]->sized && !(cases[i]->needs & backend_find(LOOKUP_FLOOR)->lacks),
				 glob_matches("bar/*,iova/*,chunk/*", cases[i]->name));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(floor_is_of_plain_mappings),
		cmocka_unit_test(cases_ask_for_what_they_map),
		cmocka_unit_test(plan_has_room_for_all),
		cmocka_unit_test(mappings_side_by_side_do_not_meet),
		cmocka_unit_test(what_is_lacking_is_told),
		cmocka_unit_test(workers_do_each_job_once),
		cmocka_unit_test(parameter_goes_back),
		cmocka_unit_test(sizing_leaves_no_trace),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
