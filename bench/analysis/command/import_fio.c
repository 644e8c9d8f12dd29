// SPDX-License-Identifier: GPL-2.0-or-later
/* Makes a record of what fio measured with the engine vfio-dma, for the other commands to read. */
#include <errno.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "analysis/command/commands.h"
#include "analysis/command/fio.h"
#include "lib/outfile.h"
#include "record/read.h"
#include "lib/options.h"

#include "config.h"
#include "revision.h"

#define KEY_LIKE	'l'
#define KEY_OUTPUT	'o'
#define CASE_PREFIX	"fio/"

struct request {
	const char *like;
	const char *output;
	char **files;
	size_t files_count;
	int argc;
	char **argv;
};

/**
 * struct import - a record being made
 * @like: a record of barmap, made on the machine that fio ran on
 * @out: its sample lines
 * @samples: how many there are
 * @counts: number of samples in each cell, by its name; jobs, or the threads of one, may share a
 *          cell. A JSON object, as are the next three
 * @cases: their names
 * @variants: their names
 * @sizes: by their text
 * @job: the one being read
 * @version: of fio
 * @time: when fio ended, in seconds since 1970
 */
struct import {
	struct record like;
	FILE *out;
	json_int_t samples;
	json_t *counts;
	json_t *cases;
	json_t *variants;
	json_t *sizes;
	const struct fio_job *job;
	char version[64];
	json_int_t time;
};

static const struct argp_option import_table[] = {
	{ "like", KEY_LIKE, "RECORD", 0,
	  "A record that barmap run made on the same kernel and machine; says what those are "
	  "(required)", 0 },
	{ "output", KEY_OUTPUT, "FILE", 0, "Where the record goes; must not exist (required)", 0 },
	{ 0 },
};

static int import_take(int key, const char *value, void *data, struct error *error)
{
	struct request *request = data;

	switch (key) {
	case ARGP_KEY_ARG:
		request->files[request->files_count++] = (char *)value;
		return 0;
	case KEY_LIKE:
		request->like = value;
		return 0;
	case KEY_OUTPUT:
		request->output = value;
		return 0;
	default:
		return error_set(error, OUTCOME_BROKEN, EINVAL, "option key %d is not handled",
				 key);
	}
}

static const struct options import_options = {
	.name = "barmap import-fio",
	.summary = "A record of what fio measured with the engine vfio-dma. Takes fio's JSON output, "
		   "and the latency logs that are beside it.",
	.table = import_table,
	.arguments = "FIO-JSON...",
	.take = import_take,
};

static int request_check(const struct request *request, struct error *error)
{
	if (!request->like)
		return error_set(error, OUTCOME_USE, EINVAL, "option '--like': required");
	if (!request->output)
		return error_set(error, OUTCOME_USE, EINVAL, "option '--output': required");
	if (!request->files_count)
		return error_set(error, OUTCOME_USE, EINVAL,
				 "import-fio: needs at least one file of fio's JSON output");
	if (!access(request->output, F_OK))
		return error_set(error, OUTCOME_USE, EEXIST,
				 "output '%s': exists already; nothing is overwritten",
				 request->output);
	return 0;
}

static int line_print(FILE *out, json_t *line)
{
	int err;

	if (!line)
		return -ENOMEM;
	err = json_dumpf(line, out, JSON_COMPACT | JSON_PRESERVE_ORDER) || fputc('\n', out) == EOF;
	json_decref(line);
	return err ? -ENOMEM : 0;
}

/* The number of the next sample of a cell, from 0. */
static json_int_t count_next(struct import *import, const char *op, const char *variant,
			     uint64_t size_bytes)
{
	json_int_t count;
	char cell[512];

	snprintf(cell, sizeof(cell), "%.200s %s %.200s %llu", import->job->name, op, variant,
		 (unsigned long long)size_bytes);
	count = json_integer_value(json_object_get(import->counts, cell));
	json_object_set_new(import->counts, cell, json_integer(count + 1));
	return count;
}

