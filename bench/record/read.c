// SPDX-License-Identifier: GPL-2.0-or-later
#include "record/read.h"

#include <ctype.h>
#include <errno.h>
#include <search.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "record/fields.h"
#include "record/line.h"

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

/* Longest end of a sample line from the key "iteration" on: four 64-bit numbers, keys, unit. */
#define TAIL_MAX_BYTES 160

/**
 * struct known_head - the bytes of a sample line up to the key "iteration", seen before
 * @bytes: not NUL-terminated, owned
 * @length: number of @bytes
 * @cell: where samples with this head belong
 */
struct known_head {
	char *bytes;
	size_t length;
	struct record_cell *cell;
};

/* What a line about one cell holds. Cells of different kinds may have the same name. */
enum sample_kind {
	SAMPLE_COST,
	SAMPLE_MEMORY,
	SAMPLE_KINDS
};

/**
 * struct parser - a record being read
 * @record: what has been read so far
 * @reader: where the lines come from
 * @error: what was wrong
 * @heads: tree of struct known_head
 * @names: trees of struct record_cell by what names a cell, one for each kind
 * @lines: number of lines of each kind
 * @middle: the text between a sample's last count and its cost; fixed once the unit is known
 * @last_order: that of the newest sample
 * @ended: the end line has been read
 *
 * A run of a million samples has a few hundred cells: nearly every line repeats, byte for byte, the
 * head of a line that was checked in full already. Comparing these bytes proves the same as
 * parsing them again and is some twenty times faster.
 */
struct parser {
	struct record *record;
	struct line_reader reader;
	struct error *error;
	void *heads;
	void *names[SAMPLE_KINDS];
	size_t lines[SAMPLE_KINDS];
	char middle[64];
	int64_t last_order;
	bool ended;
};

/**
 * struct sample - the values of one sample or memory line; strings borrowed from its JSON. In a
 * memory line the cost is bytes, and has no unit.
 */
struct sample {
	struct record_cell_key key;
	const char *unit;
	int64_t iteration;
	int64_t order;
	int64_t repeats;
	int64_t cost;
};

#define KEY_FIELD(name, type, member) { name, type, offsetof(struct sample, key.member) }
#define SAMPLE_FIELD(name, type) { #name, type, offsetof(struct sample, name) }

#define SAMPLE_HEAD_FIELDS						\
	{ "record", FIELD_NAME, FIELD_NOT_STORED },			\
	KEY_FIELD("case", FIELD_NAME, case_name),			\
	KEY_FIELD("op", FIELD_NAME, op),				\
	KEY_FIELD("variant", FIELD_NAME, variant),			\
	KEY_FIELD("size_bytes", FIELD_COUNT, size_bytes),		\
	KEY_FIELD("pages", FIELD_COUNT, pages),				\
	KEY_FIELD("va_offset_bytes", FIELD_COUNT, va_offset_bytes),	\
	KEY_FIELD("tables", FIELD_NAME, tables),			\
	KEY_FIELD("iova_align_bytes", FIELD_COUNT, iova_align_bytes),	\
	KEY_FIELD("chunk_bytes", FIELD_COUNT, chunk_bytes),		\
	SAMPLE_FIELD(iteration, FIELD_COUNT)

/* Of schema 2, for cases that have several of something. */
#define SAMPLE_AXES_FIELDS						\
	KEY_FIELD("devices", FIELD_COUNT | FIELD_OPTIONAL, devices),	\
	KEY_FIELD("containers", FIELD_COUNT | FIELD_OPTIONAL, containers), \
	KEY_FIELD("domains", FIELD_COUNT | FIELD_OPTIONAL, domains),	\
	KEY_FIELD("threads", FIELD_COUNT | FIELD_OPTIONAL, threads)

static const struct field memory_fields[] = {
	SAMPLE_HEAD_FIELDS,
	SAMPLE_AXES_FIELDS,
	{ "bytes", FIELD_COUNT, offsetof(struct sample, cost) },
};

static const struct field sample_fields_1[] = {
	SAMPLE_HEAD_FIELDS,
	SAMPLE_FIELD(unit, FIELD_NAME),
	SAMPLE_FIELD(cost, FIELD_COUNT),
};

