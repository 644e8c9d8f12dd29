// SPDX-License-Identifier: GPL-2.0-or-later
/* The record reader: what it takes, and the words with which it refuses the rest. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "fixture.h"

/* Parts of lines; a damaged file is put together from them. */
#define KEYS(size) KEYS_OF("sample", size)
#define KEYS_OF(record, size) \
	"{\"record\":\"" record "\",\"case\":\"bar/aligned/warm\",\"op\":\"map\"," \
	"\"variant\":\"stock\",\"size_bytes\":" size ",\"pages\":1,\"va_offset_bytes\":0," \
	"\"tables\":\"warm\",\"iova_align_bytes\":4096,\"chunk_bytes\":0"
#define SAMPLE(iteration, unit, cost) \
	ROW(iteration, iteration, "1", unit, cost)
#define ROW(iteration, order, repeats, unit, cost) \
	KEYS("4096") ",\"iteration\":" iteration ",\"order\":" order ",\"repeats\":" repeats \
	",\"unit\":\"" unit "\",\"cost\":" cost "}\n"
#define MEMORY(iteration, amount) \
	KEYS_OF("memory", "4096") ",\"iteration\":" iteration "," amount "}\n"
#define END(samples) "{\"record\":\"end\",\"samples\":" samples "}\n"

/* An env line from behind its schema on. */
#define ENV_REST \
	",\"tool\":{\"name\":\"b\",\"version\":\"0\",\"revision\":\"r\"},\"mode\":\"icount\"," \
	"\"unit\":\"insn\",\"kernel\":{\"name\":\"k\",\"release\":\"6\",\"version\":\"1\"," \
	"\"cmdline\":\"\"},\"machine\":{\"cpu\":\"c\",\"hypervisor\":\"TCG\",\"cpus\":1," \
	"\"page_bytes\":4096,\"governor\":\"none\",\"mitigations\":\"m\",\"memory_bytes\":1}," \
	"\"iommu\":{\"model\":\"intel\",\"page_sizes_bytes\":[]},\"device\":{\"address\":\"a\"," \
	"\"id\":\"i\",\"bar\":2,\"bar_bytes\":4096},\"plan\":{\"profile\":\"p\"," \
	"\"iterations\":1,\"cases\":[],\"variants\":[],\"sizes_bytes\":[]},\"argv\":[]," \
	"\"time\":\"t\"}\n"

struct damage {
	const char *what;
	const char *text;	/* after the env line; "@" in front: instead of it */
	const char *error;	/* what the message must hold */
};

