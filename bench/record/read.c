// SPDX-License-Identifier: GPL-2.0-or-later
#include "record/read.h"

#include <ctype.h>
#include <errno.h>
#include <search.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/array.h"

#define HOST_CPU	"lab.host_cpu"

/* What of a machine must be the same for boots to be repetitions. */
static const char *const machine_paths[] = {
	"unit", "mode", "iommu.model", "machine.cpu",
	"machine.hypervisor", "machine.page_bytes", "device.id",
	HOST_CPU,
};

/**
 * struct parser - a record being read
 * @record: what has been read so far
 * @file: where the lines come from
 * @line: the newest line
 * @number: its number, from 1
 * @error: what was wrong
 * @names: trees of struct record_cell by what names a cell: cells, amounts of memory
 * @samples: in cell and memory lines so far
 * @ended: the end line has been read
 */
struct parser {
	struct record *record;
	FILE *file;
	char *line;
	unsigned long number;
	struct error *error;
	void *names[2];
	uint64_t samples;
	bool ended;
};

/* Foreign files hold anything; a terminal should not. */
static void text_clean(char *text)
{
	for (; *text; text++)
		if (iscntrl((unsigned char)*text))
			*text = '?';
}

/* Sets the error to "FILE:LINE: …" and returns -EBADMSG. */
static int __attribute__((format(printf, 2, 3))) parser_fail(struct parser *parser,
							     const char *format, ...)
{
	char what[512];
	va_list args;

	va_start(args, format);
	vsnprintf(what, sizeof(what), format, args);
	va_end(args);
	text_clean(what);
	return error_set(parser->error, OUTCOME_USE, EBADMSG, "%s:%lu: %s", parser->record->path,
			 parser->number, what);
}

static int no_memory(struct parser *parser)
{
	return error_set(parser->error, OUTCOME_BROKEN, ENOMEM, "%s: out of memory",
			 parser->record->path);
}

/* Compares what names a cell. The key is the first member of a cell. */
static int name_compare(const void *a, const void *b)
{
	const struct record_cell_key *x = a, *y = b;
	int order;

	if (x->size_bytes != y->size_bytes)
		return x->size_bytes < y->size_bytes ? -1 : 1;
	order = strcmp(x->variant, y->variant);
	if (!order)
		order = strcmp(x->op, y->op);
	return order ? order : strcmp(x->case_name, y->case_name);
}

static void name_keep(void *cell)
{
	(void)cell; /* owned by the record */
}

bool record_conditions_equal(const struct record_cell_key *a, const struct record_cell_key *b)
{
	return a->pages == b->pages && a->va_offset_bytes == b->va_offset_bytes &&
	       a->iova_align_bytes == b->iova_align_bytes && a->chunk_bytes == b->chunk_bytes &&
	       a->devices == b->devices && a->containers == b->containers &&
	       a->domains == b->domains && a->threads == b->threads &&
	       !strcmp(a->tables, b->tables);
}

static void cell_free(struct record_cell *cell)
{
	free((char *)cell->key.case_name);
	free((char *)cell->key.op);
	free((char *)cell->key.variant);
	free((char *)cell->key.tables);
	free(cell->cost);
	free(cell->order);
	free(cell);
}

static struct record_cell *cell_new(const struct record_cell_key *key)
{
	struct record_cell *cell = calloc(1, sizeof(*cell));

	if (!cell)
		return NULL;
	cell->key = *key;
	cell->key.case_name = strdup(key->case_name);
	cell->key.op = strdup(key->op);
	cell->key.variant = strdup(key->variant);
	cell->key.tables = strdup(key->tables);
	if (cell->key.case_name && cell->key.op && cell->key.variant && cell->key.tables)
		return cell;
	cell_free(cell);
	return NULL;
}

/* Room is always a power of two: it is used up when the count is one. */
static int cells_add(struct record_cells *cells, struct record_cell *cell)
{
	size_t room = cells->count ? cells->count * 2 : 1;
	struct record_cell **list;

	if (!(cells->count & (cells->count - 1))) {
		list = reallocarray(cells->list, room, sizeof(*list));
		if (!list)
			return -ENOMEM;
		cells->list = list;
	}
	cells->list[cells->count++] = cell;
	return 0;
}

