// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/command/fio.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "record/line.h"
#include "lib/size.h"

#define ENGINE_NAME "vfio-dma"
#define NAME_CHARACTERS	\
	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./+-"

/* What fio has to say comes before its JSON, which begins with a brace of its own. */
static int skip_to_json(FILE *file)
{
	char line[4096];
	long at = 0;

	while (fgets(line, sizeof(line), file)) {
		if (line[0] == '{')
			return fseek(file, at, SEEK_SET) ? -errno : 0;
		at = ftell(file);
	}
	return -EBADMSG;
}

int fio_run_read(struct fio_run *run, const char *path, struct error *error)
{
	FILE *file = fopen(path, "re");
	json_error_t json_error;

	if (!file)
		return error_set(error, OUTCOME_USE, errno, "%s: %s", path, strerror(errno));
	run->path = path;
	run->json = NULL;
	if (!skip_to_json(file))
		run->json = json_loadf(file, JSON_DISABLE_EOF_CHECK, &json_error);
	fclose(file);
	run->version = json_string_value(json_object_get(run->json, "fio version"));
	if (run->version && json_array_size(json_object_get(run->json, "jobs")))
		return 0;
	fio_run_cleanup(run);
	return error_set(error, OUTCOME_USE, EBADMSG,
			 "%s: not the output of fio --output-format=json", path);
}

void fio_run_cleanup(struct fio_run *run)
{
	json_decref(run->json);
}

size_t fio_run_jobs(const struct fio_run *run)
{
	return json_array_size(json_object_get(run->json, "jobs"));
}

/* An option as the job file has it, NULL if it does not. */
static const char *job_option(const struct fio_run *run, const json_t *json, const char *name)
{
	const json_t *value = json_object_get(json_object_get(json, "job options"), name);

	if (!value)
		value = json_object_get(json_object_get(run->json, "global options"), name);
	return json_string_value(value);
}

static const char *job_option_or(const struct fio_run *run, const json_t *json, const char *name,
				 const char *otherwise)
{
	const char *value = job_option(run, json, name);

	return value ? value : otherwise;
}

/* Sets the error to "FILE: job 'NAME': ..." and returns -EBADMSG. */
static int __attribute__((format(printf, 4, 5))) job_fail(const struct fio_run *run,
							  const char *name, struct error *error,
							  const char *format, ...)
{
	char what[256];
	va_list args;

	va_start(args, format);
	vsnprintf(what, sizeof(what), format, args);
	va_end(args);
	return error_set(error, OUTCOME_USE, EBADMSG, "%s: job '%.64s': %s", run->path, name, what);
}

/* A size as fio reads it, but for the suffixes that nobody uses here. */
static int size_read(const struct fio_run *run, const json_t *json, const char *job,
		     const char *name, uint64_t otherwise, uint64_t *bytes, struct error *error)
{
	const char *text = job_option(run, json, name);
	char *end;

	*bytes = otherwise;
	if (!text || !size_parse(text, bytes))
		return 0;
	*bytes = strtoull(text, &end, 0);
	if (!strncmp(text, "0x", 2) && !*end)
		return 0;
	return job_fail(run, job, error, "%s '%.32s' is not a size", name, text);
}

static int job_sizes(const struct fio_run *run, const json_t *json, struct fio_job *job,
		     struct error *error)
{
	uint64_t iova = 0, bits;
	int err;

	err = size_read(run, json, job->name, "map_size", SZ_2M, &job->map_bytes, error);
	if (!err)
		err = size_read(run, json, job->name, "va_offset", 0, &job->va_offset_bytes,
				error);
	if (!err)
		err = size_read(run, json, job->name, "iova_base", 0, &iova, error);
	bits = iova | job->map_bytes | SZ_1G;
	job->iova_align_bytes = bits & -bits;
	return err;
}

/* Where fio put the log of job number @index + 1; its name is the job's unless it was given one. */
static int job_log(const struct fio_run *run, const json_t *json, size_t index,
		   struct fio_job *job, struct error *error)
{
	const char *prefix = job_option_or(run, json, "write_lat_log", "");
	const char *average = job_option_or(run, json, "log_avg_msec", "0");
	const char *slash = strrchr(run->path, '/');
	int directory = slash ? (int)(slash + 1 - run->path) : 0;

