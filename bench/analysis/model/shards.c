// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/model/shards.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/array.h"
#include "lib/backend.h"
#include "record/read.h"

#define OPTION_SHARD	"--shard"

/* Of the env line, what must be the same in all shards; what a part has of the plan is its own. */
static const char *const common_paths[] = {
	"tool", "mode", "unit", "kernel", "machine", "iommu", "device", "more_devices", "plan.profile",
	"plan.iterations", "plan.variants", "plan.shards", "sampling",
};

static int no_memory(struct error *error)
{
	return error_set(error, OUTCOME_BROKEN, ENOMEM, "out of memory");
}

static const json_t *env_of(const struct shards *shards, size_t shard)
{
	return shards->files[shard].lines[0];
}

/* How many cases shard @shard has, and the name of one of them. */
static size_t cases_count(const struct shards *shards, size_t shard)
{
	return json_array_size(field_find(env_of(shards, shard), "plan.cases"));
}

static const char *case_name(const struct shards *shards, size_t shard, size_t place)
{
	return json_string_value(json_array_get(field_find(env_of(shards, shard), "plan.cases"),
						place));
}

static size_t cases_all(const struct shards *shards)
{
	size_t all = 0, i;

	for (i = 0; i < shards->count; i++)
		all += cases_count(shards, i);
	return all;
}

static int line_add(struct shard_file *file, const char *text, struct error *error)
{
	json_t **lines = reallocarray(file->lines, file->lines_count + 1, sizeof(*lines));

	if (!lines)
		return no_memory(error);
	file->lines = lines;
	lines[file->lines_count] = json_loads(text, 0, NULL);
	if (!lines[file->lines_count])
		return no_memory(error); /* it was sound a moment ago */
	file->lines_count++;
	return 0;
}

static int lines_read(struct shard_file *file, struct error *error)
{
	FILE *stream = fopen(file->path, "re");
	char *text = NULL;
	size_t room = 0;
	int err = 0;

	if (!stream)
		return error_set(error, OUTCOME_USE, errno, "%s: %s", file->path, strerror(errno));
	while (!err && getline(&text, &room, stream) > 0)
		err = line_add(file, text, error);
	free(text);
	fclose(stream);
	return err;
}

static void file_cleanup(struct shard_file *file)
{
	while (file->lines_count)
		json_decref(file->lines[--file->lines_count]);
	free(file->lines);
	file->lines = NULL;
}

/* The place of @record among the shards, from 0, in @place. */
static int place_find(const struct shards *shards, const struct record *record, size_t *place,
		      struct error *error)
{
	const struct record_env *env = &record->env;

	if (!env->plan_shard || !env->plan_shards)
		return error_set(error, OUTCOME_USE, EINVAL, "%s: is not of a shard", record->path);
	if (!record_is_exact(record))
		return error_set(error, OUTCOME_USE, EINVAL, "%s: mode %s: timed samples of several boots "
				 "are no one run; only counted ones are (icount)", record->path, env->mode);
	if (env->plan_shards != shards->count || env->plan_shard > shards->count)
		return error_set(error, OUTCOME_USE, EINVAL,
				 "%s: is of shard %llu/%llu, but there are %zu files", record->path,
				 (unsigned long long)env->plan_shard,
				 (unsigned long long)env->plan_shards, shards->count);
	*place = env->plan_shard - 1;
	if (!shards->files[*place].path)
		return 0;
	return error_set(error, OUTCOME_USE, EEXIST, "%s: is of shard %llu/%llu, as %s is",
			 record->path, (unsigned long long)env->plan_shard,
			 (unsigned long long)env->plan_shards, shards->files[*place].path);
}

static int file_read(struct shards *shards, const char *path, struct error *error)
{
	struct record record;
	size_t place = 0;
	int err;

	err = record_read(&record, path, error);
	if (err)
		return err;
	err = place_find(shards, &record, &place, error);
	record_cleanup(&record);
	if (err)
		return err;
	shards->files[place].path = path;
	return lines_read(&shards->files[place], error);
}

static int common_check(const struct shards *shards, size_t shard, struct error *error)
{
	const json_t *first, *other;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(common_paths); i++) {
		first = field_find(env_of(shards, 0), common_paths[i]);
		other = field_find(env_of(shards, shard), common_paths[i]);
		if (first != other && !json_equal(first, other))
			return error_set(error, OUTCOME_USE, EINVAL, "%s: %s is not as in %s: these are "
					 "not shards of one run", shards->files[shard].path,
					 common_paths[i], shards->files[0].path);
	}
	return 0;
}