static const struct field sample_fields[] = {
	SAMPLE_HEAD_FIELDS,
	SAMPLE_AXES_FIELDS,
	SAMPLE_FIELD(order, FIELD_COUNT),
	SAMPLE_FIELD(repeats, FIELD_COUNT),
	SAMPLE_FIELD(unit, FIELD_NAME),
	SAMPLE_FIELD(cost, FIELD_COUNT),
};

#define ENV_FIELD(path, type) { path, type, FIELD_NOT_STORED }

static const struct field env_fields[] = {
	{ "mode", FIELD_NAME, offsetof(struct record, mode) },
	{ "unit", FIELD_NAME, offsetof(struct record, unit) },
	{ "kernel.name", FIELD_TEXT, offsetof(struct record, kernel_name) },
	{ "kernel.release", FIELD_TEXT, offsetof(struct record, kernel_release) },
	{ "iommu.model", FIELD_NAME, offsetof(struct record, iommu_model) },
	ENV_FIELD("tool.name", FIELD_TEXT),
	ENV_FIELD("tool.version", FIELD_TEXT),
	ENV_FIELD("tool.revision", FIELD_TEXT),
	ENV_FIELD("kernel.version", FIELD_TEXT),
	ENV_FIELD("kernel.cmdline", FIELD_TEXT),
	ENV_FIELD("machine.cpu", FIELD_TEXT),
	ENV_FIELD("machine.hypervisor", FIELD_TEXT),
	ENV_FIELD("machine.cpus", FIELD_COUNT),
	ENV_FIELD("machine.page_bytes", FIELD_COUNT),
	ENV_FIELD("machine.governor", FIELD_TEXT),
	ENV_FIELD("machine.mitigations", FIELD_TEXT),
	ENV_FIELD("machine.memory_bytes", FIELD_COUNT),
	ENV_FIELD("iommu.page_sizes_bytes", FIELD_ARRAY),
	ENV_FIELD("device.address", FIELD_TEXT),
	ENV_FIELD("device.id", FIELD_TEXT),
	ENV_FIELD("device.bar", FIELD_COUNT),
	ENV_FIELD("device.bar_bytes", FIELD_COUNT),
	ENV_FIELD("plan.profile", FIELD_TEXT),
	ENV_FIELD("plan.iterations", FIELD_COUNT),
	ENV_FIELD("plan.cases", FIELD_ARRAY),
	ENV_FIELD("plan.variants", FIELD_ARRAY),
	ENV_FIELD("plan.sizes_bytes", FIELD_ARRAY),
	ENV_FIELD("argv", FIELD_ARRAY),
	ENV_FIELD("time", FIELD_TEXT),
};

/* Keys that are new in schema 2. Those that only some records have are FIELD_OPTIONAL. */
static const struct field env_fields_2[] = {
	ENV_FIELD("sampling.order", FIELD_NAME),
	ENV_FIELD("sampling.order_seed", FIELD_COUNT),
	ENV_FIELD("sampling.warmup", FIELD_COUNT),
	ENV_FIELD("sampling.min_time_ns", FIELD_COUNT),
	ENV_FIELD("sampling.repeats_max", FIELD_COUNT),
	ENV_FIELD("more_devices", FIELD_ARRAY | FIELD_OPTIONAL),
};

static const struct {
	const char *mode;
	const char *unit;
} mode_units[] = {
	{ "icount", "insn" },
	{ "kvm", "ns" },
	{ "tcg", "ns" },
	{ "metal", "ns" },
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
			 parser->reader.number, what);
}

static int head_compare(const void *a, const void *b)
{
	const struct known_head *x = a, *y = b;

	if (x->length != y->length)
		return x->length < y->length ? -1 : 1;
	return memcmp(x->bytes, y->bytes, x->length);
}

static void head_free(void *head)
{
	free(((struct known_head *)head)->bytes);
	free(head);
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
	free(cell->key.case_name);
	free(cell->key.op);
	free(cell->key.variant);
	free(cell->key.tables);
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
	cell->last_iteration = -1;
	if (cell->key.case_name && cell->key.op && cell->key.variant && cell->key.tables)
		return cell;
	cell_free(cell);
	return NULL;
}

/* Adds @cell to the @count in *@list. */
static int list_add(struct record_cell ***list, size_t *count, struct record_cell *cell)
{
	size_t room = *count ? *count * 2 : 1;
	struct record_cell **cells;

	/* Room is always a power of two: it is used up when the count is one. */
	if (!(*count & (*count - 1))) {
		cells = reallocarray(*list, room, sizeof(*cells));
		if (!cells)
			return -ENOMEM;
		*list = cells;
	}
	(*list)[(*count)++] = cell;
	return 0;
}