/* The cell that @key names, made when it is new; NULL when memory is out. */
static struct record_cell *parser_cell(struct parser *parser, bool memory,
				       const struct record_cell_key *key)
{
	struct record_cells *cells = memory ? &parser->record->memory : &parser->record->cells;
	struct record_cell *cell;
	void *node;

	node = tfind(key, &parser->names[memory], name_compare);
	if (node)
		return *(struct record_cell **)node;
	cell = cell_new(key);
	if (!cell)
		return NULL;
	if (cells_add(cells, cell)) {
		cell_free(cell);
		return NULL;
	}
	return tsearch(cell, &parser->names[memory], name_compare) ? cell : NULL;
}

/* Adds the numbers of @array, each divided by @by, behind the @used ones in *@numbers. */
static int numbers_add(double **numbers, size_t used, const json_t *array, double by)
{
	size_t i, count = json_array_size(array);
	double *grown = reallocarray(*numbers, used + count, sizeof(*grown));

	if (!grown)
		return -ENOMEM;
	*numbers = grown;
	for (i = 0; i < count; i++)
		grown[used + i] = (double)json_integer_value(json_array_get(array, i)) / by;
	return 0;
}

static int order_check(struct parser *parser, const struct record_cell *cell, size_t added)
{
	size_t i;

	for (i = cell->samples ? cell->samples : 1; i < cell->samples + added; i++)
		if (cell->order[i] <= cell->order[i - 1])
			return parser_fail(parser, "order %.0f comes after order %.0f",
					   cell->order[i], cell->order[i - 1]);
	return 0;
}

/* Adds the samples of a line, or its amounts of memory. */
static int cell_add(struct parser *parser, struct record_cell *cell,
		    const struct record_line *line)
{
	const json_t *values = line->bytes ? line->bytes : line->cost;
	size_t added = json_array_size(values), i;

	if (!added || (line->order && json_array_size(line->order) != added))
		return parser_fail(parser, "%zu samples and %zu places in the run: must be as many, "
				   "and one or more", added,
				   line->order ? json_array_size(line->order) : added);
	for (i = 0; i < COUNTERS; i++)
		if (line->counts[i] && json_array_size(line->counts[i]) != added)
			return parser_fail(parser, "%zu samples and %zu counts of the hardware: must "
					   "be as many", added, json_array_size(line->counts[i]));
	if (numbers_add(&cell->cost, cell->samples, values, (double)line->key.repeats))
		return no_memory(parser);
	if (line->order && numbers_add(&cell->order, cell->samples, line->order, 1))
		return no_memory(parser);
	if (line->order && order_check(parser, cell, added))
		return -EBADMSG;
	cell->samples += added;
	parser->samples += added;
	if (!line->bytes)
		parser->record->samples += added;
	return 0;
}

static int line_check(struct parser *parser, const struct record_line *line)
{
	const struct record_env *env = &parser->record->env;

	if (line->unit && strcmp(line->unit, env->unit))
		return parser_fail(parser, "cell has unit '%s', but line 1 says '%s'", line->unit,
				   env->unit);
	if (!line->key.pages != !line->key.size_bytes)
		return parser_fail(parser, "%llu pages do not go with %llu bytes",
				   (unsigned long long)line->key.pages,
				   (unsigned long long)line->key.size_bytes);
	return 0;
}

static int parse_cell(struct parser *parser, const json_t *json, bool memory)
{
	const struct record_fields *fields = memory ? &record_memory_fields : &record_cell_fields;
	struct record_line line = { .key.repeats = 1 };
	struct record_cell *cell;
	char error[256];

	if (fields_read(json, fields->fields, fields->count, true, &line, error, sizeof(error)))
		return parser_fail(parser, "%s: %s", memory ? RECORD_MEMORY : RECORD_CELL, error);
	if (line_check(parser, &line))
		return -EBADMSG;
	cell = parser_cell(parser, memory, &line.key);
	if (!cell)
		return no_memory(parser);
	if (!record_conditions_equal(&cell->key, &line.key) ||
	    cell->key.repeats != line.key.repeats)
		return parser_fail(parser, "%s %s %s %llu was measured under other conditions "
				   "before", line.key.case_name, line.key.op, line.key.variant,
				   (unsigned long long)line.key.size_bytes);
	return cell_add(parser, cell, &line);
}

