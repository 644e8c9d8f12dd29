// SPDX-License-Identifier: GPL-2.0-or-later
#include "harness/record_write.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/interrupt.h"

#include "config.h"
#include "revision.h"

#define RECORD_FORMAT	(JSON_COMPACT | JSON_PRESERVE_ORDER)

static json_int_t json_bytes(uint64_t bytes)
{
	return (json_int_t)bytes;
}

/* One number for each bit of @sizes, ascending. */
static json_t *sizes_json(uint64_t sizes)
{
	json_t *array = json_array();

	for (; sizes; sizes &= sizes - 1)
		json_array_append_new(array, json_integer(json_bytes(sizes & -sizes)));
	return array;
}

static json_t *kernel_json(const struct record_run *run)
{
	return json_pack("{s:s, s:s, s:s, s:s}", "name", run->kernel_name,
			 "release", run->environment->kernel_release,
			 "version", run->environment->kernel_version,
			 "cmdline", run->environment->kernel_cmdline);
}

static json_t *machine_json(const struct environment *environment)
{
	return json_pack("{s:s, s:s, s:I, s:I, s:s, s:s, s:I}", "cpu", environment->cpu,
			 "hypervisor", environment->hypervisor,
			 "cpus", (json_int_t)environment->cpus,
			 "page_bytes", json_bytes(environment->page_bytes),
			 "governor", environment->governor,
			 "mitigations", environment->mitigations,
			 "memory_bytes", json_bytes(environment->memory_bytes));
}

static json_t *device_json(const struct record_run *run)
{
	char id[16];

	snprintf(id, sizeof(id), "%04x:%04x", run->pci->vendor, run->pci->device);
	return json_pack("{s:s, s:s, s:i, s:I}", "address", run->pci->address, "id", id,
			 "bar", run->bar->number, "bar_bytes", json_bytes(run->bar->bytes));
}

static json_t *more_json(const struct record_run *run)
{
	json_t *array = json_array();
	size_t i;

	for (i = 0; i < run->more_count; i++)
		json_array_append_new(array, json_string(run->more[i].address));
	return array;
}

static json_t *plan_json(const struct record_run *run)
{
	json_t *cases = json_array(), *variants = json_array();
	const struct plan *plan = run->plan;
	size_t i;

	for (i = 0; i < plan->cases_count; i++)
		json_array_append_new(cases, json_string(plan->cases[i].bench_case->name));
	for (i = 0; i < plan->variants_count; i++)
		json_array_append_new(variants,
				      json_string(run->variants->names[plan->variants[i]]));
	return json_pack("{s:s, s:I, s:o, s:o, s:o}", "profile", plan->profile,
			 "iterations", (json_int_t)plan->iterations, "cases", cases,
			 "variants", variants, "sizes_bytes", sizes_json(plan_sizes(plan)));
}

static json_t *sampling_json(const struct record_run *run)
{
	const struct protocol *protocol = &run->plan->protocol;

	return json_pack("{s:s, s:I, s:I, s:I, s:I}",
			 "order", protocol->shuffled ? "shuffled" : "fixed",
			 "order_seed", (json_int_t)protocol->seed,
			 "warmup", (json_int_t)protocol->warmup,
			 "min_time_ns", (json_int_t)protocol->min_time_ns,
			 "repeats_max", (json_int_t)protocol->repeats_max);
}

static json_t *skipped_json(const struct sample_set *set)
{
	const struct sample_skip *skip;
	json_t *array = json_array();

	for (skip = set->skips; skip < set->skips + set->skips_count; skip++)
		json_array_append_new(array, json_pack("{s:s, s:I, s:s}",
						       "case", skip->bench_case->name,
						       "from_bytes", json_bytes(skip->from_bytes),
						       "reason", skip->reason));
	return array;
}

static json_t *argv_json(const struct record_run *run)
{
	json_t *array = json_array();
	int i;

	for (i = 0; i < run->argc; i++)
		json_array_append_new(array, json_string(run->argv[i]));
	return array;
}

