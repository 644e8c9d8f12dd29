// SPDX-License-Identifier: GPL-2.0-or-later
#include "harness/record_write.h"

#include <errno.h>
#include <string.h>

#include "record/format.h"

#include "config.h"
#include "revision.h"

/* One number for each bit of @sizes, ascending. */
static json_t *sizes_json(uint64_t sizes)
{
	json_t *array = json_array();

	for (; sizes; sizes &= sizes - 1)
		json_array_append_new(array, json_integer((json_int_t)(sizes & -sizes)));
	return array;
}

static json_t *more_json(const struct record_run *run)
{
	json_t *array = json_array();
	size_t i;

	for (i = 0; i < run->more_count; i++)
		json_array_append_new(array, json_string(run->more[i].address));
	return array;
}

static json_t *cases_json(const struct plan *plan)
{
	json_t *array = json_array();
	size_t i;

	for (i = 0; i < plan->cases_count; i++)
		json_array_append_new(array, json_string(plan->cases[i].bench_case->name));
	return array;
}

static json_t *variants_json(const struct record_run *run)
{
	json_t *array = json_array();
	size_t i;

	for (i = 0; i < run->plan->variants_count; i++)
		json_array_append_new(array,
				      json_string(run->variants->names[run->plan->variants[i]]));
	return array;
}

static json_t *skipped_json(const struct sample_set *set)
{
	const struct sample_skip *skip;
	json_t *array = json_array();

	for (skip = set->skips; skip < set->skips + set->skips_count; skip++) {
		const struct record_skip item = {
			skip->bench_case->name, skip->from_bytes, skip->reason,
		};

		json_array_append_new(array, fields_write(&item, record_skip_fields.fields,
							  record_skip_fields.count));
	}
	return array;
}

static json_t *argv_json(const struct record_run *run)
{
	json_t *array = json_array();
	int i, err = 0;

	for (i = 0; i < run->argc && !err; i++)
		err = json_array_append_new(array, json_string(run->argv[i]));
	if (!err)
		return array;
	json_decref(array);
	return NULL;
}

static void env_fill_machine(struct record_env *env, const struct environment *environment)
{
	env->kernel_release = environment->kernel_release;
	env->kernel_version = environment->kernel_version;
	env->kernel_cmdline = environment->kernel_cmdline;
	env->machine_cpu = environment->cpu;
	env->machine_hypervisor = environment->hypervisor;
	env->machine_cpus = (uint64_t)environment->cpus;
	env->machine_page_bytes = environment->page_bytes;
	env->machine_governor = environment->governor;
	env->machine_mitigations = environment->mitigations;
	env->machine_memory_bytes = environment->memory_bytes;
	env->time = environment->time;
}

static void env_fill_plan(struct record_env *env, const struct plan *plan)
{
	env->plan_profile = plan->profile;
	env->plan_iterations = plan->iterations;
	env->plan_shard = plan->shard.number;
	env->plan_shards = plan->shard.count;
	env->sampling_order = plan->protocol.shuffled ? "shuffled" : "fixed";
	env->sampling_order_seed = plan->protocol.seed;
	env->sampling_warmup = plan->protocol.warmup;
	env->sampling_min_time_ns = plan->protocol.min_time_ns;
	env->sampling_repeats_max = plan->protocol.repeats_max;
}

/* The arrays are the caller's to release. */
static void env_fill_arrays(struct record_env *env, const struct record_run *run,
			    const struct sample_set *set)
{
	env->iommu_page_sizes_bytes = sizes_json(run->iommu->page_sizes);
	env->plan_cases = cases_json(run->plan);
	env->plan_variants = variants_json(run);
	env->plan_sizes_bytes = sizes_json(plan_sizes(run->plan));
	env->skipped = skipped_json(set);
	env->argv = argv_json(run);
	env->more_devices = run->more_count ? more_json(run) : NULL;
}

static void env_release_arrays(struct record_env *env)
{
	json_decref(env->iommu_page_sizes_bytes);
	json_decref(env->plan_cases);
	json_decref(env->plan_variants);
	json_decref(env->plan_sizes_bytes);
	json_decref(env->skipped);
	json_decref(env->argv);
	json_decref(env->more_devices);
}

json_t *record_env(const struct record_run *run, const struct sample_set *set)
{
	struct record_env env = {
		.record = RECORD_ENV,
		.schema = RECORD_SCHEMA,
		.tool_name = "barmap",
		.tool_version = PACKAGE_VERSION,
		.tool_revision = BARMAP_REVISION,
		.mode = clock_mode_name(run->clock->mode),
		.unit = run->clock->unit,
		.kernel_name = run->kernel_name,
		.iommu_model = pci_device_iommu_model(run->pci),
		.device_address = run->pci->address,
		.device_bar = (uint64_t)run->bar->number,
		.device_bar_bytes = run->bar->bytes,
	};
	json_t *line = NULL;
	char id[16];

	snprintf(id, sizeof(id), "%04x:%04x", run->pci->vendor, run->pci->device);
	env.device_id = id;
	env_fill_machine(&env, run->environment);
	if (run->clock->mode != CLOCK_MODE_ICOUNT && run->environment->boot_id[0])
		env.machine_boot_id = run->environment->boot_id;
	env_fill_plan(&env, run->plan);
	env_fill_arrays(&env, run, set);
	if (env.argv)
		line = fields_write(&env, record_env_fields.fields, record_env_fields.count);
	env_release_arrays(&env);
	return line;
}

