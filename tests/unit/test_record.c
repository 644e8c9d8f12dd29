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
#define KEYS(size) KEYS_OF("cell", size)
#define KEYS_OF(record, size) \
	"{\"record\":\"" record "\",\"case\":\"bar/aligned/warm\",\"op\":\"map\"," \
	"\"variant\":\"stock\",\"size_bytes\":" size ",\"pages\":1,\"va_offset_bytes\":0," \
	"\"tables\":\"warm\",\"iova_align_bytes\":4096,\"chunk_bytes\":0"
#define CELL(order, unit, cost) ROW(order, "1", unit, cost)
#define ROW(order, repeats, unit, cost) \
	KEYS("4096") ",\"repeats\":" repeats ",\"unit\":\"" unit "\",\"order\":[" order "]," \
	"\"cost\":[" cost "]}\n"
#define MEMORY(amounts) KEYS_OF("memory", "4096") "," amounts "}\n"
#define END(samples) "{\"record\":\"end\",\"samples\":" samples "}\n"

/* An env line from behind its schema on. */
#define SAMPLING \
	",\"sampling\":{\"order\":\"fixed\",\"order_seed\":0,\"warmup\":1,\"min_time_ns\":0," \
	"\"repeats_max\":1}"
#define ENV_REST(page_bytes) \
	",\"tool\":{\"name\":\"b\",\"version\":\"0\",\"revision\":\"r\"},\"mode\":\"icount\"," \
	"\"unit\":\"insn\",\"kernel\":{\"name\":\"k\",\"release\":\"6\",\"version\":\"1\"," \
	"\"cmdline\":\"\"},\"machine\":{\"cpu\":\"c\",\"hypervisor\":\"TCG\",\"cpus\":1," \
	"\"page_bytes\":" page_bytes ",\"governor\":\"none\",\"mitigations\":\"m\",\"memory_bytes\":1}," \
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
	{ "older version", "@{\"record\":\"env\",\"schema\":2}\n",
	  ":1: schema 2 is not known: this program reads schema 3" },
	{ "newer version", "@{\"record\":\"env\",\"schema\":4}\n",
	  ":1: schema 4 is not known: this program reads schema 3" },
	{ "env without sampling", "@{\"record\":\"env\",\"schema\":3" ENV_REST("4096"),
	  ":1: env: key 'sampling.order' is missing" },
	{ "env without pages", "@{\"record\":\"env\",\"schema\":3" ENV_REST("0"),
	  ":1: env: value of 'machine.page_bytes' is not an integer from 1 to 2^53" },
	{ "env without fields", "@{\"record\":\"env\",\"schema\":3}\n",
	  ":1: env: key 'tool.name' is missing" },
	{ "skipped as text", "@{\"record\":\"env\",\"schema\":3,\"skipped\":\"all\"" SAMPLING
	  ENV_REST("4096"), ":1: env: value of 'skipped' is not an array" },
	{ "skipped without reason", "@{\"record\":\"env\",\"schema\":3,\"skipped\":"
	  "[{\"case\":\"c\",\"from_bytes\":4096}]" SAMPLING ENV_REST("4096"),
	  ":1: env: skipped: key 'reason' is missing" },
	{ "stages as text", "@{\"record\":\"env\",\"schema\":3,\"lab\":{\"stages\":\"all\"}"
	  SAMPLING ENV_REST("4096"), ":1: env: value of 'lab.stages' is not an array" },
	{ "stage without time", "@{\"record\":\"env\",\"schema\":3,\"lab\":{\"stages\":"
	  "[{\"name\":\"kernels\",\"peak_bytes\":1}]}" SAMPLING ENV_REST("4096"),
	  ":1: env: lab.stages: key 'time_ms' is missing" },
	{ "only env", "", ":1: truncated: there is no end line" },
	{ "no end line", CELL("0", "insn", "1"), ":2: truncated: there is no end line" },
	{ "cut in a line", "{\"record\":\"sam", ":2: truncated: the last line has no newline" },
	{ "cut behind the end", CELL("0", "insn", "1") "{\"record\":\"end\",\"samples\":1}",
	  ":3: truncated: the last line has no newline" },
	{ "count too high", CELL("0", "insn", "1") END("2"),
	  ":3: end says 2 samples, but the file has 1" },
	{ "count too low", CELL("0,1", "insn", "1,1") END("1"),
	  ":3: end says 1 samples, but the file has 2" },
	{ "no samples", END("0"), ":2: the file has no samples" },
	{ "two records in one", CELL("0", "insn", "1") END("1") CELL("1", "insn", "1"),
	  ":4: line after the end line" },
	{ "empty line", "\n" END("0"), ":2: not a JSON object on one line" },
	{ "garbage", CELL("0", "insn", "1") "\001\033[31mred\n" END("1"),
	  ":3: not a JSON object on one line: column 1: '[' or '{' expected near '?'" },
	{ "unknown kind", "{\"record\":\"note\"}\n" END("0"),
	  ":2: record is not one of 'cell', 'memory', 'end'" },
	{ "order again", CELL("4,4", "insn", "1,1") END("2"), ":2: order 4 comes after order 4" },
	{ "order again later", CELL("4", "insn", "1") CELL("3", "insn", "1") END("2"),
	  ":3: order 3 comes after order 4" },
	{ "order missing", KEYS("4096") ",\"repeats\":1,\"unit\":\"insn\",\"cost\":[1]}\n" END("1"),
	  ":2: cell: key 'order' is missing" },
	{ "order too short", CELL("0", "insn", "1,2") END("2"),
	  ":2: 2 samples and 1 places in the run: must be as many, and one or more" },
	{ "counts too short", KEYS("4096") ",\"repeats\":1,\"unit\":\"insn\",\"order\":[0,1],\"cost\":[1,2],"
	  "\"cycles\":[7]}\n" END("2"), ":2: 2 samples and 1 counts of the hardware: must be as many" },
	{ "cell without samples", CELL("", "insn", "") END("0"), ":2: 0 samples and 0 places" },
	{ "no repeats", ROW("0", "0", "insn", "1") END("1"),
	  ":2: cell: value of 'repeats' is not an integer from 1 to 2^53" },
	{ "other repeats", ROW("0", "1", "insn", "1") ROW("1", "2", "insn", "1") END("2"),
	  ":3: bar/aligned/warm map stock 4096 was measured under other conditions before" },
	{ "memory with a unit", MEMORY("\"unit\":\"insn\",\"bytes\":[4096]") END("1"),
	  ":2: memory: key 'unit' is not in this schema" },
	{ "memory without bytes", MEMORY("\"cost\":[4096]") END("1"), ":2: memory: " },
	{ "only memory", MEMORY("\"bytes\":[1]") END("1"), ":3: the file has no samples" },
	{ "memory not counted", CELL("0", "insn", "1") MEMORY("\"bytes\":[1]") END("1"),
	  ":4: end says 1 samples, but the file has 2" },
	{ "wrong unit", CELL("0", "ns", "1") END("1"),
	  ":2: cell has unit 'ns', but line 1 says 'insn'" },
	{ "missing field", KEYS("4096") ",\"repeats\":1,\"unit\":\"insn\",\"order\":[0]}\n" END("1"),
	  ":2: cell: key 'cost' is missing" },
	{ "missing condition", "{\"record\":\"cell\",\"case\":\"c\",\"op\":\"map\"}\n" END("1"),
	  ":2: cell: key 'variant' is missing" },
	{ "unknown key", KEYS("4096")
	  ",\"repeats\":1,\"unit\":\"insn\",\"order\":[0],\"cost\":[1],\"x\":1}\n" END("1"),
	  ":2: cell: key 'x' is not in this schema" },
	{ "key twice", KEYS("4096")
	  ",\"chunk_bytes\":0,\"repeats\":1,\"unit\":\"insn\",\"order\":[0],\"cost\":[1]}\n",
	  ":2: not a JSON object on one line" },
	{ "negative cost", CELL("0", "insn", "-1") END("1"),
	  ":2: cell: item 1 of 'cost' is not an integer from 0 to 2^53" },
	{ "negative cost later", CELL("0,1", "insn", "1,-1") END("2"),
	  ":2: cell: item 2 of 'cost' is not an integer from 0 to 2^53" },
	{ "cost with fraction", CELL("0", "insn", "1.5") END("1"), ":2: cell: item 1 of 'cost'" },
	{ "cost as text", CELL("0", "insn", "\"1\"") END("1"), ":2: cell: item 1 of 'cost'" },
	{ "cost too large", CELL("0", "insn", "9007199254740993") END("1"),
	  ":2: cell: item 1 of 'cost' is not an integer from 0 to 2^53" },
	{ "size too large", KEYS("9007199254740993") "}\n" END("1"),
	  ":2: cell: value of 'size_bytes' is not an integer from 0 to 2^53" },
	{ "pages of nothing", KEYS("0")
	  ",\"repeats\":1,\"unit\":\"insn\",\"order\":[0],\"cost\":[1]}\n" END("1"),
	  ":2: 1 pages do not go with 0 bytes" },
	{ "leading zero", CELL("0", "insn", "01") END("1"), ":2: not a JSON object on one line" },
	{ "text behind a cell", CELL("0", "insn", "1") KEYS("4096")
	  ",\"repeats\":1,\"unit\":\"insn\",\"order\":[1],\"cost\":[1]} \nx" END("2"),
	  ":4: not a JSON object" },
	{ "other conditions", CELL("0", "insn", "1")
	  "{\"record\":\"cell\",\"case\":\"bar/aligned/warm\",\"op\":\"map\","
	  "\"variant\":\"stock\",\"size_bytes\":4096,\"pages\":1,"
	  "\"va_offset_bytes\":4096,\"tables\":\"warm\","
	  "\"iova_align_bytes\":4096,\"chunk_bytes\":0,\"repeats\":1,\"unit\":\"insn\","
	  "\"order\":[1],\"cost\":[1]}\n",
	  ":3: bar/aligned/warm map stock 4096 was measured under other conditions before" },
	{ "name with blanks", "{\"record\":\"cell\",\"case\":\"a b\"}\n",
	  ":2: cell: value of 'case' is not a string of 1 to 100 letters, digits and _./+-" },
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
	static const char text[] = "{\"record\":\"env\",\"schema\":3\0}\n";
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
	static char text[RECORD_LINE_BYTES + 2];
	struct record record;
	struct error error;
	char path[64];

	(void)state;
	assert_int_not_equal(record_read(&record, "/dev/zero", &error), 0);
	assert_non_null(strstr(error.text, "/dev/zero:1: not a JSON object on one line"));
	memset(text, 'a', sizeof(text));
	fixture_text(path, text, sizeof(text));
	assert_int_not_equal(record_read(&record, path, &error), 0);
	unlink(path);
	assert_non_null(strstr(error.text, ":1: not a barmap record: line longer than 1 MiB"));
}

