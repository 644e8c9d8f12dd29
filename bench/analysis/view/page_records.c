// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/view/page_parts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/number.h"
#include "analysis/document/html.h"

/* Keys that are shown elsewhere, or say nothing. */
static const char *const hidden[] = { "record", "skipped", "lab.stages" };

/* Dotted paths of the leaves of all records, in order of appearance. */
struct paths {
	char **list;
	size_t count;
	bool failed;
};

static bool path_hidden(const char *path)
{
	size_t i;

	for (i = 0; i < sizeof(hidden) / sizeof(hidden[0]); i++)
		if (!strcmp(hidden[i], path))
			return true;
	return false;
}

static void paths_add(struct paths *paths, const char *path)
{
	char **grown;
	size_t i;

	for (i = 0; i < paths->count; i++)
		if (!strcmp(paths->list[i], path))
			return;
	grown = reallocarray(paths->list, paths->count + 1, sizeof(*grown));
	if (!grown) {
		paths->failed = true;
		return;
	}
	paths->list = grown;
	grown[paths->count] = strdup(path);
	if (grown[paths->count])
		paths->count++;
	else
		paths->failed = true;
}

static void paths_collect(struct paths *paths, const char *prefix, json_t *object)
{
	const char *key;
	json_t *value;
	char *path;

	json_object_foreach(object, key, value) {
		if (asprintf(&path, "%s%s%s", prefix, *prefix ? "." : "", key) < 0) {
			paths->failed = true;
			return;
		}
		if (json_is_object(value))
			paths_collect(paths, path, value);
		else if (!path_hidden(path))
			paths_add(paths, path);
		free(path);
	}
}

static void paths_cleanup(struct paths *paths)
{
	while (paths->count)
		free(paths->list[--paths->count]);
	free(paths->list);
}

static void value_cell(struct table *table, const json_t *value)
{
	char *text;

	if (!value) {
		table_cell(table, "-");
	} else if (json_is_string(value)) {
		table_cell(table, "%s", json_string_value(value));
	} else {
		text = json_dumps(value, JSON_ENCODE_ANY);
		table_cell(table, "%s", text ? text : "?");
		free(text);
	}
}

static size_t records_shown(const struct set *set)
{
	return set->records_count < TABLE_COLUMNS_MAX ? set->records_count : TABLE_COLUMNS_MAX - 1;
}

static bool path_differs(const struct set *set, const char *path)
{
	const json_t *first = record_env_value(&set->records[0], path), *other;
	size_t i;

	for (i = 1; i < set->records_count; i++) {
		other = record_env_value(&set->records[i], path);
		if (first != other && !json_equal(first, other))
			return true;
	}
	return false;
}

static void path_row(const struct set *set, struct table *table, const char *path)
{
	size_t i;

	table_cell(table, "%s%s", path, path_differs(set, path) ? " (differs)" : "");
	for (i = 0; i < records_shown(set); i++)
		value_cell(table, record_env_value(&set->records[i], path));
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

int page_records(const struct report *report, struct error *error)
{
	const struct set *set = report->set;
	struct paths paths = { 0 };
	struct table table;
	size_t i;
	int err;

	for (i = 0; i < set->records_count; i++)
		paths_collect(&paths, "", set->records[i].json);
	table_init(&table, 1 + records_shown(set));
	table_label(&table, "Environment of each record");
	table_cell(&table, "key");
	for (i = 0; i < records_shown(set); i++)
		table_cell(&table, "%s", base_name(set->records[i].path));
	for (i = 0; i < paths.count; i++)
		path_row(set, &table, paths.list[i]);
	if (records_shown(set) < set->records_count)
		html_element(report->out, "p", "The first %zu of %zu records.", records_shown(set),
			     set->records_count);
	err = paths.failed ? -ENOMEM : table_print(&table, TABLE_HTML, report->out);
	table_cleanup(&table);
	paths_cleanup(&paths);
	return err ? error_set(error, OUTCOME_BROKEN, ENOMEM, "out of memory") : 0;
}

/* The stages of the first record that has any, or NULL. */
static const json_t *stages_find(const struct set *set)
{
	const json_t *stages = NULL;
	size_t i;

	for (i = 0; i < set->records_count && !stages; i++)
		stages = record_env_value(&set->records[i], "lab.stages");
	return stages;
}

static void stage_row(struct table *table, const json_t *stage)
{
	table_cell(table, "%s", json_string_value(json_object_get(stage, "name")));
	table_cell(table, "%.1f", json_integer_value(json_object_get(stage, "time_ms")) / 1e3);
	table_cell(table, "%.1f", json_integer_value(json_object_get(stage, "peak_bytes")) /
		   1048576.0);
}

int page_stages(const struct report *report, struct error *error)
{
	const json_t *stages = stages_find(report->set), *stage;
	struct table table;
	size_t i;
	int err;

	if (!stages) {
		html_element(report->out, "p", "The records do not say: they were not made by "
			     "make bench.");
		return 0;
	}
	table_init(&table, 3);
	table_label(&table, "Stages");
	table_cell(&table, "stage");
	table_cell(&table, "time (s)");
	table_cell(&table, "peak (MiB)");
	json_array_foreach(stages, i, stage)
		stage_row(&table, stage);
	err = table_print(&table, TABLE_HTML, report->out);
	table_cleanup(&table);
	return err ? error_set(error, OUTCOME_BROKEN, ENOMEM, "out of memory") : 0;
}

/* As the shell reads it. */
static void word_print(const char *word, FILE *out)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
				    "_./:=,+-@%";

	if (*word && strspn(word, plain) == strlen(word)) {
		html_escape(word, out);
		return;
	}
	html_escape("'", out);
	for (; *word; word++) {
		if (*word == '\'')
			html_escape("'\\'", out);
		html_print(out, "%c", *word);
	}
	html_escape("'", out);
}