static json_t *sample_json(struct import *import, const char *op, uint64_t latency_ns)
{
	json_int_t page_bytes =
		json_integer_value(record_env_value(&import->like, "machine.page_bytes"));
	const struct fio_job *job = import->job;
	json_int_t size = job->empty ? 0 : (json_int_t)job->map_bytes;
	const char *variant = job->empty ? "none" : job->variant;
	char name[256];

	snprintf(name, sizeof(name), CASE_PREFIX "%.200s", job->name);
	json_object_set_new(import->cases, name, json_true());
	return json_pack("{s:s, s:s, s:s, s:s, s:I, s:I, s:I, s:s, s:I, s:I, s:I, s:I, s:i, s:s,"
			 " s:I}", "record", "sample", "case", name, "op", op, "variant", variant,
			 "size_bytes", size, "pages", size / page_bytes,
			 "va_offset_bytes", (json_int_t)(job->empty ? 0 : job->va_offset_bytes),
			 "tables", job->empty ? "none" : job->tables,
			 "iova_align_bytes", (json_int_t)(job->empty ? 0 : job->iova_align_bytes),
			 "chunk_bytes", (json_int_t)0,
			 "iteration", count_next(import, op, variant, (uint64_t)size),
			 "order", import->samples, "repeats", 1, "unit", import->like.unit,
			 "cost", (json_int_t)latency_ns);
}

/* fio's nanosecond is an instruction where the record's unit is that: its clock counts them. */
static int sample_take(void *data, const char *op, uint64_t latency_ns, struct error *error)
{
	struct import *import = data;
	int err;

	if (latency_ns > RECORD_COST_MAX)
		return error_set(error, OUTCOME_USE, ERANGE, "%s: a latency is above 2^53",
				 import->job->log);
	err = line_print(import->out, sample_json(import, op, latency_ns));
	if (err)
		return error_set(error, OUTCOME_BROKEN, -err, "out of memory");
	import->samples++;
	return 0;
}

static void size_note(struct import *import, uint64_t bytes)
{
	char key[24];

	snprintf(key, sizeof(key), "%llu", (unsigned long long)bytes);
	json_object_set_new(import->sizes, key, json_integer((json_int_t)bytes));
}

static int run_import(struct import *import, const struct fio_run *run, struct error *error)
{
	struct fio_job job;
	size_t i;
	int ret;

	import->job = &job;
	for (i = 0; i < fio_run_jobs(run); i++) {
		ret = fio_run_job(run, i, &job, error);
		if (!ret)
			continue;
		if (ret > 0)
			ret = fio_log_read(&job, sample_take, import, error);
		if (ret)
			return ret;
		if (!job.empty) {
			json_object_set_new(import->variants, job.variant, json_true());
			size_note(import, job.map_bytes);
		}
	}
	return 0;
}

static int file_import(struct import *import, const char *path, struct error *error)
{
	struct fio_run run;
	int err;

	err = fio_run_read(&run, path, error);
	if (err)
		return err;
	if (!import->time)
		import->time = json_integer_value(json_object_get(run.json, "timestamp"));
	snprintf(import->version, sizeof(import->version), "%s", run.version);
	err = run_import(import, &run, error);
	fio_run_cleanup(&run);
	return err;
}

static json_t *keys_json(json_t *object)
{
	json_t *array = json_array();
	const char *key;
	json_t *value;

	json_object_foreach(object, key, value)
		json_array_append_new(array, json_is_integer(value) ? json_incref(value) :
				      json_string(key));
	return array;
}

static json_t *argv_json(const struct request *request)
{
	json_t *array = json_array();
	int i;

	for (i = 0; i < request->argc; i++)
		json_array_append_new(array, json_string(request->argv[i]));
	return array;
}

/* The most samples that a cell has. */
static json_int_t iterations_most(const struct import *import)
{
	json_int_t most = 0;
	const char *key;
	json_t *value;

	json_object_foreach(import->counts, key, value)
		if (json_integer_value(value) > most)
			most = json_integer_value(value);
	return most;
}