/* Cases are dealt out in turn: shard i of n has each n'th. */
static int shards_check(const struct shards *shards, struct error *error)
{
	size_t all = cases_all(shards), i;
	int err;

	for (i = 0; i < shards->count; i++) {
		err = common_check(shards, i, error);
		if (err)
			return err;
		if (cases_count(shards, i) != (all + shards->count - 1 - i) / shards->count)
			return error_set(error, OUTCOME_USE, EINVAL, "%s: has %zu of %zu cases, which is "
					 "not its share", shards->files[i].path, cases_count(shards, i),
					 all);
	}
	return 0;
}

int shards_read(struct shards *shards, char *const *paths, size_t count, struct error *error)
{
	size_t i;
	int err = 0;

	*shards = (struct shards){ .count = count, .files = calloc(count, sizeof(*shards->files)) };
	if (!shards->files)
		return no_memory(error);
	for (i = 0; i < count && !err; i++)
		err = file_read(shards, paths[i], error);
	if (!err)
		err = shards_check(shards, error);
	if (err)
		shards_cleanup(shards);
	return err;
}

void shards_cleanup(struct shards *shards)
{
	while (shards->count)
		file_cleanup(&shards->files[--shards->count]);
	free(shards->files);
	shards->files = NULL;
}

/* The words of @argv but the option --shard and its value. */
static json_t *argv_whole(const json_t *argv)
{
	json_t *whole = json_array(), *word;
	const char *text;
	size_t i;

	for (i = 0; i < json_array_size(argv); i++) {
		word = json_array_get(argv, i);
		text = json_string_value(word);
		if (!strcmp(text, OPTION_SHARD))
			i++;
		else if (strncmp(text, OPTION_SHARD "=", sizeof(OPTION_SHARD)))
			json_array_append(whole, word);
	}
	return whole;
}

/* Appends the items of @list that are of the case @name. */
static void skips_append(json_t *whole, const json_t *list, const char *name)
{
	json_t *item;
	size_t i;

	json_array_foreach(list, i, item)
		if (!strcmp(json_string_value(json_object_get(item, "case")), name))
			json_array_append(whole, item);
}

static bool has_number(const json_t *list, json_int_t number)
{
	json_t *item;
	size_t i;

	json_array_foreach(list, i, item)
		if (json_integer_value(item) == number)
			return true;
	return false;
}

static bool case_planned(const struct shards *shards, const char *name)
{
	size_t i, all = cases_all(shards);

	for (i = 0; i < all; i++)
		if (!strcmp(case_name(shards, i % shards->count, i / shards->count), name))
			return true;
	return false;
}

/* What no plan has is left out in each shard, and told before anything is measured. */
static void skips_append_common(const struct shards *shards, json_t *whole)
{
	const char *name;
	json_t *item;
	size_t i;

	json_array_foreach(json_object_get(env_of(shards, 0), "skipped"), i, item) {
		name = json_string_value(json_object_get(item, "case"));
		if (!case_planned(shards, name))
			json_array_append(whole, item);
	}
}

/* All sizes of all shards, rising. */
static json_t *sizes_whole(const struct shards *shards)
{
	json_t *whole = json_array();
	uint64_t size;
	size_t i;

	for (size = 1; size; size <<= 1)
		for (i = 0; i < shards->count; i++)
			if (has_number(field_find(env_of(shards, i), "plan.sizes_bytes"),
				       (json_int_t)size)) {
				json_array_append_new(whole, json_integer((json_int_t)size));
				break;
			}
	return whole;
}

/* Takes out of @lab what is not the same in @other. */
static void lab_agree(json_t *lab, const json_t *other)
{
	const char *key;
	json_t *value;
	void *next;

	json_object_foreach_safe(lab, next, key, value)
		if (!json_equal(value, json_object_get(other, key)))
			json_object_del(lab, key);
}

