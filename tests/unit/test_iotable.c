// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <string.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lib/iotable.h"

#define DEVICE	"0000:00:05.0"

/* Of guests: a BAR of 4 GiB at 4 GiB, mapped at 8 GiB, and a page of RAM; most leaves left out. */
static const char table_6_12[] =
	"Device 0000:00:05.0 @0xdfd000\n"
	"IOVA_PFN         \tPML5E             \tPML4E             \tPDPE              \tPDE               \tPTE\n"
	"0x00000002001ff |	0x0000000000000000	0x0000000000eba003	0x0000000000b9e003	0x0000000000e1f003	0x00000001001ff003\n"
	"0x0000000200200 |	0x0000000000000000	0x0000000000eba003	0x0000000000b9e003	0x0000000100200083\n"
	"0x0000000240000 |	0x0000000000000000	0x0000000000eba003	0x0000000140000083\n"
	"0x0000000300000 |	0x0000000000000000	0x0000000000eba003	0x0000000000e1c003	0x0000000000dfe003	0x0000000000b9f003\n";

/* All devices, and as many times as the IOMMU group has devices the first of them. */
static const char table_6_1[] =
	"Device 0000:00:00.0 @0xb95000\n"
	"IOVA_PFN\t\tPML5E\t\t\tPML4E\t\t\tPDPE\t\t\tPDE\t\t\tPTE\n"
	"\n"
	"Device 0000:00:05.0 @0xdc0000\n"
	"IOVA_PFN\t\tPML5E\t\t\tPML4E\t\t\tPDPE\t\t\tPDE\t\t\tPTE\n"
	"0x00000002001ff |	0x0000000000000000	0x0000000000dc1003	0x0000000000dba003	0x0000000000dd1003	0x00000001001ff003\n"
	"0x0000000200200 |	0x0000000000000000	0x0000000000dc1003	0x0000000000dba003	0x0000000100200083	0x0000000000000000\n"
	"0x0000000240000 |	0x0000000000000000	0x0000000000dc1003	0x0000000140000083	0x0000000000000000	0x0000000000000000\n"
	"0x0000000300000 |	0x0000000000000000	0x0000000000dc1003	0x0000000000dd2003	0x0000000000dbb003	0x0000000000dd5003\n"
	"\n"
	"Device 0000:00:1f.0 @0xb9d000\n"
	"IOVA_PFN\t\tPML5E\t\t\tPML4E\t\t\tPDPE\t\t\tPDE\t\t\tPTE\n"
	"0x0000000000000 |	0x0000000000000000	0x0000000000b9e003	0x0000000000b9f003	0x0000000000ba0003	0x0000000000000003\n"
	"0x0000000000001 |	0x0000000000000000	0x0000000000b9e003	0x0000000000b9f003	0x0000000000ba0003	0x0000000000001003\n"
	"\n"
	"Device 0000:00:1f.0 @0xb9d000\n"
	"IOVA_PFN\t\tPML5E\t\t\tPML4E\t\t\tPDPE\t\t\tPDE\t\t\tPTE\n"
	"0x0000000000000 |	0x0000000000000000	0x0000000000b9e003	0x0000000000b9f003	0x0000000000ba0003	0x0000000000000003\n"
	"0x0000000000001 |	0x0000000000000000	0x0000000000b9e003	0x0000000000b9f003	0x0000000000ba0003	0x0000000000001003\n"
	"\n";

static void table_open(struct iotable *table, const char *text, const char *address)
{
	FILE *file = fmemopen((void *)(uintptr_t)text, strlen(text), "r");

	assert_non_null(file);
	iotable_open_file(table, file, address);
}

/* What reading @text for DEVICE ends with. */
static int table_end(const char *text)
{
	struct iotable_leaf leaf;
	struct iotable table;
	int ret;

	table_open(&table, text, DEVICE);
	do {
		ret = iotable_next(&table, &leaf);
	} while (ret > 0);
	iotable_close(&table);
	return ret;
}

static void leaf_is(struct iotable *table, uint64_t iova, uint64_t physical,
		    enum iotable_size size)
{
	struct iotable_leaf leaf;

	assert_int_equal(iotable_next(table, &leaf), 1);
	assert_int_equal(leaf.iova, iova);
	assert_int_equal(leaf.physical, physical);
	assert_int_equal(leaf.size, size);
	assert_true(leaf.readable);
	assert_true(leaf.writable);
}

static void leaves_are_read(const char *text, uint64_t page_physical)
{
	struct iotable_leaf leaf;
	struct iotable table;

	table_open(&table, text, DEVICE);
	leaf_is(&table, 0x2001ff000, 0x1001ff000, IOTABLE_4K);
	leaf_is(&table, 0x200200000, 0x100200000, IOTABLE_2M);
	leaf_is(&table, 0x240000000, 0x140000000, IOTABLE_1G);
	leaf_is(&table, 0x300000000, page_physical, IOTABLE_4K);
	assert_int_equal(iotable_next(&table, &leaf), 0);
	iotable_close(&table);
}