static const struct damage damages[] = {
	{ "empty file", "@", ":1: not a barmap record: the file is empty" },
	{ "other text", "@root:x:0:0:root:/root:/bin/bash\n", ":1: not a JSON object on one line" },
	{ "other JSON", "@{\"a\":1}\n", ":1: not a barmap record: line 1 must be the env record" },
	{ "array", "@[1,2]\n", ":1: not a barmap record" },
	{ "no version", "@{\"record\":\"env\"}\n", ":1: env: value of 'schema' is not an integer" },
	{ "unknown version", "@{\"record\":\"env\",\"schema\":3}\n",
	  ":1: schema 3 is not known: this program reads schemas 1 to 2" },
	{ "version zero", "@{\"record\":\"env\",\"schema\":0}\n",
	  ":1: schema 0 is not known: this program reads schemas 1 to 2" },
	{ "newer env in older clothes", "@{\"record\":\"env\",\"schema\":2" ENV_REST,
	  ":1: env: key 'sampling.order' is missing" },
	{ "order again", ROW("0", "4", "1", "insn", "1") ROW("1", "4", "1", "insn", "1") END("2"),
	  ":3: order 4 comes after order 4" },
	{ "order missing", KEYS("4096") 
	  ",\"iteration\":0,\"unit\":\"insn\",\"cost\":1}\n" END("1"),
	  ":2: sample: key 'order' is missing" },
	{ "no repeats", ROW("0", "0", "0", "insn", "1") END("1"),
	  ":2: repeats 0: must be 1 or more" },
	{ "no repeats later", ROW("0", "0", "1", "insn", "1") 
	  ROW("1", "1", "0", "insn", "1") END("2"),
	  ":3: repeats 0: must be 1 or more" },
	{ "env without fields", "@{\"record\":\"env\",\"schema\":1}\n",
	  ":1: env: key 'mode' is missing" },
	{ "skipped as text", "@{\"record\":\"env\",\"schema\":1,\"skipped\":\"all\"" ENV_REST,
	  ":1: env: value of 'skipped' is not an array" },
	{ "skipped without reason", "@{\"record\":\"env\",\"schema\":1,\"skipped\":"
	  "[{\"case\":\"c\",\"from_bytes\":4096}]" ENV_REST,
	  ":1: env: skipped: key 'reason' is missing" },
	{ "stages as text", "@{\"record\":\"env\",\"schema\":1,\"lab\":{\"stages\":\"all\"}"
	  ENV_REST, ":1: env: value of 'lab.stages' is not an array" },
	{ "stage without time", "@{\"record\":\"env\",\"schema\":1,\"lab\":{\"stages\":"
	  "[{\"name\":\"kernels\",\"peak_bytes\":1}]}" ENV_REST,
	  ":1: env: lab.stages: key 'time_ms' is missing" },
	{ "only env", "", ":1: truncated: there is no end line" },
	{ "no end line", SAMPLE("0", "insn", "1"), ":2: truncated: there is no end line" },
	{ "cut in a line", "{\"record\":\"sam", ":2: truncated: the last line has no newline" },
	{ "cut behind the end", SAMPLE("0", "insn", "1") "{\"record\":\"end\",\"samples\":1}",
	  ":3: truncated: the last line has no newline" },
	{ "count too high", SAMPLE("0", "insn", "1") END("2"),
	  ":3: end says 2 samples, but the file has 1" },
	{ "count too low", SAMPLE("0", "insn", "1") SAMPLE("1", "insn", "1") END("1"),
	  ":4: end says 1 samples, but the file has 2" },
	{ "no samples", END("0"), ":2: the file has no samples" },
	{ "two records in one", SAMPLE("0", "insn", "1") END("1") SAMPLE("1", "insn", "1"),
	  ":4: line after the end line" },
	{ "empty line", "\n" END("0"), ":2: not a JSON object on one line" },
	{ "garbage", SAMPLE("0", "insn", "1") "\001\033[31mred\n" END("1"),
	  ":3: not a JSON object on one line: column 1: '[' or '{' expected near '?'" },
	{ "unknown kind", "{\"record\":\"note\"}\n" END("0"),
	  ":2: record is not one of 'sample', 'memory', 'end'" },
	{ "memory with a unit", MEMORY("0", "\"unit\":\"insn\",\"bytes\":4096") END("1"),
	  ":2: memory: key 'unit' is not in this schema" },
	{ "memory without bytes", MEMORY("0", "\"cost\":4096") END("1"), ":2: memory: " },
	{ "memory twice", MEMORY("0", "\"bytes\":1") MEMORY("0", "\"bytes\":1") END("2"),
	  ":3: iteration 0 of bar/aligned/warm map stock 4096 comes after iteration 0" },
	{ "only memory", MEMORY("0", "\"bytes\":1") END("1"), ":3: the file has no samples" },
	{ "memory not counted", SAMPLE("0", "insn", "1") MEMORY("0", "\"bytes\":1") END("1"),
	  ":4: end says 1 samples, but the file has 2" },
	{ "wrong unit", SAMPLE("0", "ns", "1") END("1"),
	  ":2: sample has unit 'ns', but line 1 says 'insn'" },
	{ "wrong unit later", SAMPLE("0", "insn", "1") SAMPLE("1", "ns", "1") END("2"),
	  ":3: sample has unit 'ns', but line 1 says 'insn'" },
	{ "missing field", KEYS("4096") ",\"iteration\":0,\"order\":0,\"repeats\":1,\"unit\":\"insn\"}\n" END("1"),
	  ":2: sample: key 'cost' is missing" },
	{ "missing condition", "{\"record\":\"sample\",\"case\":\"c\",\"op\":\"map\"}\n" END("1"),
	  ":2: sample: key 'variant' is missing" },
	{ "unknown key", KEYS("4096")
	  ",\"iteration\":0,\"order\":0,\"repeats\":1,\"unit\":\"insn\",\"cost\":1,\"x\":1}\n" END("1"),
	  ":2: sample: key 'x' is not in this schema" },
	{ "key twice", KEYS("4096")
	  ",\"chunk_bytes\":0,\"iteration\":0,\"unit\":\"insn\",\"cost\":1}\n",
	  ":2: not a JSON object on one line" },
	{ "negative cost", SAMPLE("0", "insn", "-1") END("1"),
	  ":2: sample: value of 'cost' is not an integer of 0 or more" },
	{ "negative cost later", SAMPLE("0", "insn", "1") SAMPLE("1", "insn", "-1") END("2"),
	  ":3: sample: value of 'cost' is not an integer of 0 or more" },
	{ "cost with fraction", SAMPLE("0", "insn", "1.5") END("1"),
	  ":2: sample: value of 'cost'" },
	{ "cost as text", SAMPLE("0", "insn", "\"1\"") END("1"), ":2: sample: value of 'cost'" },
	{ "cost too large", SAMPLE("0", "insn", "9007199254740993") END("1"),
	  ":2: cost 900719925474099" },
	{ "leading zero", SAMPLE("0", "insn", "1") SAMPLE("1", "insn", "01") END("2"),
	  ":3: not a JSON object on one line" },
	{ "text behind a sample", SAMPLE("0", "insn", "1") KEYS("4096")
	  ",\"iteration\":1,\"order\":1,\"repeats\":1,\"unit\":\"insn\",\"cost\":1} \nx" END("2"), ":4: not a JSON object" },
	{ "iteration again", SAMPLE("0", "insn", "1") SAMPLE("0", "insn", "1") END("2"),
	  ":3: iteration 0 of bar/aligned/warm map stock 4096 comes after iteration 0" },
	{ "other conditions", SAMPLE("0", "insn", "1")
	  "{\"record\":\"sample\",\"case\":\"bar/aligned/warm\",\"op\":\"map\","
	  "\"variant\":\"stock\",\"size_bytes\":4096,\"pages\":1,"
	  "\"va_offset_bytes\":4096,\"tables\":\"warm\","
	  "\"iova_align_bytes\":4096,\"chunk_bytes\":0,\"iteration\":1,\"order\":1,"
	  "\"repeats\":1,\"unit\":\"insn\",\"cost\":1}\n",
	  ":3: bar/aligned/warm map stock 4096 was measured under other conditions before" },
	{ "name with blanks", "{\"record\":\"sample\",\"case\":\"a b\"}\n",
	  ":2: sample: value of 'case' is not a string of letters, digits and _./+- only" },
};