static int parse_end(struct parser *parser, const json_t *json)
{
	struct record_end end;
	char error[256];

	if (fields_read(json, record_end_fields.fields, record_end_fields.count, true, &end, error,
			sizeof(error)))
		return parser_fail(parser, "end: %s", error);
	if (end.samples != parser->samples)
		return parser_fail(parser, "end says %llu samples, but the file has %llu",
				   (unsigned long long)end.samples,
				   (unsigned long long)parser->samples);
	if (!parser->record->samples)
		return parser_fail(parser, "the file has no samples");
	parser->ended = true;
	return 0;
}

static json_t *parse_json(struct parser *parser)
{
	json_error_t error;
	json_t *json;

	json = json_loads(parser->line, JSON_REJECT_DUPLICATES, &error);
	if (!json)
		parser_fail(parser, "not a JSON object on one line: column %d: %s", error.column,
			    error.text);
	return json;
}

static int parse_line(struct parser *parser)
{
	const char *kind;
	json_t *json;
	int err;

	if (parser->ended)
		return parser_fail(parser, "line after the end line");
	json = parse_json(parser);
	if (!json)
		return -EBADMSG;
	kind = json_string_value(json_object_get(json, "record"));
	if (kind && !strcmp(kind, RECORD_CELL))
		err = parse_cell(parser, json, false);
	else if (kind && !strcmp(kind, RECORD_MEMORY))
		err = parse_cell(parser, json, true);
	else if (kind && !strcmp(kind, RECORD_END))
		err = parse_end(parser, json);
	else
		err = parser_fail(parser, "record is not one of 'cell', 'memory', 'end'");
	json_decref(json);
	return err;
}

static int env_check_unit(struct parser *parser)
{
	const struct record_env *env = &parser->record->env;
	const char *unit = record_mode_unit(env->mode);

	if (!unit)
		return parser_fail(parser, "mode '%s' is not one of icount, kvm, tcg, metal",
				   env->mode);
	if (strcmp(env->unit, unit))
		return parser_fail(parser, "unit '%s' does not go with mode %s: %s does", env->unit,
				   env->mode, unit);
	return 0;
}

/* An array of objects with these keys; it may be missing. */
static int env_check_list(struct parser *parser, const char *path, const struct field *fields,
			  size_t count)
{
	const json_t *list = record_env_value(parser->record, path);
	struct record_skip into;
	char error[256];
	json_t *item;
	size_t i;

	if (list && !json_is_array(list))
		return parser_fail(parser, "env: value of '%s' is not an array", path);
	json_array_foreach(list, i, item)
		if (fields_read(item, fields, count, false, &into, error, sizeof(error)))
			return parser_fail(parser, "env: %s: %s", path, error);
	return 0;
}

static int env_check_lists(struct parser *parser)
{
	static const struct field stages[] = {
		{ "name", FIELD_TEXT, 0 }, { "time_ms", FIELD_COUNT, 0 },
		{ "peak_bytes", FIELD_COUNT, 0 },
	};

	if (env_check_list(parser, "skipped", record_skip_fields.fields, record_skip_fields.count))
		return -EBADMSG;
	return env_check_list(parser, "lab.stages", stages, ARRAY_SIZE(stages));
}

static int env_check_schema(struct parser *parser)
{
	const json_t *schema = json_object_get(parser->record->json, "schema");

	if (!json_is_integer(schema))
		return parser_fail(parser, "env: value of 'schema' is not an integer");
	if (json_integer_value(schema) != RECORD_SCHEMA)
		return parser_fail(parser, "schema %lld is not known: this program reads schema %d",
				   (long long)json_integer_value(schema), RECORD_SCHEMA);
	return 0;
}

static int parse_env(struct parser *parser)
{
	struct record *record = parser->record;
	const char *kind;
	char error[256];

	record->json = parse_json(parser);
	if (!record->json)
		return -EBADMSG;
	kind = json_string_value(json_object_get(record->json, "record"));
	if (!kind || strcmp(kind, RECORD_ENV))
		return parser_fail(parser, "not a barmap record: line 1 must be the env record");
	if (env_check_schema(parser))
		return -EBADMSG;
	if (fields_read(record->json, record_env_fields.fields, record_env_fields.count, false,
			&record->env, error, sizeof(error)))
		return parser_fail(parser, "env: %s", error);
	if (env_check_lists(parser))
		return -EBADMSG;
	return env_check_unit(parser);
}