static void reads_what_6_12_prints(void **state)
{
	(void)state;
	leaves_are_read(table_6_12, 0xb9f000);
}

static void reads_what_6_1_prints(void **state)
{
	(void)state;
	leaves_are_read(table_6_1, 0xdd5000);
}

/* A group's table is there once for each of its devices: once is enough. */
static void repeated_tables_are_read_once(void **state)
{
	struct iotable_leaf leaf;
	struct iotable table;

	(void)state;
	table_open(&table, table_6_1, "0000:00:1f.0");
	leaf_is(&table, 0, 0, IOTABLE_4K);
	leaf_is(&table, 0x1000, 0x1000, IOTABLE_4K);
	assert_int_equal(iotable_next(&table, &leaf), 0);
	assert_int_equal(iotable_next(&table, &leaf), 0);
	iotable_close(&table);
}

static void other_devices_are_not_this_one(void **state)
{
	static const char function_10[] =
		"Device 0000:00:05.01 @0xdef000\n"
		"0x0000000100200 |	0x0	0xde9003	0xdf5003	0x100200083\n";

	(void)state;
	assert_int_equal(table_end(table_6_1), 0);
	assert_int_equal(table_end(function_10), -ENODEV);
	assert_int_equal(table_end("\n"), -ENODEV);
	assert_int_equal(table_end(""), -ENODEV);
	assert_int_equal(table_end("Device " DEVICE " @0xdef000\nIOVA_PFN\n"), 0);
	assert_int_equal(table_end("Device " DEVICE " with pasid 0 @0xdef000\nIOVA_PFN\n"), 0);
}

/* One leaf of DEVICE that has @columns. */
static int leaf_read(const char *columns, struct iotable_leaf *leaf)
{
	char text[256];
	struct iotable table;
	int ret;

	snprintf(text, sizeof(text), "Device " DEVICE " @0x1000\n%s\n", columns);
	table_open(&table, text, DEVICE);
	ret = iotable_next(&table, leaf);
	iotable_close(&table);
	return ret;
}

/* What one entry on the way does not allow is not allowed. */
static void permission_is_that_of_all_entries(void **state)
{
	struct iotable_leaf leaf;

	(void)state;
	assert_int_equal(leaf_read("0x1 | 0x0 0x2003 0x3003 0x4003 0x5001", &leaf), 1);
	assert_true(leaf.readable);
	assert_false(leaf.writable);
	assert_int_equal(leaf_read("0x1 | 0x0 0x2002 0x3003 0x4003 0x5003", &leaf), 1);
	assert_false(leaf.readable);
	assert_true(leaf.writable);
}

/* Bits above the address and below it are none of it: execute-disable, snoop. */
static void address_is_bits_12_to_51(void **state)
{
	struct iotable_leaf leaf;

	(void)state;
	assert_int_equal(leaf_read("0x1 | 0x0 0x2003 0x3003 0x4003 0xfff0000000005fff", &leaf), 1);
	assert_int_equal(leaf.physical, 0x5000);
	assert_int_equal(leaf_read("0x1 | 0x0 0x2003 0x3003 0xf123456789083", &leaf), 1);
	assert_int_equal(leaf.physical, 0xf123456789000);
	assert_int_equal(leaf.size, IOTABLE_2M);
	assert_int_equal(leaf_read("0xfffffffff | 0x9003 0x2003 0x3003 0x4003 0x5003", &leaf), 1);
	assert_int_equal(leaf.iova, 0xfffffffff000);
}

static void refuses_what_is_no_leaf(void **state)
{
	static const char *const lines[] = {
		"0x1 0x0 0x2003 0x3003 0x4003 0x5003",		/* no bar */
		"0x1 | 0x0 0x2003 0x3003 0x4003",		/* 2M, but no bit 7 */
		"0x1 | 0x0 0x2083 0x0",				/* 512G: there are none */
		"0x1 | 0x0 0x0 0x0 0x0 0x0",
		"0x1 |",
		"0x1 | 0x0 0x2003 0x3003 0x4003 0x5003 0x6003",
		"0x1 | 0x0 0x2003 0x3003 0x4003 0x5003 x",
		"DMA Remapping is not enabled on dmar0",
	};
	struct iotable_leaf leaf;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		assert_int_equal(leaf_read(lines[i], &leaf), -EBADMSG);
	assert_int_equal(table_end("Device " DEVICE " @0x1000\n0x1 | 0x0 0x2003 0x3003 0x4003 0x50"),
			 -EBADMSG);
}

static void kernels_may_show_none(void **state)
{
	struct iotable table;

	(void)state;
	assert_int_equal(iotable_open(&table, "ffff:ff:1f.7"), -ENOENT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_what_6_12_prints),
		cmocka_unit_test(reads_what_6_1_prints),
		cmocka_unit_test(repeated_tables_are_read_once),
		cmocka_unit_test(other_devices_are_not_this_one),
		cmocka_unit_test(permission_is_that_of_all_entries),
		cmocka_unit_test(address_is_bits_12_to_51),
		cmocka_unit_test(refuses_what_is_no_leaf),
		cmocka_unit_test(kernels_may_show_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