static void damage_refused(void **state)
{
	const struct damage *damage = *state;
	const char *env = fixture_env("k", "icount", "insn");
	char path[64], text[8192];
	struct record record;
	struct error error;

	if (damage->text[0] == '@')
		snprintf(text, sizeof(text), "%s", damage->text + 1);
	else
		snprintf(text, sizeof(text), "%s\n%s", env, damage->text);
	fixture_text(path, text, strlen(text));
	assert_int_not_equal(record_read(&record, path, &error), 0);
	unlink(path);
	assert_int_equal(error.outcome, OUTCOME_USE);
	assert_memory_equal(error.text, path, strlen(path));
	if (!strstr(error.text, damage->error))
		fail_msg("'%s' does not hold '%s'", error.text, damage->error);
	assert_null(strchr(error.text, '\n'));
	assert_null(strchr(error.text, '\033'));
}

static void unit_must_go_with_mode(void **state)
{
	static const char *const pairs[][2] = {
		{ "icount", "ns" }, { "metal", "insn" }, { "kvm", "insn" }, { "fast", "ns" },
	};
	struct record record;
	struct error error;
	char path[64];
	const char *env;
	size_t i;

	(void)state;
	for (i = 0; i < 4; i++) {
		env = fixture_env("k", pairs[i][0], pairs[i][1]);
		fixture_text(path, env, strlen(env));
		assert_int_not_equal(record_read(&record, path, &error), 0);
		unlink(path);
	}
}

static void nul_byte_refused(void **state)
{
	static const char text[] = "{\"record\":\"env\",\"schema\":1\0}\n";
	struct record record;
	struct error error;
	char path[64];

	(void)state;
	fixture_text(path, text, sizeof(text) - 1);
	assert_int_not_equal(record_read(&record, path, &error), 0);
	unlink(path);
	assert_non_null(strstr(error.text, ":1: not a JSON object"));
}

static void endless_line_refused(void **state)
{
	struct record record;
	struct error error;

	(void)state;
	assert_int_not_equal(record_read(&record, "/dev/zero", &error), 0);
	assert_string_equal(error.text, "/dev/zero:1: not a barmap record: line longer than 1 MiB");
}