/* Write @json as a line and release it. */
static int line_write(FILE *file, json_t *json)
{
	int ret;

	if (!json)
		return -EILSEQ;
	ret = json_dumpf(json, file, RECORD_DUMP) || fputc('\n', file) == EOF ? -EIO : 0;
	json_decref(json);
	return ret;
}

static void key_fill(struct record_cell_key *key, const struct record_run *run,
		     const struct sample *sample)
{
	const struct case_axes *axes = &sample->bench_case->axes;

	*key = (struct record_cell_key) {
		.case_name = sample->bench_case->name,
		.op = sample->op->name,
		.variant = sample->variant == SAMPLE_VARIANT_NONE ? RECORD_NONE :
			   run->variants->names[sample->variant],
		.tables = case_tables_name(axes->tables),
		.size_bytes = sample->size_bytes,
		.pages = sample->size_bytes / run->environment->page_bytes * case_mappings(axes),
		.va_offset_bytes = axes->va_offset_bytes,
		.iova_align_bytes = axes->iova_align_bytes,
		.chunk_bytes = axes->chunk_bytes,
		.devices = axes->devices,
		.containers = axes->containers,
		.domains = axes->domains,
		.threads = axes->threads,
		.repeats = sample->repeats,
	};
}

static bool same_size(const struct sample *a, const struct sample *b)
{
	return a->bench_case == b->bench_case && a->size_bytes == b->size_bytes;
}

static bool same_cell(const struct sample *a, const struct sample *b)
{
	return a->op == b->op && a->variant == b->variant;
}

static void line_init(struct record_line *line, const struct record_run *run,
		      const struct sample *sample)
{
	size_t i;

	*line = (struct record_line) {
		.record = sample->op->read ? RECORD_MEMORY : RECORD_CELL,
		.unit = run->clock->unit,
		.order = json_array(),
		.cost = json_array(),
	};
	line->bytes = line->cost;
	for (i = 0; i < COUNTERS; i++)
		line->counts[i] = json_array();
	key_fill(&line->key, run, sample);
}

static void line_cleanup(struct record_line *line)
{
	size_t i;

	json_decref(line->order);
	json_decref(line->cost);
	for (i = 0; i < COUNTERS; i++)
		json_decref(line->counts[i]);
}

static void line_append(struct record_line *line, const struct record_run *run,
			const struct sample *sample)
{
	size_t i;

	json_array_append_new(line->order, json_integer((json_int_t)sample->order));
	json_array_append_new(line->cost, json_integer((json_int_t)sample->cost));
	for (i = 0; i < COUNTERS && run->clock->counters; i++)
		if (sample->counts[i] != COUNTER_ABSENT)
			json_array_append_new(line->counts[i],
					      json_integer((json_int_t)sample->counts[i]));
}

/* Writes @line, and empties its arrays. What was not counted for each sample is left out. */
static int line_flush(FILE *file, struct record_line *line, bool memory)
{
	const struct record_fields *fields = memory ? &record_memory_fields : &record_cell_fields;
	struct record_line written = *line;
	size_t i;
	int ret;

	for (i = 0; i < COUNTERS; i++)
		if (json_array_size(line->counts[i]) != json_array_size(line->cost))
			written.counts[i] = NULL;
	ret = line_write(file, fields_write(&written, fields->fields, fields->count));
	json_array_clear(line->order);
	json_array_clear(line->cost);
	for (i = 0; i < COUNTERS; i++)
		json_array_clear(line->counts[i]);
	return ret;
}

/* The cell that begins with the sample @first; its last sample is before @end. */
static int cell_write(FILE *file, const struct record_run *run, const struct sample *first,
		      const struct sample *end)
{
	const struct sample *sample;
	struct record_line line;
	int ret = 0;

	line_init(&line, run, first);
	for (sample = first; sample < end && !ret; sample++) {
		if (!same_cell(sample, first))
			continue;
		if (json_array_size(line.cost) == RECORD_LINE_SAMPLES)
			ret = line_flush(file, &line, first->op->read);
		line_append(&line, run, sample);
	}
	if (!ret)
		ret = line_flush(file, &line, first->op->read);
	line_cleanup(&line);
	return ret;
}

/* Samples of one case and size stand together; the first of each cell is of iteration 0. */
static int cells_write(FILE *file, const struct record_run *run, const struct sample_set *set)
{
	const struct sample *sample = set->samples, *end = sample, *last = sample + set->count;
	int ret = 0;

	for (; sample < last && !ret; sample++) {
		if (sample == end)
			while (end < last && same_size(sample, end))
				end++;
		if (!sample->iteration)
			ret = cell_write(file, run, sample, end);
	}
	return ret;
}

static int lines_write(FILE *file, const struct record_run *run, const struct sample_set *set)
{
	const struct record_end end = { RECORD_END, set->count };
	int ret;

	ret = line_write(file, record_env(run, set));
	if (!ret)
		ret = cells_write(file, run, set);
	return ret ? ret : line_write(file, fields_write(&end, record_end_fields.fields,
							 record_end_fields.count));
}

int record_write(struct outfile *file, const struct record_run *run,
		 const struct sample_set *set, struct error *error)
{
	int ret;

	ret = lines_write(file->stream, run, set);
	if (ret == -EILSEQ)
		return error_set(error, OUTCOME_BROKEN, -ret,
				 "output '%s': out of memory, or a text in it is not UTF-8",
				 file->path);
	if (ret)
		return error_set(error, OUTCOME_FAILED, -ret, "output '%s': %s", file->path,
				 strerror(errno));
	return 0;
}