json_t *record_env(const struct record_run *run, const struct sample_set *set)
{
	json_t *record;

	record = json_pack("{s:s, s:i, s:{s:s, s:s, s:s}, s:s, s:s, s:o, s:o, s:{s:s, s:o}, s:o, s:o,"
			   " s:o, s:o, s:o, s:s}", "record", "env", "schema", RECORD_SCHEMA,
			   "tool", "name", "barmap", "version", PACKAGE_VERSION,
			   "revision", BARMAP_REVISION,
			   "mode", clock_mode_name(run->clock->mode), "unit", run->clock->unit,
			   "kernel", kernel_json(run), "machine", machine_json(run->environment),
			   "iommu", "model", pci_device_iommu_model(run->pci),
			   "page_sizes_bytes", sizes_json(run->iommu->page_sizes),
			   "device", device_json(run), "plan", plan_json(run),
			   "sampling", sampling_json(run), "skipped", skipped_json(set),
			   "argv", argv_json(run), "time", run->environment->time);
	if (record && run->more_count)
		json_object_set_new(record, "more_devices", more_json(run));
	return record;
}

/* Those of several of something; for the one of most cases the key is left out. */
static void axes_add(json_t *record, const struct case_axes *axes)
{
	const struct {
		const char *key;
		unsigned int count;
	} counts[] = {
		{ "devices", axes->devices }, { "containers", axes->containers },
		{ "domains", axes->domains }, { "threads", axes->threads },
	};
	size_t i;

	for (i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
		if (counts[i].count)
			json_object_set_new(record, counts[i].key, json_integer(counts[i].count));
}

/* The keys that sample and memory records share. */
static json_t *sample_json(const struct record_run *run, const struct sample *sample)
{
	const struct case_axes *axes = &sample->bench_case->axes;
	const char *variant = "none";
	json_t *record;

	if (sample->variant != SAMPLE_VARIANT_NONE)
		variant = run->variants->names[sample->variant];
	record = json_pack("{s:s, s:s, s:s, s:s, s:I, s:I, s:I, s:s, s:I, s:I}",
			   "record", sample->op->read ? "memory" : "sample",
			   "case", sample->bench_case->name,
			   "op", sample->op->name, "variant", variant,
			   "size_bytes", json_bytes(sample->size_bytes),
			   "pages", json_bytes(sample->size_bytes / run->environment->page_bytes *
					       case_mappings(axes)),
			   "va_offset_bytes", json_bytes(axes->va_offset_bytes),
			   "tables", case_tables_name(axes->tables),
			   "iova_align_bytes", json_bytes(axes->iova_align_bytes),
			   "chunk_bytes", json_bytes(axes->chunk_bytes));
	if (!record)
		return NULL;
	axes_add(record, axes);
	json_object_set_new(record, "iteration", json_integer((json_int_t)sample->iteration));
	return record;
}

json_t *record_sample(const struct record_run *run, const struct sample *sample)
{
	json_t *record = sample_json(run, sample);

	if (sample->op->read) {
		json_object_set_new(record, "bytes", json_integer(json_bytes(sample->cost)));
	} else {
		json_object_set_new(record, "order", json_integer((json_int_t)sample->order));
		json_object_set_new(record, "repeats", json_integer((json_int_t)sample->repeats));
		json_object_set_new(record, "unit", json_string(run->clock->unit));
		json_object_set_new(record, "cost", json_integer((json_int_t)sample->cost));
	}
	return record;
}

json_t *record_end(size_t samples)
{
	return json_pack("{s:s, s:I}", "record", "end", "samples", (json_int_t)samples);
}

/* What is removed if the program ends before the result is whole. */
static char *volatile temporary_path;

static void temporary_remove(void)
{
	if (temporary_path)
		unlink(temporary_path);
}

static int path_error(const char *path, int err, struct error *error)
{
	if (err == EEXIST)
		return error_set(error, OUTCOME_USE, err,
				 "output '%s': exists already; nothing is overwritten", path);
	return error_set(error, OUTCOME_USE, err, "output '%s': cannot be written: %s", path,
			 strerror(err));
}

static void record_file_release(struct record_file *file)
{
	temporary_path = NULL;
	free(file->temporary);
	free(file->path);
}

static int temporary_create(struct record_file *file)
{
	int fd;

	fd = open(file->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	if (fd < 0)
		return -errno;
	temporary_path = file->temporary;
	file->file = fdopen(fd, "w");
	if (file->file)
		return 0;
	close(fd);
	return -ENOMEM;
}

int record_file_open(struct record_file *file, const char *path, struct error *error)
{
	static bool undo_added;
	int ret;

	if (!access(path, F_OK))
		return path_error(path, EEXIST, error);
	if (!undo_added)
		interrupt_add_undo(temporary_remove);
	undo_added = true;
	file->path = strdup(path);
	if (asprintf(&file->temporary, "%s.tmp-%ld", path, (long)getpid()) < 0)
		file->temporary = NULL;
	ret = file->path && file->temporary ? temporary_create(file) : -ENOMEM;
	if (ret) {
		temporary_remove();
		record_file_release(file);
		return path_error(path, -ret, error);
	}
	return 0;
}

/* Write @record as a line and release it. */
static int line_write(FILE *file, json_t *record)
{
	int ret;

	if (!record)
		return -EILSEQ;
	ret = json_dumpf(record, file, RECORD_FORMAT) || fputc('\n', file) == EOF ? -EIO : 0;
	json_decref(record);
	return ret;
}

static int records_write(FILE *file, const struct record_run *run, const struct sample_set *set)
{
	size_t i;
	int ret;

	ret = line_write(file, record_env(run, set));
	for (i = 0; i < set->count && !ret; i++)
		ret = line_write(file, record_sample(run, &set->samples[i]));
	return ret ? ret : line_write(file, record_end(set->count));
}

int record_file_write(struct record_file *file, const struct record_run *run,
		      const struct sample_set *set, struct error *error)
{
	int ret;

	ret = records_write(file->file, run, set);
	if (ret == -EILSEQ)
		return error_set(error, OUTCOME_BROKEN, -ret,
				 "output '%s': out of memory, or a text in it is not UTF-8",
				 file->path);
	if (ret)
		return error_set(error, OUTCOME_FAILED, -ret, "output '%s': %s", file->path,
				 strerror(errno));
	return 0;
}

/* Not every filesystem can refuse to replace; there the check leaves a gap, but a small one. */
static int rename_no_replace(const char *from, const char *to)
{
	if (!renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE))
		return 0;
	if (errno != EINVAL && errno != ENOSYS)
		return -errno;
	if (!access(to, F_OK))
		return -EEXIST;
	return rename(from, to) ? -errno : 0;
}

/* The new name is on disk once its directory is. */
static int directory_sync(const char *path)
{
	char *copy = strdup(path);
	int fd, ret = 0;

	if (!copy)
		return -ENOMEM;
	fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	free(copy);
	if (fd < 0)
		return -errno;
	/* some filesystems have nothing to sync there */
	if (fsync(fd) && errno != EINVAL)
		ret = -errno;
	close(fd);
	return ret;
}

static int file_finish(struct record_file *file)
{
	int ret = 0;

	if (fflush(file->file) || fsync(fileno(file->file)))
		ret = -errno;
	if (fclose(file->file) && !ret)
		ret = -errno;
	if (!ret)
		ret = rename_no_replace(file->temporary, file->path);
	if (ret)
		unlink(file->temporary);
	return ret ? ret : directory_sync(file->path);
}

int record_file_commit(struct record_file *file, struct error *error)
{
	int ret;

	ret = file_finish(file);
	if (ret == -EEXIST)
		path_error(file->path, EEXIST, error);
	else if (ret)
		error_set(error, OUTCOME_FAILED, -ret, "output '%s': %s", file->path,
			  strerror(-ret));
	record_file_release(file);
	return ret;
}

void record_file_abandon(struct record_file *file)
{
	fclose(file->file);
	unlink(file->temporary);
	record_file_release(file);
}
