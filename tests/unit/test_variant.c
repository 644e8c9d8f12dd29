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

#include "lib/file.h"
#include "lib/variant.h"

static char path[] = "/tmp/barmap-test-variant-XXXXXX";

static int path_create(void **state)
{
	int fd = mkstemp(path);

	(void)state;
	if (fd < 0)
		return -1;
	close(fd);
	return 0;
}

static int path_remove(void **state)
{
	(void)state;
	return unlink(path);
}

/* A parameter file reads as @text. */
static void parameter_is(const char *text)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static void no_parameter_means_stock(void **state)
{
	struct variant_set set;
	struct error error;

	(void)state;
	assert_int_equal(variant_set_read(&set, "/proc/absent/pfn_lookup", &error), 0);
	assert_int_equal(set.count, 1);
	assert_string_equal(set.names[0], "stock");
	assert_false(set.selectable);
	assert_int_equal(variant_walker(&set), 0);
	assert_int_equal(variant_select(&set, 0), 0);
	assert_int_equal(variant_restore(&set), 0);
}

static void names_are_read_with_the_selected_one(void **state)
{
	struct variant_set set;
	struct error error;

	(void)state;
	parameter_is("base_pfn follow_pfn [vma_to_pfn] vma_to_pfn_page\n");
	assert_int_equal(variant_set_read(&set, path, &error), 0);
	assert_int_equal(set.count, 4);
	assert_int_equal(set.initial, 2);
	assert_string_equal(set.names[0], "base_pfn");
	assert_string_equal(set.names[2], "vma_to_pfn");
	assert_string_equal(set.names[3], "vma_to_pfn_page");
	assert_int_equal(variant_walker(&set), 1);
}

static void walker_is_the_quickest_there_is(void **state)
{
	static const struct {
		const char *text;
		size_t walker;
	} sets[] = {
		{ "follow_pfn leaf [vma_to_pfn]\n", 1 },
		{ "[vma_to_pfn] follow_pfn\n", 1 },
		{ "base_pfn [vma_to_pfn]\n", 1 },
	};
	struct variant_set set;
	struct error error;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(sets) / sizeof(sets[0]); i++) {
		parameter_is(sets[i].text);
		assert_int_equal(variant_set_read(&set, path, &error), 0);
		assert_int_equal(variant_walker(&set), sets[i].walker);
	}
}

static void floor_leaves_the_parameter_alone(void **state)
{
	struct variant_set set;
	struct error error;
	char text[64];

	(void)state;
	parameter_is("a [bb]\n");
	assert_int_equal(variant_set_read(&set, path, &error), 0);
	assert_int_equal(set.added, 0);
	assert_int_equal(variant_set_add(&set, LOOKUP_FLOOR), 0);
	assert_int_equal(set.count, 3);
	assert_string_equal(set.names[2], "floor");
	assert_false(set.current == set.count - 1);
	parameter_is("");
	assert_int_equal(variant_select(&set, 2), 0);
	assert_true(set.current == set.count - 1);
	assert_int_equal(variant_select(&set, 1), 0);
	assert_false(set.current == set.count - 1);
	assert_int_equal(file_read(path, text, sizeof(text)), 0);
	assert_string_equal(text, "");
	/* what was written before it is still there after it */
	assert_int_equal(variant_select(&set, 0), 0);
	assert_int_equal(variant_select(&set, 2), 0);
	assert_int_equal(variant_restore(&set), 0);
	assert_int_equal(file_read(path, text, sizeof(text)), 0);
	assert_string_equal(text, "bb");
}

static void floor_is_there_without_a_parameter(void **state)
{
	struct variant_set set;
	struct error error;

	(void)state;
	assert_int_equal(variant_set_read(&set, "/proc/absent/pfn_lookup", &error), 0);
	assert_int_equal(variant_set_add(&set, LOOKUP_FLOOR), 0);
	assert_int_equal(variant_walker(&set), 0);
	assert_int_equal(variant_select(&set, 1), 0);
	assert_true(set.current == set.count - 1);
	assert_int_equal(variant_select(&set, 0), 0);
	assert_false(set.current == set.count - 1);
	assert_int_equal(variant_restore(&set), 0);
	set.count = VARIANTS_MAX;
	assert_int_equal(variant_set_add(&set, LOOKUP_FLOOR), -ENOSPC);
}

static void selecting_writes_and_restoring_undoes(void **state)
{
	struct variant_set set;
	struct error error;
	char text[64];

	(void)state;
	parameter_is("[a] bb\n");
	assert_int_equal(variant_set_read(&set, path, &error), 0);
	parameter_is("");
	assert_int_equal(variant_select(&set, 0), 0);
	assert_int_equal(file_read(path, text, sizeof(text)), 0);
	assert_string_equal(text, "");
	assert_int_equal(variant_select(&set, 1), 0);
	assert_int_equal(file_read(path, text, sizeof(text)), 0);
	assert_string_equal(text, "bb");
	parameter_is("");
	assert_int_equal(variant_restore(&set), 0);
	assert_int_equal(file_read(path, text, sizeof(text)), 0);
	assert_string_equal(text, "a");
}

static void damaged_parameters_are_refused(void **state)
{
	static const char *const texts[] = {
		"", "\n", "a b c\n", "[a] [b]\n", "[] a\n", "[a b]\n", "a]b [c]\n",
		"[a] 0123456789012345678901234567890123456789\n",
		"[a] b c d e f g h i j k l m n o p q\n",
	};
	struct variant_set set;
	struct error error;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		parameter_is(texts[i]);
		assert_int_equal(variant_set_read(&set, path, &error), -EINVAL);
		assert_int_equal(error.outcome, OUTCOME_BROKEN);
		assert_non_null(strstr(error.text, path));
		assert_null(strchr(error.text, '\n'));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_parameter_means_stock),
		cmocka_unit_test(names_are_read_with_the_selected_one),
		cmocka_unit_test(walker_is_the_quickest_there_is),
		cmocka_unit_test(floor_leaves_the_parameter_alone),
		cmocka_unit_test(floor_is_there_without_a_parameter),
		cmocka_unit_test(selecting_writes_and_restoring_undoes),
		cmocka_unit_test(damaged_parameters_are_refused),
	};

	return cmocka_run_group_tests(tests, path_create, path_remove);
}
