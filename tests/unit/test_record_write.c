// SPDX-License-Identifier: GPL-2.0-or-later
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "harness/record_write.h"
#include "lib/file.h"
#include "record/format.h"
#include "record/read.h"
#include "lib/size.h"

static char directory[] = "/tmp/barmap-test-record-XXXXXX";
static char path[128];

static int directory_create(void **state)
{
	(void)state;
	if (!mkdtemp(directory))
		return -1;
	snprintf(path, sizeof(path), "%s/r.jsonl", directory);
	return 0;
}

static int directory_remove(void **state)
{
	(void)state;
	return rmdir(directory);
}

static size_t directory_files(void)
{
	const struct dirent *entry;
	DIR *dir = opendir(directory);
	size_t count = 0;

	assert_non_null(dir);
	while ((entry = readdir(dir)))
		count += entry->d_name[0] != '.';
	closedir(dir);
	return count;
}

static const struct case_op op = { .name = "map" };
static const struct bench_case bench_case = {
	.name = "bar/4K-off/cold", .sized = true, .ops = &op, .ops_count = 1,
	.axes = {
		.va_offset_bytes = 4096, .tables = CASE_TABLES_COLD,
		.iova_align_bytes = SZ_1G, .chunk_bytes = 0,
	},
};
static const struct plan plan = {
	.profile = "quick", .iterations = 2,
	.protocol = { true, 4000000000, 3, 1000000, 65536 },
	.cases = { { &bench_case, SZ_4K | SZ_4G } }, .cases_count = 1, .variants = { 1 }, .variants_count = 1,
};
static const struct variant_set variants = {
	.names = { "follow_pfn", "vma_to_pfn" }, .count = 2, .selectable = true,
};
static const struct environment environment = {
	.kernel_release = "6.12.1", .kernel_version = "#1", .kernel_cmdline = "quiet \"x\"",
	.cpu = "CPU", .hypervisor = "TCG", .cpus = 1, .page_bytes = 4096, .governor = "none",
	.mitigations = "unknown", .memory_bytes = 1000, .time = "2026-01-01T00:00:05Z",
};
static const struct iommu_info iommu = { .page_sizes = SZ_4K | SZ_2M | SZ_1G };
static const struct pci_device pci = {
	.address = "0000:00:05.0", .iommu = "dmar0", .vendor = 0x1b36, .device = 0x5,
};
static const struct bar bar = { .number = 2, .bytes = 16 * SZ_1G, .mmap_bytes = 16 * SZ_1G };
static const struct clock_source clock_source = { .mode = CLOCK_MODE_ICOUNT, .unit = "insn" };
static char *arguments[] = { (char *)"barmap", (char *)"run", NULL };
static struct record_run run = {
	.kernel_name = "patched", .environment = &environment, .iommu = &iommu, .pci = &pci,
	.bar = &bar, .plan = &plan, .variants = &variants, .clock = &clock_source, .argc = 2,
	.argv = arguments,
};
static int op_read(void *state, uint64_t *bytes)
{
	(void)state;
	*bytes = 0;
	return 0;
}

static const struct case_op read_op = { .name = "vmpte-map", .read = op_read };
static const struct case_op unmap_op = { .name = "unmap" };
static const struct bench_case null_case = { .name = "null", .ops = &op, .ops_count = 1 };

#define SAMPLE(...)	{ __VA_ARGS__, .counts = { 0 } }

/* As a run takes them: two turns of two variants, with an amount of memory in between. */
static struct sample samples[] = {
	SAMPLE(&null_case, &op, SAMPLE_VARIANT_NONE, 0, 0, 0, 1, UINT64_C(1) << 40),
	SAMPLE(&bench_case, &op, 1, SZ_4G, 0, 1, 4, 2449),
	SAMPLE(&bench_case, &read_op, 1, SZ_4G, 0, 2, 1, 8192),
	SAMPLE(&bench_case, &unmap_op, 1, SZ_4G, 0, 3, 4, 60),
	SAMPLE(&bench_case, &op, 0, SZ_4G, 0, 4, 1, 9000),
	SAMPLE(&bench_case, &op, 0, SZ_4G, 1, 5, 1, 9001),
	SAMPLE(&bench_case, &op, 1, SZ_4G, 1, 6, 4, 2450),
	SAMPLE(&bench_case, &read_op, 1, SZ_4G, 1, 7, 1, 8192),
	SAMPLE(&bench_case, &unmap_op, 1, SZ_4G, 1, 8, 4, 61),
};
static const struct sample_set set = { .samples = samples, .count = 9, .capacity = 9 };