static void directory_and_absent_file_refused(void **state)
{
	struct record record;
	struct error error;

	(void)state;
	assert_int_not_equal(record_read(&record, "/tmp", &error), 0);
	assert_string_equal(error.text, "/tmp: Is a directory");
	assert_int_not_equal(record_read(&record, "/nonexistent/file", &error), 0);
	assert_string_equal(error.text, "/nonexistent/file: No such file or directory");
	assert_int_equal(error.outcome, OUTCOME_USE);
}

static void good_file_is_read(void **state)
{
	struct fixture fixture;
	struct record record;
	unsigned int i;

	(void)state;
	fixture_begin(&fixture, "patched", "icount", "insn");
	fixture_sample(&fixture, "null", "null", "none", 0, 0, 31);
	for (i = 0; i < 9; i++) {
		fixture_sample(&fixture, "bar/aligned/warm", "map", "follow_pfn", 8192, i, 100 + i);
		fixture_sample(&fixture, "bar/aligned/warm", "map", "vma_to_pfn", 8192, i, 50);
	}
	fixture_end(&fixture);
	fixture_read(&fixture, &record);

	assert_string_equal(record.kernel_name, "patched");
	assert_string_equal(record.unit, "insn");
	assert_string_equal(record.iommu_model, "intel");
	assert_int_equal(json_integer_value(record_env_value(&record, "device.bar")), 2);
	assert_null(record_env_value(&record, "lab.qemu"));
	assert_int_equal(record.samples, 19);
	assert_int_equal(record.cells_count, 3);
	assert_string_equal(record.cells[0]->key.case_name, "null");
	assert_int_equal(record.cells[1]->samples, 9);
	assert_int_equal(record.cells[1]->key.pages, 2);
	for (i = 0; i < 9; i++)
		assert_true(record.cells[1]->cost[i] == 100 + i);
	record_cleanup(&record);
}

/* Keys in another order, and blanks, are the same record. */
static void other_layout_is_read(void **state)
{
	static const char sample[] =
		"{ \"cost\": 7, \"repeats\": 1, \"order\": 1, \"unit\": \"insn\", \"iteration\": 1, \"record\": \"sample\","
		" \"case\": \"bar/aligned/warm\", \"op\": \"map\", \"variant\": \"stock\","
		" \"size_bytes\": 4096, \"pages\": 1, \"va_offset_bytes\": 0, \"tables\": \"warm\","
		" \"iova_align_bytes\": 4096, \"chunk_bytes\": 0 }\n";
	struct record record;
	struct error error;
	char path[64], text[4096];

	(void)state;
	snprintf(text, sizeof(text), "%s\n%s%s%s", fixture_env("k", "icount", "insn"),
		 SAMPLE("0", "insn", "5"), sample, END("2"));
	fixture_text(path, text, strlen(text));
	assert_int_equal(record_read(&record, path, &error), 0);
	unlink(path);
	assert_int_equal(record.cells_count, 1);
	assert_int_equal(record.cells[0]->samples, 2);
	assert_true(record.cells[0]->cost[0] == 5);
	assert_true(record.cells[0]->cost[1] == 7);
	record_cleanup(&record);
}

/* Of how many devices and threads a sample is, is a condition of its cell like any other. */
static void several_of_something_are_read(void **state)
{
	static const char row[] = KEYS("4096") ",\"devices\":4,\"threads\":2,\"iteration\":0,"
		"\"order\":0,\"repeats\":1,\"unit\":\"insn\",\"cost\":5}\n";
	struct record record;
	struct error error;
	char path[64], text[4096];

	(void)state;
	snprintf(text, sizeof(text), "%s\n%s%s", fixture_env("k", "icount", "insn"), row, END("1"));
	fixture_text(path, text, strlen(text));
	assert_int_equal(record_read(&record, path, &error), 0);
	unlink(path);
	assert_int_equal(record.cells[0]->key.devices, 4);
	assert_int_equal(record.cells[0]->key.threads, 2);
	assert_int_equal(record.cells[0]->key.containers, 0);
	record_cleanup(&record);

	snprintf(text, sizeof(text), "%s\n%s%s%s", fixture_env("k", "icount", "insn"), row,
		 SAMPLE("1", "insn", "5"), END("2"));
	fixture_text(path, text, strlen(text));
	assert_int_equal(record_read(&record, path, &error), -EBADMSG);
	unlink(path);
	assert_non_null(strstr(error.text, ":3: bar/aligned/warm map stock 4096 was measured under "
			       "other conditions before"));
}

