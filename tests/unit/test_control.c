// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cases/registry.h"
#include "harness/plan.h"
#include "lib/pci.h"
#include "lib/procfile.h"
#include "lib/size.h"
#include "lib/va_range.h"

#include "case_find.h"

static void case_without_its_device_is_skipped(void **unused)
{
	const struct case_target target = { .pfnmap_fd = -1 };
	const struct bench_case *bench_case = case_find("control/sysfs");
	char reason[CASE_REASON_BYTES] = "";
	const struct case_context context = {
		.bench_case = bench_case, .target = &target, .size_bytes = SZ_2M, .reason = reason,
	};
	void *state = NULL;

	(void)unused;
	assert_int_equal(bench_case->setup(&context, &state), CASE_SKIPPED);
	assert_null(state);
	assert_string_equal(reason, "no --pfnmap FILE was given");
}

static void long_reason_is_cut(void **unused)
{
	char reason[CASE_REASON_BYTES];
	const struct case_context context = { .reason = reason };

	(void)unused;
	assert_int_equal(case_skip(&context, "%*s", 2 * CASE_REASON_BYTES, "x"), CASE_SKIPPED);
	assert_int_equal(strlen(reason), CASE_REASON_BYTES - 1);
}

static void other_files_are_no_pfnmap(void **unused)
{
	static const char *const paths[] = {
		"/proc/absent/resource0", "/dev/null", "/proc/self/mem", "/tmp",
	};
	struct error error;
	uint64_t bytes;
	size_t i;
	int fd;

	(void)unused;
	for (i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		assert_true(pci_resource_open(paths[i], &fd, &bytes, &error) < 0);
		assert_int_equal(error.outcome, OUTCOME_USE);
		assert_int_equal(fd, -1);
		assert_non_null(strstr(error.text, paths[i]));
	}
}

static void fields_of_proc_files(void **unused)
{
	char path[] = "/tmp/barmap-test-procfile-XXXXXX";
	int fd = mkstemp(path);
	uint64_t value;

	(void)unused;
	assert_true(fd >= 0);
	assert_int_equal(dprintf(fd, "Name:\tx\nMemFree:  12 kB\nFree: 7\nHuge:\t3\n"), 40);
	close(fd);
	assert_int_equal(procfile_field(path, "MemFree", &value), 0);
	assert_int_equal(value, 12 * 1024);
	assert_int_equal(procfile_field(path, "Free", &value), 0);
	assert_int_equal(value, 7);
	assert_int_equal(procfile_field(path, "Huge", &value), 0);
	assert_int_equal(value, 3);
	assert_int_equal(procfile_field(path, "Mem", &value), -ENODATA);
	assert_int_equal(procfile_field(path, "Name", &value), -EBADMSG);
	unlink(path);
	assert_int_equal(procfile_field(path, "Name", &value), -ENOENT);
	assert_int_equal(procfile_field("/proc/meminfo", "MemAvailable", &value), 0);
	assert_true(value > 0);
}

static void ram_is_there_at_once(void **unused)
{
	struct va_range window;

	(void)unused;
	assert_int_equal(va_range_reserve(&window, SZ_2M, SZ_2M, SZ_4K), 0);
	assert_int_equal((uintptr_t)window.base % SZ_2M, SZ_4K);
	assert_int_equal(va_range_map_ram(&window), 0);
	window.base[0] = window.base[SZ_2M - 1] = 1;
	va_range_release(&window);
}

/* Whether there are any is the machine's business; that it says so is not. */
static void huge_pages_or_an_error(void **unused)
{
	struct va_range window;
	int ret;

	(void)unused;
	assert_int_equal(va_range_reserve(&window, SZ_2M, SZ_2M, 0), 0);
	ret = va_range_map_hugetlb(&window, SZ_2M);
	assert_in_range(-ret, 0, 4095);
	if (!ret)
		window.base[SZ_2M - 1] = 1;
	va_range_release(&window);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(case_without_its_device_is_skipped),
		cmocka_unit_test(long_reason_is_cut),
		cmocka_unit_test(other_files_are_no_pfnmap),
		cmocka_unit_test(fields_of_proc_files),
		cmocka_unit_test(ram_is_there_at_once),
		cmocka_unit_test(huge_pages_or_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