#define CELL_KEYS(record, op, variant)						\
	"{\"record\":\"" record "\",\"case\":\"bar/4K-off/cold\",\"op\":\"" op "\","	\
	"\"variant\":\"" variant "\",\"size_bytes\":4294967296,\"pages\":1048576,"	\
	"\"va_offset_bytes\":4096,\"tables\":\"cold\",\"iova_align_bytes\":1073741824,"	\
	"\"chunk_bytes\":0,"

/* What becomes of them, behind the env line. */
static const char cell_lines[] =
	"{\"record\":\"cell\",\"case\":\"null\",\"op\":\"map\",\"variant\":\"none\","
	"\"size_bytes\":0,\"pages\":0,\"va_offset_bytes\":0,\"tables\":\"none\","
	"\"iova_align_bytes\":0,\"chunk_bytes\":0,\"repeats\":1,\"unit\":\"insn\",\"order\":[0],"
	"\"cost\":[1099511627776]}\n"
	CELL_KEYS("cell", "map", "vma_to_pfn")
	"\"repeats\":4,\"unit\":\"insn\",\"order\":[1,6],\"cost\":[2449,2450]}\n"
	CELL_KEYS("memory", "vmpte-map", "vma_to_pfn") "\"bytes\":[8192,8192]}\n"
	CELL_KEYS("cell", "unmap", "vma_to_pfn")
	"\"repeats\":4,\"unit\":\"insn\",\"order\":[3,8],\"cost\":[60,61]}\n"
	CELL_KEYS("cell", "map", "follow_pfn")
	"\"repeats\":1,\"unit\":\"insn\",\"order\":[4,5],\"cost\":[9000,9001]}\n"
	"{\"record\":\"end\",\"samples\":9}";

static void expect_json(json_t *json, const char *expected)
{
	char *text;

	assert_non_null(json);
	text = json_dumps(json, JSON_COMPACT | JSON_PRESERVE_ORDER);
	assert_string_equal(text, expected);
	free(text);
	json_decref(json);
}

/* The text of a record of @of, behind its env line; static. */
static const char *written(const struct sample_set *of)
{
	static char text[16384];
	struct outfile file;
	struct error error;

	assert_int_equal(outfile_open(&file, false, &error, "%s", path), 0);
	assert_int_equal(access(path, F_OK), -1);
	assert_int_equal(record_write(&file, &run, of, &error), 0);
	assert_int_equal(access(path, F_OK), -1);
	assert_int_equal(outfile_commit(&file, &error), 0);
	assert_int_equal(directory_files(), 1);
	assert_int_equal(file_read(path, text, sizeof(text)), 0);
	unlink(path);
	assert_true(!strncmp(text, "{\"record\":\"env\",\"schema\":3,", 27));
	return strchr(text, '\n') + 1;
}

static void cells_hold_all_their_samples(void **state)
{
	(void)state;
	assert_string_equal(written(&set), cell_lines);
}

static void several_of_something_are_told(void **state)
{
	static const struct bench_case several = {
		.name = "containers/2", .sized = true, .ops = &op, .ops_count = 1,
		.axes = {
			.tables = CASE_TABLES_WARM, .iova_align_bytes = SZ_1G,
			.devices = 2, .containers = 2, .threads = 2,
		},
	};
	static struct sample sample = SAMPLE(&several, &op, 1, SZ_4K, 0, 7, 1, 2449);
	static const struct sample_set one = { .samples = &sample, .count = 1, .capacity = 1 };

	(void)state;
	assert_string_equal(written(&one),
		    "{\"record\":\"cell\",\"case\":\"containers/2\",\"op\":\"map\","
		    "\"variant\":\"vma_to_pfn\",\"size_bytes\":4096,\"pages\":2,"
		    "\"va_offset_bytes\":0,\"tables\":\"warm\",\"iova_align_bytes\":1073741824,"
		    "\"chunk_bytes\":0,\"devices\":2,\"containers\":2,\"threads\":2,"
		    "\"repeats\":1,\"unit\":\"insn\",\"order\":[7],\"cost\":[2449]}\n"
		    "{\"record\":\"end\",\"samples\":1}");
}