static int record_add_cell(struct record *record, enum sample_kind kind, struct record_cell *cell)
{
	if (kind == SAMPLE_MEMORY)
		return list_add(&record->memory, &record->memory_count, cell);
	return list_add(&record->cells, &record->cells_count, cell);
}

/* The cell that @key names, made when it is new; NULL when memory is out. */
static struct record_cell *parser_cell(struct parser *parser, enum sample_kind kind,
				       const struct record_cell_key *key)
{
	struct record_cell *cell;
	void *node;

	node = tfind(key, &parser->names[kind], name_compare);
	if (node)
		return *(struct record_cell **)node;

	cell = cell_new(key);
	if (!cell)
		return NULL;
	if (record_add_cell(parser->record, kind, cell)) {
		cell_free(cell);
		return NULL;
	}
	return tsearch(cell, &parser->names[kind], name_compare) ? cell : NULL;
}

static int cell_grow(struct record_cell *cell)
{
	size_t capacity = cell->capacity ? cell->capacity * 2 : 4;
	double *grown;

	if (cell->samples < cell->capacity)
		return 0;
	grown = reallocarray(cell->cost, capacity, sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	cell->cost = grown;
	grown = reallocarray(cell->order, capacity, sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	cell->order = grown;
	cell->capacity = capacity;
	return 0;
}

/* Checks what must be so of the numbers of every line. */
static int cell_check(struct parser *parser, const struct record_cell *cell,
		      const struct sample *sample)
{
	if (sample->cost > RECORD_COST_MAX)
		return parser_fail(parser, "cost %lld is above 2^53", (long long)sample->cost);
	if (sample->repeats < 1)
		return parser_fail(parser, "repeats %lld: must be 1 or more",
				   (long long)sample->repeats);
	if (sample->iteration > cell->last_iteration)
		return 0;
	return parser_fail(parser, "iteration %lld of %s %s %s %llu comes after iteration %lld",
			   (long long)sample->iteration, cell->key.case_name, cell->key.op,
			   cell->key.variant, (unsigned long long)cell->key.size_bytes,
			   (long long)cell->last_iteration);
}

/* Adds the numbers of @sample, whose key need not be set. */
static int cell_add(struct parser *parser, struct record_cell *cell, const struct sample *sample)
{
	int err;

	err = cell_check(parser, cell, sample);
	if (!err)
		err = cell_grow(cell);
	if (err)
		return err;
	if (!cell->samples || sample->repeats < cell->repeats_least)
		cell->repeats_least = sample->repeats;
	if (sample->repeats > cell->repeats_most)
		cell->repeats_most = sample->repeats;
	cell->order[cell->samples] = sample->order;
	cell->cost[cell->samples++] = (double)sample->cost / sample->repeats;
	cell->last_iteration = sample->iteration;
	return 0;
}

/* A cost, whose place in the run must be after the one before it. */
static int cell_add_cost(struct parser *parser, struct record_cell *cell, struct sample *sample)
{
	int err;

	parser->lines[SAMPLE_COST]++;
	if (parser->record->schema == 1) {
		sample->order = parser->lines[SAMPLE_COST] - 1;
		sample->repeats = 1;
	}
	err = cell_add(parser, cell, sample);
	if (err)
		return err;
	if (sample->order <= parser->last_order)
		return parser_fail(parser, "order %lld comes after order %lld",
				   (long long)sample->order, (long long)parser->last_order);
	parser->last_order = sample->order;
	return 0;
}

/* Reads a JSON integer of at most 18 digits without sign. Returns what follows it, or NULL. */
static const char *digits_read(const char *text, int64_t *value)
{
	const char *end = text;

	for (*value = 0; isdigit((unsigned char)*end) && end - text < 18; end++)
		*value = *value * 10 + (*end - '0');
	if (end == text || (*text == '0' && end - text > 1))
		return NULL;
	return end;
}

/* Reads ,"KEY":N at @text into @value. Returns what follows it, or NULL. */
static const char *count_read(const char *text, const char *key, int64_t *value)
{
	size_t length = strlen(key);

	return text && !strncmp(text, key, length) ? digits_read(text + length, value) : NULL;
}

/*
 * Splits a line of the canonical form HEAD,"iteration":N,"order":N,"repeats":N,"unit":"U","cost":N}
 * (order and repeats only since schema 2) and returns the length of HEAD, or 0 when the line has
 * another form (which may still be a valid sample).
 */
static size_t line_split(const struct parser *parser, const char *line, size_t length,
			 struct sample *sample)
{
	static const char key[] = ",\"iteration\":";
	char tail[TAIL_MAX_BYTES + 1];
	size_t tail_length = length < TAIL_MAX_BYTES ? length : TAIL_MAX_BYTES;
	const char *at, *next;

	memcpy(tail, line + length - tail_length, tail_length);
	tail[tail_length] = '\0';
	at = strstr(tail, key);
	if (!at)
		return 0;
	next = count_read(at, key, &sample->iteration);
	if (parser->record->schema > 1) {
		next = count_read(next, ",\"order\":", &sample->order);
		next = count_read(next, ",\"repeats\":", &sample->repeats);
	}
	next = count_read(next, parser->middle, &sample->cost);
	if (!next || strcmp(next, "}"))
		return 0;
	return length - tail_length + (at - tail);
}

static struct record_cell *parser_known(const struct parser *parser, const char *head,
					size_t length)
{
	const struct known_head wanted = { .bytes = (char *)head, .length = length };
	void *node = tfind(&wanted, &parser->heads, head_compare);

	return node ? (*(struct known_head **)node)->cell : NULL;
}

static int parser_learn(struct parser *parser, const char *head, size_t length,
			struct record_cell *cell)
{
	struct known_head *known = calloc(1, sizeof(*known));

	if (!known)
		return -ENOMEM;
	known->bytes = malloc(length);
	if (!known->bytes) {
		free(known);
		return -ENOMEM;
	}
	memcpy(known->bytes, head, length);
	known->length = length;
	known->cell = cell;
	if (!tsearch(known, &parser->heads, head_compare)) {
		head_free(known);
		return -ENOMEM;
	}
	return 0;
}

/* The cell of @sample in *@cell. */
static int sample_cell(struct parser *parser, enum sample_kind kind, const struct sample *sample,
		       struct record_cell **cell)
{
	const struct record_cell_key *key = &sample->key;

	*cell = parser_cell(parser, kind, key);
	if (!*cell)
		return -ENOMEM;
	if (record_conditions_equal(&(*cell)->key, key))
		return 0;
	return parser_fail(parser, "%s %s %s %llu was measured under other conditions before",
			   key->case_name, key->op, key->variant,
			   (unsigned long long)key->size_bytes);
}

static int parse_memory(struct parser *parser, const json_t *json)
{
	struct sample sample = { .repeats = 1 };
	struct record_cell *cell;
	char error[128];
	int err;

	if (fields_read(json, memory_fields, ARRAY_SIZE(memory_fields), true, &sample, error,
			sizeof(error)))
		return parser_fail(parser, "memory: %s", error);
	err = sample_cell(parser, SAMPLE_MEMORY, &sample, &cell);
	if (err)
		return err;
	parser->lines[SAMPLE_MEMORY]++;
	return cell_add(parser, cell, &sample);
}

static int sample_read(const struct parser *parser, const json_t *json, struct sample *sample,
		       char *error, size_t error_bytes)
{
	if (parser->record->schema == 1)
		return fields_read(json, sample_fields_1, ARRAY_SIZE(sample_fields_1), true,
				   sample, error, error_bytes);
	return fields_read(json, sample_fields, ARRAY_SIZE(sample_fields), true, sample, error,
			   error_bytes);
}

static int parse_sample(struct parser *parser, const json_t *json, struct record_cell **cell)
{
	struct sample sample = { 0 };
	char error[128];
	int err;

	if (sample_read(parser, json, &sample, error, sizeof(error)))
		return parser_fail(parser, "sample: %s", error);
	if (strcmp(sample.unit, parser->record->unit))
		return parser_fail(parser, "sample has unit '%.20s', but line 1 says '%s'",
				   sample.unit, parser->record->unit);
	err = sample_cell(parser, SAMPLE_COST, &sample, cell);
	return err ? err : cell_add_cost(parser, *cell, &sample);
}

static int parse_end(struct parser *parser, const json_t *json)
{
	static const struct field fields[] = {
		{ "record", FIELD_NAME, FIELD_NOT_STORED },
		{ "samples", FIELD_COUNT, 0 },
	};
	int64_t samples = 0;
	char error[128];

	if (fields_read(json, fields, ARRAY_SIZE(fields), true, &samples, error, sizeof(error)))
		return parser_fail(parser, "end: %s", error);
	if ((size_t)samples != parser->lines[SAMPLE_COST] + parser->lines[SAMPLE_MEMORY])
		return parser_fail(parser, "end says %lld samples, but the file has %zu",
				   (long long)samples,
				   parser->lines[SAMPLE_COST] + parser->lines[SAMPLE_MEMORY]);
	if (!parser->lines[SAMPLE_COST])
		return parser_fail(parser, "the file has no samples");
	parser->record->samples = parser->lines[SAMPLE_COST];
	parser->ended = true;
	return 0;
}

static json_t *parse_json(struct parser *parser, const char *line, size_t length)
{
	json_error_t error;
	json_t *json;

	/* jansson skips a NUL in some places. */
	if (memchr(line, '\0', length)) {
		parser_fail(parser, "not a JSON object on one line: it holds a NUL byte");
		return NULL;
	}
	json = json_loadb(line, length, JSON_REJECT_DUPLICATES, &error);
	if (!json)
		parser_fail(parser, "not a JSON object on one line: column %d: %.160s",
			    error.column, error.text);
	return json;
}

static int parse_line(struct parser *parser, const char *line, size_t length)
{
	struct record_cell *cell = NULL;
	struct sample sample = { 0 };
	const char *kind;
	size_t head;
	json_t *json;
	int err;

	if (parser->ended)
		return parser_fail(parser, "line after the end line");
	head = line_split(parser, line, length, &sample);
	if (head)
		cell = parser_known(parser, line, head);
	if (cell)
		return cell_add_cost(parser, cell, &sample);

	json = parse_json(parser, line, length);
	if (!json)
		return -EBADMSG;
	kind = json_string_value(json_object_get(json, "record"));
	if (kind && !strcmp(kind, "sample"))
		err = parse_sample(parser, json, &cell);
	else if (kind && !strcmp(kind, "memory"))
		err = parse_memory(parser, json);
	else if (kind && !strcmp(kind, "end"))
		err = parse_end(parser, json);
	else
		err = parser_fail(parser, "record is not one of 'sample', 'memory', 'end'");
	json_decref(json);
	return err || !head ? err : parser_learn(parser, line, head, cell);
}

static int env_check_unit(struct parser *parser)
{
	const struct record *record = parser->record;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(mode_units); i++)
		if (!strcmp(record->mode, mode_units[i].mode))
			break;
	if (i == ARRAY_SIZE(mode_units))
		return parser_fail(parser, "mode '%.20s' is not one of icount, kvm, tcg, metal",
				   record->mode);
	if (strcmp(record->unit, mode_units[i].unit))
		return parser_fail(parser, "unit '%.20s' does not go with mode %s: %s does",
				   record->unit, record->mode, mode_units[i].unit);
	snprintf(parser->middle, sizeof(parser->middle), ",\"unit\":\"%s\",\"cost\":",
		 record->unit);
	return 0;
}

/* An array of objects with these keys, which may be missing. */
static int env_check_list(struct parser *parser, const char *path, const struct field *fields,
			  size_t count)
{
	const json_t *list = field_find(parser->record->env, path);
	char error[128];
	json_t *item;
	size_t i;

	if (list && !json_is_array(list))
		return parser_fail(parser, "env: value of '%s' is not an array", path);
	json_array_foreach(list, i, item)
		if (fields_read(item, fields, count, false, NULL, error, sizeof(error)))
			return parser_fail(parser, "env: %s: %s", path, error);
	return 0;
}

static int env_check_lists(struct parser *parser)
{
	static const struct field skipped[] = {
		ENV_FIELD("case", FIELD_NAME),
		ENV_FIELD("from_bytes", FIELD_COUNT),
		ENV_FIELD("reason", FIELD_TEXT),
	};
	static const struct field stages[] = {
		ENV_FIELD("name", FIELD_TEXT),
		ENV_FIELD("time_ms", FIELD_COUNT),
		ENV_FIELD("peak_bytes", FIELD_COUNT),
	};

	if (env_check_list(parser, "skipped", skipped, ARRAY_SIZE(skipped)))
		return -EBADMSG;
	return env_check_list(parser, "lab.stages", stages, ARRAY_SIZE(stages));
}

static int env_check_schema(struct parser *parser)
{
	struct record *record = parser->record;
	const json_t *schema = json_object_get(record->env, "schema");

	if (!json_is_integer(schema))
		return parser_fail(parser, "env: value of 'schema' is not an integer");
	if (json_integer_value(schema) < RECORD_SCHEMA_FIRST ||
	    json_integer_value(schema) > RECORD_SCHEMA)
		return parser_fail(parser, "schema %lld is not known: this program reads schemas "
				   "%d to %d", (long long)json_integer_value(schema),
				   RECORD_SCHEMA_FIRST, RECORD_SCHEMA);
	record->schema = json_integer_value(schema);
	return 0;
}

static int env_check_fields(struct parser *parser)
{
	struct record *record = parser->record;
	char error[128];

	if (fields_read(record->env, env_fields, ARRAY_SIZE(env_fields), false, record, error,
			sizeof(error)))
		return parser_fail(parser, "env: %s", error);
	if (record->schema > 1 &&
	    fields_read(record->env, env_fields_2, ARRAY_SIZE(env_fields_2), false, record, error,
			sizeof(error)))
		return parser_fail(parser, "env: %s", error);
	return 0;
}

static int parse_env(struct parser *parser, const char *line, size_t length)
{
	struct record *record = parser->record;
	const char *kind;

	record->env = parse_json(parser, line, length);
	if (!record->env)
		return -EBADMSG;
	kind = json_string_value(json_object_get(record->env, "record"));
	if (!kind || strcmp(kind, "env"))
		return parser_fail(parser, "not a barmap record: line 1 must be the env record");
	if (env_check_schema(parser) || env_check_fields(parser) || env_check_lists(parser))
		return -EBADMSG;
	return env_check_unit(parser);
}

/* What is wrong with the file as a file; @err as from line_reader_next(). */
static int parser_file_error(struct parser *parser, int err)
{
	switch (err) {
	case -ENODATA:
		return parser_fail(parser, "truncated: the last line has no newline");
	case -EMSGSIZE:
		return parser_fail(parser, "not a barmap record: line longer than 1 MiB");
	default:
		return error_set(parser->error, OUTCOME_USE, -err, "%s: %s", parser->record->path,
				 strerror(-err));
	}
}

static int parse_file(struct parser *parser)
{
	size_t length;
	const char *line;
	int err;

	while ((err = line_reader_next(&parser->reader, &line, &length)) > 0) {
		if (parser->reader.number == 1)
			err = parse_env(parser, line, length);
		else
			err = parse_line(parser, line, length);
		if (err == -EBADMSG)
			return err;
		if (err)
			break;
	}
	if (err)
		return parser_file_error(parser, err);
	if (!parser->reader.number) {
		parser->reader.number = 1;
		return parser_fail(parser, "not a barmap record: the file is empty");
	}
	if (!parser->ended)
		return parser_fail(parser, "truncated: there is no end line");
	return 0;
}

int record_read(struct record *record, const char *path, struct error *error)
{
	struct parser parser = { .record = record, .error = error, .last_order = -1 };
	enum sample_kind kind;
	int err;

	memset(record, 0, sizeof(*record));
	record->path = strdup(path);
	if (!record->path)
		return error_set(error, OUTCOME_BROKEN, ENOMEM, "%s: out of memory", path);

	err = line_reader_init(&parser.reader, path);
	if (err) {
		err = parser_file_error(&parser, err);
	} else {
		err = parse_file(&parser);
		line_reader_cleanup(&parser.reader);
	}
	tdestroy(parser.heads, head_free);
	for (kind = 0; kind < SAMPLE_KINDS; kind++)
		tdestroy(parser.names[kind], name_keep);
	if (err)
		record_cleanup(record);
	return err;
}

void record_cleanup(struct record *record)
{
	size_t i;

	for (i = 0; i < record->cells_count; i++)
		cell_free(record->cells[i]);
	for (i = 0; i < record->memory_count; i++)
		cell_free(record->memory[i]);
	free(record->cells);
	free(record->memory);
	json_decref(record->env);
	free(record->path);
	memset(record, 0, sizeof(*record));
}

const json_t *record_env_value(const struct record *record, const char *dotted_path)
{
	return field_find(record->env, dotted_path);
}