/* Returns 1 with the next line, its newline cut off; 0 at the end of the file; else -errno. */
static int line_next(struct parser *parser)
{
	size_t length;

	if (!fgets(parser->line, RECORD_LINE_BYTES + 2, parser->file)) {
		if (!ferror(parser->file))
			return 0;
		return error_set(parser->error, OUTCOME_USE, errno, "%s: %s", parser->record->path,
				 strerror(errno));
	}
	parser->number++;
	length = strlen(parser->line);
	if (length && parser->line[length - 1] == '\n') {
		parser->line[length - 1] = '\0';
		return 1;
	}
	if (length > RECORD_LINE_BYTES)
		return parser_fail(parser, "not a barmap record: line longer than 1 MiB");
	if (feof(parser->file))
		return parser_fail(parser, "truncated: the last line has no newline");
	return parser_fail(parser, "not a JSON object on one line: it holds a NUL byte");
}

static int parse_file(struct parser *parser)
{
	int err;

	while ((err = line_next(parser)) > 0) {
		err = parser->number == 1 ? parse_env(parser) : parse_line(parser);
		if (err)
			return err;
	}
	if (err)
		return err;
	if (!parser->number) {
		parser->number = 1;
		return parser_fail(parser, "not a barmap record: the file is empty");
	}
	return parser->ended ? 0 : parser_fail(parser, "truncated: there is no end line");
}

static int file_parse(struct parser *parser)
{
	int err;

	parser->file = fopen(parser->record->path, "re");
	if (!parser->file)
		return error_set(parser->error, OUTCOME_USE, errno, "%s: %s", parser->record->path,
				 strerror(errno));
	parser->line = malloc(RECORD_LINE_BYTES + 2);
	err = parser->line ? parse_file(parser) : no_memory(parser);
	free(parser->line);
	fclose(parser->file);
	return err;
}

int record_read(struct record *record, const char *path, struct error *error)
{
	struct parser parser = { .record = record, .error = error };
	int err;

	memset(record, 0, sizeof(*record));
	record->path = strdup(path);
	err = record->path ? file_parse(&parser) : -ENOMEM;
	if (!record->path)
		error_set(error, OUTCOME_BROKEN, ENOMEM, "%s: out of memory", path);
	tdestroy(parser.names[0], name_keep);
	tdestroy(parser.names[1], name_keep);
	if (err)
		record_cleanup(record);
	return err;
}

static void cells_free(struct record_cells *cells)
{
	size_t i;

	for (i = 0; i < cells->count; i++)
		cell_free(cells->list[i]);
	free(cells->list);
}

void record_cleanup(struct record *record)
{
	cells_free(&record->cells);
	cells_free(&record->memory);
	json_decref(record->json);
	free(record->path);
	memset(record, 0, sizeof(*record));
}

bool record_is_exact(const struct record *record)
{
	return !strcmp(record->env.mode, "icount");
}

const json_t *record_env_value(const struct record *record, const char *dotted_path)
{
	return field_find(record->json, dotted_path);
}

const char *record_env_text(const struct record *record, const char *dotted_path)
{
	return json_string_value(record_env_value(record, dotted_path));
}

bool record_condition_equal(const struct record *a, const struct record *b, const char *dotted_path)
{
	const json_t *a_value = record_env_value(a, dotted_path);
	const json_t *b_value = record_env_value(b, dotted_path);

	return a_value == b_value || json_equal(a_value, b_value) ||
	       (record_is_exact(a) && !strcmp(dotted_path, HOST_CPU));
}

const char *record_machine_difference(const struct record *a, const struct record *b)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(machine_paths); i++)
		if (!record_condition_equal(a, b, machine_paths[i]))
			return machine_paths[i];
	return NULL;
}

bool record_boot_equal(const struct record *a, const struct record *b)
{
	return a->env.machine_boot_id && b->env.machine_boot_id &&
	       !strcmp(a->env.machine_boot_id, b->env.machine_boot_id);
}