/* What the hardware counted for each sample is there, and nothing else. */
static void counts_are_whole_or_absent(void **state)
{
	static struct sample two[] = {
		{ &bench_case, &op, 1, SZ_4K, 0, 0, 1, 2449, .counts = { 5, COUNTER_ABSENT, 0, 0 } },
		{ &bench_case, &op, 1, SZ_4K, 1, 1, 1, 2450, .counts = { 6, 7, COUNTER_ABSENT, 0 } },
	};
	static const struct sample_set both = { .samples = two, .count = 2, .capacity = 2 };
	static const struct counters counters;
	struct clock_source counting = clock_source;
	const char *line;

	(void)state;
	assert_null(strstr(written(&both), "cycles"));
	counting.counters = &counters;
	run.clock = &counting;
	line = written(&both);
	run.clock = &clock_source;
	assert_non_null(strstr(line, "\"cost\":[2449,2450],\"cycles\":[5,6],\"llc_misses\":[0,0]}"));
}

/* A line has an end, however many samples a cell has. */
static void long_cells_go_on_in_further_lines(void **state)
{
	static struct sample many[RECORD_LINE_SAMPLES + 1];
	struct sample_set long_set = { .samples = many, .count = RECORD_LINE_SAMPLES + 1 };
	struct outfile file;
	struct record record;
	struct error error;
	size_t i;

	(void)state;
	for (i = 0; i < long_set.count; i++)
		many[i] = (struct sample)SAMPLE(&bench_case, &op, 1, SZ_4G, i, i, 1, i);
	assert_int_equal(outfile_open(&file, false, &error, "%s", path), 0);
	assert_int_equal(record_write(&file, &run, &long_set, &error), 0);
	assert_int_equal(outfile_commit(&file, &error), 0);
	if (record_read(&record, path, &error))
		fail_msg("%s", error.text);
	unlink(path);
	assert_int_equal(record.cells.count, 1);
	assert_int_equal(record.samples, RECORD_LINE_SAMPLES + 1);
	for (i = 0; i < long_set.count; i++)
		assert_true(record.cells.list[0]->cost[i] == i);
	record_cleanup(&record);
}

static void env_names_further_devices(void **state)
{
	static const struct pci_device more[] = {
		{ .address = "0000:00:06.0" }, { .address = "0000:00:07.0" },
	};
	struct record_run several = run;
	json_t *record;

	(void)state;
	record = record_env(&several, &set);
	assert_null(json_object_get(record, "more_devices"));
	json_decref(record);
	several.more = more;
	several.more_count = 2;
	record = record_env(&several, &set);
	assert_int_equal(json_array_size(json_object_get(record, "more_devices")), 2);
	assert_string_equal(json_string_value(json_array_get(json_object_get(record,
							     "more_devices"), 1)),
			    "0000:00:07.0");
	json_decref(record);
}

static void env_has_its_keys_in_order(void **state)
{
	static const char *const keys[] = {
		"record", "schema", "tool", "mode", "unit", "kernel", "machine", "iommu", "device",
		"plan", "sampling", "skipped", "argv", "time",
	};
	json_t *env = record_env(&run, &set), *value;
	const char *key;
	size_t i = 0;

	(void)state;
	assert_non_null(env);
	json_object_foreach(env, key, value)
		assert_string_equal(key, keys[i++]);
	assert_int_equal(i, sizeof(keys) / sizeof(keys[0]));
	expect_json(json_incref(json_object_get(env, "iommu")),
		    "{\"model\":\"intel\",\"page_sizes_bytes\":[4096,2097152,1073741824]}");
	expect_json(json_incref(json_object_get(env, "device")),
		    "{\"address\":\"0000:00:05.0\",\"id\":\"1b36:0005\",\"bar\":2,"
		    "\"bar_bytes\":17179869184}");
	expect_json(json_incref(json_object_get(env, "plan")),
		    "{\"profile\":\"quick\",\"iterations\":2,\"cases\":[\"bar/4K-off/cold\"],"
		    "\"variants\":[\"vma_to_pfn\"],\"sizes_bytes\":[4096,4294967296]}");
	expect_json(json_incref(json_object_get(env, "sampling")),
		    "{\"order\":\"shuffled\",\"order_seed\":4000000000,\"warmup\":3,"
		    "\"min_time_ns\":1000000,\"repeats_max\":65536}");
	expect_json(json_incref(json_object_get(env, "skipped")), "[]");
	expect_json(json_incref(json_object_get(env, "argv")), "[\"barmap\",\"run\"]");
	json_decref(env);
}