/* The env line of the whole; NULL: out of memory. */
static json_t *env_whole(const struct shards *shards)
{
	json_t *env = json_deep_copy(env_of(shards, 0)), *plan = json_object_get(env, "plan");
	json_t *cases = json_array(), *skipped = json_array(), *lab = json_object_get(env, "lab");
	size_t all = cases_all(shards), i;
	const char *name;

	skips_append_common(shards, skipped);
	for (i = 0; i < all; i++) {
		name = case_name(shards, i % shards->count, i / shards->count);
		json_array_append_new(cases, json_string(name));
		skips_append(skipped, json_object_get(env_of(shards, i % shards->count), "skipped"),
			     name);
	}
	for (i = 1; lab && i < shards->count; i++)
		lab_agree(lab, json_object_get(env_of(shards, i), "lab"));
	json_object_set_new(plan, "cases", cases);
	json_object_set_new(plan, "sizes_bytes", sizes_whole(shards));
	json_object_del(plan, "shard");
	json_object_del(plan, "shards");
	json_object_set_new(env, "skipped", skipped);
	json_object_set_new(env, "argv", argv_whole(json_object_get(env, "argv")));
	return env;
}

static int line_write(json_t *line, FILE *out, struct error *error)
{
	if (!json_dumpf(line, out, RECORD_DUMP) && fputc('\n', out) != EOF)
		return 0;
	return error_set(error, OUTCOME_FAILED, EIO, "output: %s", strerror(errno));
}

/* Moves the places of a line's samples from @from, where its case begins, to @to. */
static void order_move(json_t *line, uint64_t from, uint64_t to)
{
	json_t *order = json_object_get(line, "order");
	size_t i;

	for (i = 0; i < json_array_size(order); i++)
		json_array_set_new(order, i,
				   json_integer(json_integer_value(json_array_get(order, i)) +
						(json_int_t)(to - from)));
}

/* Whether a line is of @backend; what asks no variant is measured with the first there is. */
static bool line_is_of(const json_t *line, const struct backend *backend)
{
	const char *variant = json_string_value(json_object_get(line, "variant"));
	const struct backend *its = backend_find(variant);

	return !strcmp(variant, RECORD_NONE) || (its->within ? its->within : its) == backend;
}

/* Writes the lines of one case with one backend, and adds their samples to *@samples. */
static int case_write(struct shard_file *file, const char *name, const struct backend *backend,
		      uint64_t *samples, FILE *out, struct error *error)
{
	uint64_t from = file->samples, to = *samples, count;
	json_t *line;
	int err = 0;

	for (; !err && file->next + 1 < file->lines_count; file->next++) {
		line = file->lines[file->next];
		if (strcmp(json_string_value(json_object_get(line, "case")), name) ||
		    !line_is_of(line, backend))
			break;
		count = json_array_size(json_object_get(line, "cost")) +
			json_array_size(json_object_get(line, "bytes"));
		order_move(line, from, to);
		err = line_write(line, out, error);
		file->samples += count;
		*samples += count;
	}
	return err;
}

/* A run goes through all cases with one backend, and then with the next. */
static int cases_write(struct shards *shards, uint64_t *samples, FILE *out, struct error *error)
{
	size_t all = cases_all(shards), i, j;
	int err = 0;

	for (i = 0; backends[i]; i++)
		for (j = 0; j < all && !err; j++)
			err = case_write(&shards->files[j % shards->count],
					 case_name(shards, j % shards->count, j / shards->count),
					 backends[i], samples, out, error);
	return err;
}

/* Every line but the last, which counts them, was of a case of the plan. */
static int rest_check(const struct shards *shards, struct error *error)
{
	const struct shard_file *file;

	for (file = shards->files; file < shards->files + shards->count; file++)
		if (file->next + 1 < file->lines_count)
			return error_set(error, OUTCOME_USE, EINVAL,
					 "%s:%zu: its case is not where the plan has it", file->path,
					 file->next + 1);
	return 0;
}

int shards_write(struct shards *shards, FILE *out, struct error *error)
{
	struct record_end end = { .record = RECORD_END };
	size_t i;
	json_t *line = env_whole(shards);
	int err;

	err = line ? line_write(line, out, error) : no_memory(error);
	json_decref(line);
	for (i = 0; i < shards->count; i++)
		shards->files[i].next = 1;
	if (!err)
		err = cases_write(shards, &end.samples, out, error);
	if (!err)
		err = rest_check(shards, error);
	if (err)
		return err;
	line = fields_write(&end, record_end_fields.fields, record_end_fields.count);
	err = line ? line_write(line, out, error) : no_memory(error);
	json_decref(line);
	return err;
}