	if (strcmp(average, "0"))
		return job_fail(run, job->name, error, "log_avg_msec '%.32s': must be 0, for every "
				"sample", average);
	if (snprintf(job->log, sizeof(job->log), "%.*s%s_clat.%zu.log", directory, run->path,
		     *prefix ? prefix : job->name, index + 1) >= (int)sizeof(job->log))
		return job_fail(run, job->name, error, "the path of its log is too long");
	return 0;
}

static bool name_is_good(const char *name)
{
	return name && *name && strspn(name, NAME_CHARACTERS) == strlen(name);
}

/* What every job has. */
static int job_check(const struct fio_run *run, const json_t *json, const struct fio_job *job,
		     struct error *error)
{
	json_int_t failure = json_integer_value(json_object_get(json, "error"));

	if (!name_is_good(job->name))
		return error_set(error, OUTCOME_USE, EBADMSG, "%s: job without a name, or with one "
				 "of other than letters, digits and _ . / + -", run->path);
	if (failure)
		return job_fail(run, job->name, error, "ended with error %d: %s", (int)failure,
				strerror((int)failure));
	if (!name_is_good(job->variant))
		return job_fail(run, job->name, error, "has no option 'variant', so nothing checked "
				"what was measured");
	return 0;
}

int fio_run_job(const struct fio_run *run, size_t index, struct fio_job *job,
		struct error *error)
{
	const json_t *json = json_array_get(json_object_get(run->json, "jobs"), index);
	int err;

	if (!strstr(job_option_or(run, json, "ioengine", ""), ENGINE_NAME))
		return 0;
	job->name = json_string_value(json_object_get(json, "jobname"));
	job->variant = job_option(run, json, "variant");
	job->tables = job_option_or(run, json, "tables", "warm");
	job->empty = !strcmp(job_option_or(run, json, "empty", "0"), "1");
	err = job_check(run, json, job, error);
	if (!err)
		err = job_sizes(run, json, job, error);
	if (!err)
		err = job_log(run, json, index, job, error);
	return err ? err : 1;
}

/* "TIME, VALUE, DIRECTION, BLOCK SIZE, ..." */
static int line_parse(const char *line, size_t length, uint64_t *latency_ns, const char **op)
{
	static const char *const ops[] = { "touch", "unmap", "map" };
	unsigned int direction;
	uint64_t time;
	char text[128];

	if (length >= sizeof(text))
		return -EBADMSG;
	memcpy(text, line, length);
	text[length] = '\0';
	if (!isdigit((unsigned char)text[0]) ||
	    sscanf(text, "%" SCNu64 ", %" SCNu64 ", %u,", &time, latency_ns, &direction) != 3 ||
	    direction >= sizeof(ops) / sizeof(ops[0]))
		return -EBADMSG;
	*op = ops[direction];
	return 0;
}

static int lines_read(const struct fio_job *job, struct line_reader *reader, fio_take take,
		      void *data, struct error *error)
{
	uint64_t latency_ns;
	const char *line, *op;
	size_t length;
	int err;

	for (;;) {
		err = line_reader_next(reader, &line, &length);
		if (!err && reader->number)
			return 0;
		if (err > 0)
			err = line_parse(line, length, &latency_ns, &op);
		else
			err = err ? err : -ENODATA;
		if (err)
			return error_set(error, OUTCOME_USE, EBADMSG,
					 "%s:%lu: not a line of a latency log of fio", job->log,
					 reader->number);
		err = take(data, op, latency_ns, error);
		if (err)
			return err;
	}
}

int fio_log_read(const struct fio_job *job, fio_take take, void *data, struct error *error)
{
	struct line_reader reader;
	int err;

	err = line_reader_init(&reader, job->log);
	if (err)
		return error_set(error, OUTCOME_USE, -err,
				 "%s: %s; fio writes it with the option write_lat_log", job->log,
				 strerror(-err));
	err = lines_read(job, &reader, take, data, error);
	line_reader_cleanup(&reader);
	return err;
}