/* Bytes stay apart from costs, also from those of the same name. */
static void memory_is_read_apart(void **state)
{
	struct record record;
	struct error error;
	char path[64], text[4096];

	(void)state;
	snprintf(text, sizeof(text), "%s\n%s%s%s%s", fixture_env("k", "icount", "insn"),
		 SAMPLE("0", "insn", "5"), MEMORY("0", "\"bytes\":4096"),
		 MEMORY("1", "\"bytes\":8192"), END("3"));
	fixture_text(path, text, strlen(text));
	assert_int_equal(record_read(&record, path, &error), 0);
	unlink(path);
	assert_int_equal(record.samples, 1);
	assert_int_equal(record.cells_count, 1);
	assert_int_equal(record.cells[0]->samples, 1);
	assert_int_equal(record.memory_count, 1);
	assert_int_equal(record.memory[0]->samples, 2);
	assert_true(record.memory[0]->cost[1] == 8192);
	record_cleanup(&record);
}

/* A cost is of all repeats; what is read is that of one. */
static void repeats_divide_the_cost(void **state)
{
	struct record record;
	struct error error;
	char path[64], text[4096];

	(void)state;
	snprintf(text, sizeof(text), "%s\n%s%s%s%s", fixture_env("k", "metal", "ns"),
		 ROW("0", "3", "4", "ns", "10"), ROW("1", "5", "1", "ns", "3"),
		 ROW("2", "6", "8", "ns", "8"), END("3"));
	fixture_text(path, text, strlen(text));
	assert_int_equal(record_read(&record, path, &error), 0);
	unlink(path);
	assert_int_equal(record.schema, 2);
	assert_true(record.cells[0]->cost[0] == 2.5);
	assert_true(record.cells[0]->cost[1] == 3);
	assert_true(record.cells[0]->cost[2] == 1);
	assert_true(record.cells[0]->order[0] == 3);
	assert_true(record.cells[0]->order[2] == 6);
	assert_int_equal(record.cells[0]->repeats_least, 1);
	assert_int_equal(record.cells[0]->repeats_most, 8);
	record_cleanup(&record);
}

/* The start of a record that schema 1 was current for. */
static void schema_1_is_read(void **state)
{
	const char *srcdir = getenv("srcdir");
	struct record record;
	struct error error;
	char path[4096];

	(void)state;
	snprintf(path, sizeof(path), "%s/tests/analysis/schema-1.jsonl", srcdir ? srcdir : ".");
	if (record_read(&record, path, &error))
		fail_msg("%s", error.text);
	assert_int_equal(record.schema, 1);
	assert_string_equal(record.unit, "insn");
	assert_null(record_env_value(&record, "sampling"));
	assert_true(record.samples > record.cells_count);
	assert_true(record.cells[0]->cost[0] > 0);
	assert_int_equal(record.cells[0]->repeats_most, 1);
	assert_true(record.cells[0]->order[1] > record.cells[0]->order[0]);
	record_cleanup(&record);
}

#define DAMAGES (sizeof(damages) / sizeof(damages[0]))

int main(void)
{
	static const struct CMUnitTest others[] = {
		cmocka_unit_test(unit_must_go_with_mode),
		cmocka_unit_test(nul_byte_refused),
		cmocka_unit_test(endless_line_refused),
		cmocka_unit_test(directory_and_absent_file_refused),
		cmocka_unit_test(good_file_is_read),
		cmocka_unit_test(other_layout_is_read),
		cmocka_unit_test(several_of_something_are_read),
		cmocka_unit_test(memory_is_read_apart),
		cmocka_unit_test(repeats_divide_the_cost),
		cmocka_unit_test(schema_1_is_read),
	};
	struct CMUnitTest tests[DAMAGES + sizeof(others) / sizeof(others[0])];
	size_t i;

	for (i = 0; i < DAMAGES; i++)
		tests[i] = (struct CMUnitTest){
			.name = damages[i].what,
			.test_func = damage_refused,
			.initial_state = (void *)&damages[i],
		};
	memcpy(tests + DAMAGES, others, sizeof(others));
	return cmocka_run_group_tests(tests, NULL, NULL);
}