static void directory_and_absent_file_refused(void **state)
{
	struct record record;
	struct error error;

	(void)state;
	assert_int_not_equal(record_read(&record, "/tmp", &error), 0);
	assert_string_equal(error.text, "/tmp: Is a directory");
	assert_int_not_equal(record_read(&record, "/proc/absent/file", &error), 0);
	assert_string_equal(error.text, "/proc/absent/file: No such file or directory");
	assert_int_equal(error.outcome, OUTCOME_USE);
}

static void good_file_is_read(void **state)
{
	struct fixture fixture;
	struct record record;
	unsigned int i;

	(void)state;
	fixture_begin(&fixture, "patched", "icount", "insn");
	fixture_sample(&fixture, "null", "null", "none", 0, 31);
	for (i = 0; i < 9; i++) {
		fixture_sample(&fixture, "bar/aligned/warm", "map", "follow_pfn", 8192, 100 + i);
		fixture_sample(&fixture, "bar/aligned/warm", "map", "vma_to_pfn", 8192, 50);
	}
	fixture_end(&fixture);
	fixture_read(&fixture, &record);

	assert_string_equal(record.env.kernel_name, "patched");
	assert_string_equal(record.env.unit, "insn");
	assert_string_equal(record.env.iommu_model, "intel");
	assert_int_equal(record.env.device_bar, 2);
	assert_null(record_env_value(&record, "lab.qemu"));
	assert_int_equal(record.samples, 19);
	assert_int_equal(record.cells.count, 3);
	assert_string_equal(record.cells.list[0]->key.case_name, "null");
	assert_int_equal(record.cells.list[1]->samples, 9);
	assert_int_equal(record.cells.list[1]->key.pages, 2);
	for (i = 0; i < 9; i++)
		assert_true(record.cells.list[1]->cost[i] == 100 + i);
	record_cleanup(&record);
}