static const char *env_text(const struct record *record, const char *path)
{
	const char *text = record_env_text(record, path);

	return text ? text : "";
}

/* An option of make, where it is not the default. */
static void option_print(const char *name, const char *value, FILE *out)
{
	if (!*value)
		return;
	fprintf(out, " %s=", name);
	word_print(value, out);
}

/* Whether the image is one that make bench builds by itself. */
static bool kernel_is_ours(const char *name)
{
	return !strncmp(name, "untouched-", strlen("untouched-")) ||
	       !strncmp(name, "patched-", strlen("patched-"));
}

static void bench_print(const struct set *set, FILE *out)
{
	const struct record *record = &set->records[0];
	const char *source = env_text(record, "lab.kernel_source");
	char base[16] = "";
	size_t i;

	sscanf(source, "linux-source-%15[0-9.]", base);
	if (*base && base[strlen(base) - 1] == '.')
		base[strlen(base) - 1] = '\0';
	fputs("./bootstrap &amp;&amp; ./configure &amp;&amp; make bench", out);
	option_print("PROFILE", env_text(record, "plan.profile"), out);
	option_print("KERNEL", base, out);
	option_print("IOMMU", record->env.iommu_model, out);
	option_print("ACCEL", env_text(record, "lab.accel"), out);
	for (i = 0; i < set->kernels_count; i++)
		if (!kernel_is_ours(set->kernels[i].name)) {
			fputs(" PATCHED=images/", out);
			word_print(set->kernels[i].name, out);
		}
	putc('\n', out);
}

static void run_print(const struct record *record, FILE *out)
{
	const json_t *argv = json_object_get(record->json, "argv"), *word;
	size_t i;

	json_array_foreach(argv, i, word) {
		fputs(i ? " " : "", out);
		word_print(json_string_value(word) ? json_string_value(word) : "?", out);
	}
	putc('\n', out);
}

void page_reproduce(const struct report *report)
{
	const struct set *set = report->set;
	FILE *out = report->out;
	size_t i;

	html_element(out, "p", "With the source of barmap at revision %s:",
		     env_text(&set->records[0], "tool.revision"));
	fputs("<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"Commands\"><pre><code>",
	      out);
	if (record_env_value(&set->records[0], "lab"))
		bench_print(set, out);
	for (i = 0; i < set->records_count; i++) {
		html_print(out, "# %s, %s", base_name(set->records[i].path),
			   record_env_value(&set->records[i], "lab.guest") ? "in its guest:\n"
									    : "as root:\n");
		run_print(&set->records[i], out);
	}
	fputs("# this page, from the records\nbarmap report", out);
	for (i = 0; i < set->records_count; i++) {
		putc(' ', out);
		word_print(base_name(set->records[i].path), out);
	}
	fputs(" --html report.html\n</code></pre></div>\n", out);
}
