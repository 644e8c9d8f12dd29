// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lib/size.h"
#include "verify/table.h"

#define DEVICE	"0000:00:05.0"

#define BAR_BYTES	(4 * SZ_2M)
#define PHYSICAL	(3 * SZ_4G)
#define IOVA		SZ_4G
#define PAGE_IOVA	(2 * SZ_4G)
#define ENTRIES		"0x0 0x2003 0x3003 "
#define PAGE		"0x200000 | " ENTRIES "0x4003 0x5003\n"

static void table_open(struct iotable *table, const char *text, const char *address)
{
	FILE *file = fmemopen((void *)(uintptr_t)text, strlen(text), "r");

	assert_non_null(file);
	iotable_open_file(table, file, address);
}

static const struct verify_shape aligned = { .name = "aligned" };
static const struct verify_shape swapped = { .name = "swapped", .swapped = true };

/* Hold lines against @shape. */
static int table_check(const struct verify_shape *shape, const char *lines,
		       struct verify_leaves *leaves, char text[VERIFY_TABLE_TEXT_BYTES])
{
	const struct verify_table must = {
		.shape = shape, .iova = IOVA, .bar_bytes = BAR_BYTES, .bar_physical = PHYSICAL,
		.page_iova = PAGE_IOVA,
	};
	char table_text[1024];
	struct iotable table;
	int ret;

	memset(leaves, 0, sizeof(*leaves));
	snprintf(table_text, sizeof(table_text), "Device " DEVICE " @0x1000\n%s", lines);
	table_open(&table, table_text, DEVICE);
	ret = verify_table_check(&table, &must, leaves, text);
	iotable_close(&table);
	return ret;
}

static void table_is_right(const struct verify_shape *shape, const char *lines, uint64_t count)
{
	char text[VERIFY_TABLE_TEXT_BYTES] = "";
	struct verify_leaves leaves;

	assert_int_equal(table_check(shape, lines, &leaves, text), 0);
	assert_int_equal(leaves.count[IOTABLE_2M], count);
	assert_int_equal(leaves.bytes, count * SZ_2M);
}

static void table_is_wrong(const struct verify_shape *shape, const char *lines, const char *said)
{
	char text[VERIFY_TABLE_TEXT_BYTES] = "";
	struct verify_leaves leaves;

	assert_int_equal(table_check(shape, lines, &leaves, text), -EINVAL);
	assert_string_equal(text, said);
}

#define LEAF_0		"0x100000 | " ENTRIES "0x300000083\n"
#define LEAF_1		"0x100200 | " ENTRIES "0x300200083\n"
#define LEAF_2		"0x100400 | " ENTRIES "0x300400083\n"
#define LEAF_3		"0x100600 | " ENTRIES "0x300600083\n"

static void the_right_table_passes(void **state)
{
	(void)state;
	table_is_right(&aligned, LEAF_0 LEAF_1 LEAF_2 LEAF_3 PAGE, 4);
	table_is_right(NULL, PAGE, 0);
	table_is_right(&swapped, "0x100000 | " ENTRIES "0x300400083\n"
		       "0x100200 | " ENTRIES "0x300600083\n"
		       "0x100400 | " ENTRIES "0x300000083\n"
		       "0x100600 | " ENTRIES "0x300200083\n" PAGE, 4);
}

static void every_byte_must_be_mapped(void **state)
{
	(void)state;
	table_is_wrong(&aligned, PAGE, "iova 0x100000000 is not mapped");
	table_is_wrong(&aligned, LEAF_1 LEAF_2 LEAF_3 PAGE, "iova 0x100000000 is not mapped");
	table_is_wrong(&aligned, LEAF_0 LEAF_2 LEAF_3 PAGE, "iova 0x100200000 is not mapped");
	table_is_wrong(&aligned, LEAF_0 LEAF_1 LEAF_2 PAGE, "iova 0x100600000 is not mapped");
	table_is_wrong(&aligned, LEAF_0 LEAF_1 LEAF_2 LEAF_3, "iova 0x200000000 is not mapped");
}