/* As the record that is like it says, but for what fio did in barmap's place. */
static json_t *env_json(const struct import *import, const struct request *request)
{
	json_t *env = json_deep_copy(import->like.env);
	time_t seconds = (time_t)import->time;
	char text[32];
	struct tm utc;

	gmtime_r(&seconds, &utc);
	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &utc);
	json_object_set_new(env, "schema", json_integer(RECORD_SCHEMA));
	json_object_set_new(env, "tool", json_pack("{s:s, s:s, s:s}", "name", "fio", "version",
		import->version, "revision", BARMAP_REVISION));
	json_object_set_new(env, "plan", json_pack("{s:s, s:I, s:o, s:o, s:o}", "profile", "fio",
		"iterations", iterations_most(import), "cases", keys_json(import->cases),
		"variants", keys_json(import->variants), "sizes_bytes", keys_json(import->sizes)));
	json_object_set_new(env, "sampling", json_pack("{s:s, s:i, s:i, s:i, s:i}", "order",
		"fixed", "order_seed", 0, "warmup", 0, "min_time_ns", 0, "repeats_max", 1));
	json_object_set_new(env, "skipped", json_array());
	json_object_set_new(env, "argv", argv_json(request));
	json_object_set_new(env, "time", json_string(text));
	return env;
}

/* The samples are known before the first line, which names their cases, can be written. */
static int record_print(const struct import *import, const struct request *request,
			const struct output *samples, FILE *out)
{
	int err;

	err = line_print(out, env_json(import, request));
	if (!err && fwrite(samples->text, 1, samples->length, out) != samples->length)
		err = -ENOMEM;
	return err ? err : line_print(out, json_pack("{s:s, s:I}", "record", "end", "samples",
						     import->samples));
}

static int record_commit(const struct import *import, const struct request *request,
			 const struct output *samples, struct error *error)
{
	char *directory = strdup(request->output), *name = strdup(request->output);
	struct output record;
	int err = -ENOMEM;

	if (directory && name && !output_init(&record)) {
		err = record_print(import, request, samples, record.stream);
		if (!err)
			err = output_commit(&record, dirname(directory), basename(name), error);
		else
			output_cleanup(&record);
	}
	free(directory);
	free(name);
	return err == -ENOMEM ? error_set(error, OUTCOME_BROKEN, ENOMEM, "out of memory") : err;
}

static int files_import(struct import *import, const struct request *request,
			struct error *error)
{
	struct output samples;
	size_t i;
	int err = 0;

	if (output_init(&samples))
		return error_set(error, OUTCOME_BROKEN, ENOMEM, "out of memory");
	import->out = samples.stream;
	for (i = 0; i < request->files_count && !err; i++)
		err = file_import(import, request->files[i], error);
	if (!err && !import->samples)
		err = error_set(error, OUTCOME_USE, ENODATA,
				"%s: no job of the engine vfio-dma", request->files[0]);
	if (!err && fflush(samples.stream))
		err = error_set(error, OUTCOME_BROKEN, ENOMEM, "out of memory");
	if (!err)
		err = record_commit(import, request, &samples, error);
	output_cleanup(&samples);
	return err;
}

static int import_run(const struct request *request, struct error *error)
{
	struct import import = {
		.counts = json_object(),
		.cases = json_object(),
		.variants = json_object(),
		.sizes = json_object(),
	};
	int err;

	err = record_read(&import.like, request->like, error);
	if (!err) {
		err = files_import(&import, request, error);
		record_cleanup(&import.like);
	}
	json_decref(import.counts);
	json_decref(import.cases);
	json_decref(import.variants);
	json_decref(import.sizes);
	return err;
}

int command_import_fio(int argc, char **argv, struct error *error)
{
	struct request request = {
		.files = calloc(argc, sizeof(char *)),
		.argc = argc,
		.argv = argv,
	};
	int err;

	if (!request.files)
		return error_set(error, OUTCOME_BROKEN, ENOMEM, "out of memory");
	err = options_parse(&import_options, argc, argv, &request, error);
	if (!err)
		err = request_check(&request, error);
	if (!err)
		err = import_run(&request, error);
	free(request.files);
	if (!err)
		printf("%s\n", request.output);
	return err;
}
