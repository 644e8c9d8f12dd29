// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/view/letter.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/view/conditions.h"
#include "analysis/view/letter_parts.h"
#include "analysis/document/mail.h"
#include "lib/glob.h"
#include "lib/size.h"

static bool row_is_shown(const struct compare_row *row, const char *patterns)
{
	return row->largest && (!patterns || glob_matches(patterns, row->b->key->case_name));
}

static bool same_group(const struct compare_row *a, const struct compare_row *b)
{
	return a && !strcmp(a->b->key->case_name, b->b->key->case_name) &&
	       !strcmp(a->b->key->variant, b->b->key->variant);
}

static int rows_print(const struct comparison *comparison, const char *patterns, FILE *out,
		      struct error *error)
{
	const struct compare_row *row, *group = NULL;
	char size[SIZE_TEXT_BYTES];
	struct table table;
	size_t i;
	int err;

	letter_row_heads(comparison, &table);
	for (i = 0; i < comparison->rows_count; i++) {
		row = &comparison->rows[i];
		if (!row_is_shown(row, patterns))
			continue;
		if (!same_group(group, row))
			table_group(&table, "%s %s, %s", row->b->key->case_name,
				    size_format(row->b->key->size_bytes, size),
				    row->b->key->variant);
		group = row;
		table_cell(&table, "  %s", row->b->key->op);
		letter_row_cells(comparison, &table, row);
	}
	if (!group)
		err = error_set(error, OUTCOME_USE, EINVAL,
				"case '%s': no case that both records have matches", patterns);
	else if (table_print(&table, TABLE_TEXT, out))
		err = error_set(error, OUTCOME_BROKEN, ENOMEM, "out of memory");
	else
		err = 0;
	table_cleanup(&table);
	return err;
}

static int changelog_lay(const struct comparison *comparison, const char *patterns, FILE *out,
			 struct error *error)
{
	const struct record *before = comparison->a->records, *after = comparison->b->records;
	char *text = NULL;
	size_t length = 0;
	FILE *stream = open_memstream(&text, &length);
	int err;

	if (!stream)
		return error_set(error, OUTCOME_BROKEN, ENOMEM, "out of memory");
	letter_head_print(after, stream);
	conditions_print_differences(before, after, TABLE_TEXT, stream);
	putc('\n', stream);
	err = rows_print(comparison, patterns, stream, error);
	if (!err && fflush(stream))
		err = error_set(error, OUTCOME_BROKEN, ENOMEM, "out of memory");
	if (!err && letter_text_print(text, length, out))
		err = error_set(error, OUTCOME_FAILED, EIO, "standard output: cannot be written");
	fclose(stream);
	free(text);
	return err;
}

static int changelog_compare(const struct set *before, const struct set *after,
			     const char *patterns, unsigned long seed, FILE *out,
			     struct error *error)
{
	const struct compare_options options = { .threshold_pct = -1, .seed = seed };
	struct comparison comparison;
	const char *path;
	int err;

	path = record_machine_difference(before->records, after->records);
	if (path)
		return error_set(error, OUTCOME_USE, EINVAL, "'%s' and '%s' differ in %s: must be "
				 "the same", before->records[0].path, after->records[0].path, path);
	err = comparison_init(&comparison, before, after, &options, error);
	if (err)
		return err;
	err = changelog_lay(&comparison, patterns, out, error);
	comparison_cleanup(&comparison);
	return err;
}

int letter_changelog_print(const struct record *before, const struct record *after,
			   const char *patterns, unsigned long seed, FILE *out,
			   struct error *error)
{
	struct set before_set, after_set;
	int err;

	err = set_init(&before_set, before, 1, error);
	if (err)
		return err;
	err = set_init(&after_set, after, 1, error);
	if (!err) {
		err = changelog_compare(&before_set, &after_set, patterns, seed, out, error);
		set_cleanup(&after_set);
	}
	set_cleanup(&before_set);
	return err;
}