static void nothing_else_may_be_mapped(void **state)
{
	(void)state;
	table_is_wrong(&aligned, "0xfffff | " ENTRIES "0x4003 0x2fffff003\n" LEAF_0,
		       "iova 0xfffff000 is mapped to 0x2fffff000, must not be mapped");
	table_is_wrong(&aligned, LEAF_0 LEAF_1 LEAF_2 LEAF_3
		       "0x100800 | " ENTRIES "0x4003 0x300800003\n" PAGE,
		       "iova 0x100800000 is mapped to 0x300800000, must not be mapped");
	table_is_wrong(&aligned, LEAF_0 LEAF_0,
		       "iova 0x100000000 is mapped to 0x300000000, must not be mapped");
	table_is_wrong(NULL, LEAF_3 PAGE,
		       "iova 0x100600000 is mapped to 0x300600000, must not be mapped");
	table_is_wrong(&aligned, "0x100000 | 0x0 0x2003 0x300000083\n" PAGE,
		       "iova 0x100000000 is mapped to 0x300000000, beyond the end of the mapping");
	table_is_wrong(NULL, "0x200000 | " ENTRIES "0x5083\n",
		       "iova 0x200000000 is mapped to 0x5000, must be one page");
}

static void addresses_must_be_the_bar_s(void **state)
{
	(void)state;
	table_is_wrong(&aligned, LEAF_0 "0x100200 | " ENTRIES "0x300400083\n" LEAF_2 LEAF_3 PAGE,
		       "iova 0x100200000 is mapped to 0x300400000, must be to 0x300200000");
	table_is_wrong(&aligned, "0x100000 | " ENTRIES "0x300001083\n",
		       "iova 0x100000000 is mapped to 0x300001000, must be to 0x300000000");
	table_is_wrong(&swapped, LEAF_0 LEAF_1 LEAF_2 LEAF_3 PAGE,
		       "iova 0x100000000 is mapped to 0x300000000, must be to 0x300400000");
}

/* A leaf that begins right and goes on over where the shape does not. */
static void leaves_must_end_right(void **state)
{
	static const struct verify_shape pages = { .name = "pages", .swapped = true };
	const struct verify_table must = {
		.shape = &pages, .iova = IOVA, .bar_bytes = SZ_2M, .bar_physical = PHYSICAL,
		.page_iova = PAGE_IOVA,
	};
	char text[VERIFY_TABLE_TEXT_BYTES] = "";
	struct verify_leaves leaves = { .bytes = 0 };
	struct iotable table;

	(void)state;
	table_open(&table, "Device " DEVICE " @0x1000\n0x100000 | " ENTRIES "0x300100083\n", DEVICE);
	assert_int_equal(verify_table_check(&table, &must, &leaves, text), -EINVAL);
	iotable_close(&table);
	assert_string_equal(text, "iova 0x100000000 is mapped to 0x300100000, "
			    "and its last byte must be to 0x3000fffff");
}

static void both_ways_must_be_allowed(void **state)
{
	(void)state;
	table_is_wrong(&aligned, LEAF_0 "0x100200 | " ENTRIES "0x300200081\n" LEAF_2 LEAF_3 PAGE,
		       "iova 0x100200000 is mapped to 0x300200000, must be readable and writable");
	table_is_wrong(&aligned, "0x100000 | 0x0 0x2003 0x3002 0x300000083\n",
		       "iova 0x100000000 is mapped to 0x300000000, must be readable and writable");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_right_table_passes),
		cmocka_unit_test(every_byte_must_be_mapped),
		cmocka_unit_test(nothing_else_may_be_mapped),
		cmocka_unit_test(addresses_must_be_the_bar_s),
		cmocka_unit_test(leaves_must_end_right),
		cmocka_unit_test(both_ways_must_be_allowed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