static void env_tells_what_was_skipped(void **state)
{
	static const struct sample_set skipped = {
		.skips = { { &bench_case, SZ_1G, "no \"memory\"" } }, .skips_count = 1,
	};
	json_t *env = record_env(&run, &skipped);

	(void)state;
	assert_non_null(env);
	expect_json(json_incref(json_object_get(env, "skipped")),
		    "[{\"case\":\"bar/4K-off/cold\",\"from_bytes\":1073741824,"
		    "\"reason\":\"no \\\"memory\\\"\"}]");
	json_decref(env);
}

static void existing_file_is_left_alone(void **state)
{
	struct outfile file;
	struct error error;
	char text[64];
	FILE *other;

	(void)state;
	other = fopen(path, "w");
	assert_non_null(other);
	fputs("precious\n", other);
	fclose(other);
	assert_int_equal(outfile_open(&file, false, &error, "%s", path), -EEXIST);
	assert_int_equal(error.outcome, OUTCOME_USE);
	assert_int_equal(directory_files(), 1);
	assert_int_equal(file_read(path, text, sizeof(text)), 0);
	assert_string_equal(text, "precious");
	unlink(path);
}

/* Another program may make the file while the run goes on. */
static void file_made_meanwhile_is_left_alone(void **state)
{
	struct outfile file;
	struct error error;
	char text[64];
	FILE *other;

	(void)state;
	assert_int_equal(outfile_open(&file, false, &error, "%s", path), 0);
	assert_int_equal(record_write(&file, &run, &set, &error), 0);
	other = fopen(path, "w");
	assert_non_null(other);
	fputs("precious\n", other);
	fclose(other);
	assert_int_equal(outfile_commit(&file, &error), -EEXIST);
	assert_int_equal(directory_files(), 1);
	assert_int_equal(file_read(path, text, sizeof(text)), 0);
	assert_string_equal(text, "precious");
	unlink(path);
}

static void abandoned_file_leaves_nothing(void **state)
{
	struct outfile file;
	struct error error;

	(void)state;
	assert_int_equal(outfile_open(&file, false, &error, "%s", path), 0);
	assert_int_equal(directory_files(), 1);
	outfile_abandon(&file);
	assert_int_equal(directory_files(), 0);
}

static void unwritable_place_is_bad_use(void **state)
{
	struct outfile file;
	struct error error;

	(void)state;
	assert_true(outfile_open(&file, false, &error, "/proc/absent/r.jsonl") < 0);
	assert_int_equal(error.outcome, OUTCOME_USE);
	assert_non_null(strstr(error.text, "output '/proc/absent/r.jsonl'"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cells_hold_all_their_samples),
		cmocka_unit_test(several_of_something_are_told),
		cmocka_unit_test(counts_are_whole_or_absent),
		cmocka_unit_test(long_cells_go_on_in_further_lines),
		cmocka_unit_test(env_names_further_devices),
		cmocka_unit_test(env_has_its_keys_in_order),
		cmocka_unit_test(env_tells_what_was_skipped),
		cmocka_unit_test(existing_file_is_left_alone),
		cmocka_unit_test(file_made_meanwhile_is_left_alone),
		cmocka_unit_test(abandoned_file_leaves_nothing),
		cmocka_unit_test(unwritable_place_is_bad_use),
	};

	return cmocka_run_group_tests(tests, directory_create, directory_remove);
}