/* Keys in another order, and blanks, are the same record. */
static void other_layout_is_read(void **state)
{
	static const char cell[] =
		"{ \"cost\": [7, 8], \"repeats\": 1, \"order\": [1, 2], \"unit\": \"insn\","
		" \"record\": \"cell\","
		" \"case\": \"bar/aligned/warm\", \"op\": \"map\", \"variant\": \"stock\","
		" \"size_bytes\": 4096, \"pages\": 1, \"va_offset_bytes\": 0, \"tables\": \"warm\","
		" \"iova_align_bytes\": 4096, \"chunk_bytes\": 0 }\n";
	struct record record;
	struct error error;
	char path[64], text[4096];

	(void)state;
	snprintf(text, sizeof(text), "%s\n%s%s%s", fixture_env("k", "icount", "insn"),
		 CELL("0", "insn", "5"), cell, END("3"));
	fixture_text(path, text, strlen(text));
	assert_int_equal(record_read(&record, path, &error), 0);
	unlink(path);
	assert_int_equal(record.cells.count, 1);
	assert_int_equal(record.cells.list[0]->samples, 3);
	assert_true(record.cells.list[0]->cost[0] == 5);
	assert_true(record.cells.list[0]->cost[1] == 7);
	record_cleanup(&record);
}

/* Of how many devices and threads a sample is, is a condition of its cell like any other. */
static void several_of_something_are_read(void **state)
{
	static const char row[] = KEYS("4096") ",\"devices\":4,\"threads\":2,\"repeats\":1,"
		"\"unit\":\"insn\",\"order\":[0],\"cost\":[5]}\n";
	struct record record;
	struct error error;
	char path[64], text[4096];

	(void)state;
	snprintf(text, sizeof(text), "%s\n%s%s", fixture_env("k", "icount", "insn"), row, END("1"));
	fixture_text(path, text, strlen(text));
	assert_int_equal(record_read(&record, path, &error), 0);
	unlink(path);
	assert_int_equal(record.cells.list[0]->key.devices, 4);
	assert_int_equal(record.cells.list[0]->key.threads, 2);
	assert_int_equal(record.cells.list[0]->key.containers, 0);
	record_cleanup(&record);

	snprintf(text, sizeof(text), "%s\n%s%s%s", fixture_env("k", "icount", "insn"), row,
		 CELL("1", "insn", "5"), END("2"));
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
	snprintf(text, sizeof(text), "%s\n%s%s%s", fixture_env("k", "icount", "insn"),
		 CELL("0", "insn", "5"), MEMORY("\"bytes\":[4096,8192]"), END("3"));
	fixture_text(path, text, strlen(text));
	assert_int_equal(record_read(&record, path, &error), 0);
	unlink(path);
	assert_int_equal(record.samples, 1);
	assert_int_equal(record.cells.count, 1);
	assert_int_equal(record.cells.list[0]->samples, 1);
	assert_int_equal(record.memory.count, 1);
	assert_int_equal(record.memory.list[0]->samples, 2);
	assert_true(record.memory.list[0]->cost[1] == 8192);
	record_cleanup(&record);
}

/* A cost is of all repeats; what is read is that of one. */
static void repeats_divide_the_cost(void **state)
{
	struct record record;
	struct error error;
	char path[64], text[4096];

	(void)state;
	snprintf(text, sizeof(text), "%s\n%s%s%s", fixture_env("k", "metal", "ns"),
		 ROW("3,5", "4", "ns", "10,3"), ROW("6", "4", "ns", "8"), END("3"));
	fixture_text(path, text, strlen(text));
	assert_int_equal(record_read(&record, path, &error), 0);
	unlink(path);
	assert_true(record.cells.list[0]->cost[0] == 2.5);
	assert_true(record.cells.list[0]->cost[1] == 0.75);
	assert_true(record.cells.list[0]->cost[2] == 2);
	assert_true(record.cells.list[0]->order[0] == 3);
	assert_true(record.cells.list[0]->order[2] == 6);
	assert_int_equal(record.cells.list[0]->key.repeats, 4);
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
