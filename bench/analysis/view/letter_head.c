// SPDX-License-Identifier: GPL-2.0-or-later
/* letter_parts: what was measured, on what, and what speaks against it. */
#include "analysis/view/letter_parts.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "analysis/model/mode.h"
#include "analysis/view/conditions.h"
#include "lib/array.h"
#include "lib/glob.h"
#include "lib/number.h"
#include "lib/size.h"

static const char *text_or_unknown(const char *text)
{
	return text ? text : "unknown";
}

static void machine_print(const struct record *record, FILE *out)
{
	const struct record_env *env = &record->env;
	const char *emulator = text_or_unknown(record_env_text(record, "lab.qemu"));
	bool metal = !strcmp(env->mode, "metal");
	char size[SIZE_TEXT_BYTES];
	json_t *value;
	size_t i;

	if (metal)
		fprintf(out, "Machine: %s, governor %s, ", env->machine_cpu, env->machine_governor);
	else
		fprintf(out, "%.*s", (int)strcspn(emulator, "("), emulator);
	fprintf(out, "CPUs: %" PRIu64 ". IOMMU: %s%s, IOPTE sizes", env->machine_cpus,
		env->iommu_model, metal ? "" : " (emulated)");
	json_array_foreach(env->iommu_page_sizes_bytes, i, value)
		fprintf(out, " %s", size_format(json_integer_value(value), size));
	fprintf(out, ". Device: %s, BAR of %s.\n", env->device_id,
		size_format(env->device_bar_bytes, size));
}

void letter_head_print(const struct record *record, FILE *out)
{
	const struct mode *mode = mode_find(record->env.mode);

	if (!strcmp(record->env.mode, "metal"))
		fprintf(out, "Hardware: %s, IOMMU %s, device %s.\n", record->env.machine_cpu,
			record->env.iommu_model, record->env.device_id);
	else
		fprintf(out, "%s\n", mode->head);
	fprintf(out, "%s: not seen are %s.\n", record->env.unit, mode->unseen);
	machine_print(record, out);
}

static void side_print(const struct set *set, FILE *out)
{
	fprintf(out, "%s, Linux %s, %zu boot%s", set->kernels[0].name, set->kernels[0].release,
		set->records_count, set->records_count == 1 ? "" : "s");
}

void letter_conditions_print(const struct sides *sides, FILE *out)
{
	const struct record *before = &sides->before.records[0];
	const struct record *after = &sides->after.records[0];

	fputs("Kernel: ", out);
	side_print(&sides->before, out);
	if (sides_are_two(sides)) {
		fputs("; with patches: ", out);
		side_print(&sides->after, out);
	}
	fprintf(out, ".\nbarmap %s (%s), profile %s, %" PRIu64 " samples a value",
		after->env.tool_version, after->env.tool_revision, after->env.plan_profile,
		after->env.plan_iterations);
	if (sides->after.exact)
		fprintf(out, ".\n");
	else
		fprintf(out, "; median, with its 95 %% interval; p: Mann and Whitney, Holm.\n");
	conditions_print_differences(before, after, TABLE_TEXT, out);
}

/* ---- what became worse ---- */

/*
 * What costs more, also where there were too few boots to be sure: that nothing can be proved must
 * not make it look well.
 */
static bool row_is_worse(const struct comparison *comparison, const struct compare_row *row)
{
	return row->verdict == VERDICT_SLOWER ||
	       (row->verdict == VERDICT_UNCLEAR && !(row->change_pct <= comparison->limit_pct));
}

static size_t worse_count(const struct comparison *comparison)
{
	size_t i, count = 0;

	for (i = 0; i < comparison->rows_count; i++)
		count += row_is_worse(comparison, &comparison->rows[i]);
	return count;
}

/* Why a step of a case may cost more. The first that fits. */
static const struct {
	const char *cases, *ops, *reason;
	uint64_t most_bytes;
} reasons[] = {
	{ "touch/*", "touch*", "the map leaves the page tables empty, so the first touch fills them",
	  UINT64_MAX },
	{ "threads/*,containers/*,contention/*", "*", "several threads: it depends on who waits",
	  UINT64_MAX },
	{ SET_FAMILY_CONTROL "*", "*", "no device memory: one more look at the vma, another code layout",
	  UINT64_MAX },
	{ "*", "map*", "a fixed cost of each MAP_DMA, which so few pages do not outweigh", SZ_64K },
	{ "*", "*", "no reason known", UINT64_MAX },
};

static size_t row_reason(const struct compare_row *row)
{
	const struct record_cell_key *key = row->b->key;
	size_t i = 0;

	while (i < ARRAY_SIZE(reasons) - 1 &&
	       !(glob_matches(reasons[i].cases, key->case_name) &&
		 glob_matches(reasons[i].ops, key->op) && key->size_bytes <= reasons[i].most_bytes))
		i++;
	return i;
}

static bool row_is_of(const struct comparison *comparison, const struct compare_row *row,
		      size_t reason)
{
	return row_is_worse(comparison, row) && row_reason(row) == reason;
}

static bool same_step(const struct compare_row *a, const struct compare_row *b)
{
	return a->b->case_ == b->b->case_ && a->b->op == b->b->op && a->b->subject == b->b->subject;
}

static void worse_row_print(const struct comparison *comparison, const struct compare_row *row,
			    size_t sizes, FILE *out)
{
	char before[FORMAT_TEXT_BYTES], after[FORMAT_TEXT_BYTES];
	char size[SIZE_TEXT_BYTES], change[FORMAT_TEXT_BYTES];

	if (isnan(row->change_pct))
		snprintf(change, sizeof(change), "from nothing");
	else if (row->change_pct > 900)
		format_factor(1 + row->change_pct / 100, change);
	else
		format_change(row->change_pct, change);
	fprintf(out, "    %s %s %s: %s -> %s %s (%s%s)", row->b->key->case_name, row->b->key->op,
		size_format(row->b->key->size_bytes, size),
		format_rounded(row->a->summary.median, before),
		format_rounded(row->b->summary.median, after), comparison->b->unit, change,
		row->verdict == VERDICT_UNCLEAR ? ", unclear" : "");
	if (sizes > 1)
		fprintf(out, "; less at %zu more sizes", sizes - 1);
	putc('\n', out);
}

/*
 * One line for all sizes of the step of row @first that have this reason: the worst of them. Returns
 * the row behind the last of the step.
 */
static size_t worse_step_print(const struct comparison *comparison, size_t first, size_t reason,
			       FILE *out)
{
	const struct compare_row *rows = comparison->rows, *worst = NULL;
	size_t i, count = 0;

	for (i = first; i < comparison->rows_count && same_step(&rows[first], &rows[i]); i++) {
		if (!row_is_of(comparison, &rows[i], reason))
			continue;
		count++;
		if (!worst || isnan(rows[i].change_pct) || rows[i].change_pct > worst->change_pct)
			worst = &rows[i];
	}
	if (worst)
		worse_row_print(comparison, worst, count, out);
	return i;
}

static void worse_reason_print(const struct comparison *change, size_t reason, FILE *out)
{
	size_t i, count = 0;

	for (i = 0; i < change->rows_count; i++)
		count += row_is_of(change, &change->rows[i], reason);
	if (!count)
		return;
	fprintf(out, "- %s:\n", reasons[reason].reason);
	for (i = 0; i < change->rows_count;)
		i = worse_step_print(change, i, reason, out);
}

void letter_worse_print(const struct sides *sides, FILE *out)
{
	const struct comparison *change = &sides->change;
	size_t reason, count = worse_count(change);

	if (!change->rows_count)
		return;
	fprintf(out, "\nWhat became worse: %zu of %zu values, all sizes%s\n", count,
		change->rows_count, count ? ":" : ".");
	for (reason = 0; reason < ARRAY_SIZE(reasons); reason++)
		worse_reason_print(change, reason, out);
	if (change->verdicts[VERDICT_UNCLEAR])
		fprintf(out, "Unclear: %zu values, the samples do not tell. More boots would.\n",
			change->verdicts[VERDICT_UNCLEAR]);
}

/* ---- controls ---- */

/*
 * The row that changed most, of those with several threads or those without, that are of @family:
 * without one of what no series is to change, how the old lookup maps.
 */
static const struct compare_row *most_changed(const struct comparison *comparison, bool threaded,
					      const char *family, size_t *count)
{
	const struct compare_row *row, *worst = NULL;

	*count = 0;
	for (row = comparison->rows; row < comparison->rows + comparison->rows_count; row++) {
		if (set_is_threaded(row->b) != threaded || isnan(row->change_pct) ||
		    (family ? !set_case_is_of(row->b->case_, family) :
			      strcmp(row->b->key->op, "map")))
			continue;
		++*count;
		if (!worst || fabs(row->change_pct) > fabs(worst->change_pct))
			worst = row;
	}
	return worst;
}

static void changed_print(const struct comparison *comparison, const char *what,
			  const char *family, FILE *out)
{
	char change[FORMAT_TEXT_BYTES], size[SIZE_TEXT_BYTES];
	const struct compare_row *worst;
	size_t threaded, count;

	for (threaded = 0; threaded < 2; threaded++) {
		worst = most_changed(comparison, threaded, family, &count);
		if (worst)
			fprintf(out, "- %s: %s in %zu values (%s %s %s)\n",
				threaded ? "with several threads" : what,
				format_change(worst->change_pct, change), count,
				worst->b->key->case_name, worst->b->key->op,
				size_format(worst->b->key->size_bytes, size));
	}
}

static void walk_print(const struct sides *sides, FILE *out)
{
	char what[96];

	if (!sides->control.rows_count) {
		fprintf(out, "- no stock kernel next to one with its lookup: what the patches cost "
			     "that lookup is not shown\n");
		return;
	}
	snprintf(what, sizeof(what), "%.40s against stock",
		 sides->control.rows[0].b->key->variant);
	changed_print(&sides->control, what, NULL, out);
}

static void repeats_print(const struct set *set, FILE *out)
{
	const struct set_series *series;
	double worst_pct[2] = { 0, 0 };
	size_t differing = 0;

	for (series = set->series; series < set->series + set->series_count; series++) {
		if (series->summary.min == series->summary.max)
			continue;
		differing++;
		worst_pct[set_is_threaded(series)] = fmax(worst_pct[set_is_threaded(series)],
							  set_spread_pct(series));
	}
	fprintf(out, "- samples differ in %zu of %zu values, by %.2f %%; %.2f %% threaded\n", differing, set->series_count,
		worst_pct[0], worst_pct[1]);
}

static void skipped_print(const struct record *record, FILE *out)
{
	char size[SIZE_TEXT_BYTES], error[64];
	struct record_skip skip;
	json_t *item;
	size_t i;

	json_array_foreach(record->env.skipped, i, item)
		if (!fields_read(item, record_skip_fields.fields, record_skip_fields.count, false,
				 &skip, error, sizeof(error)))
			fprintf(out, "- not measured: %s from %s on: %s\n", skip.case_name,
				size_format(skip.from_bytes, size), skip.reason);
}

void letter_control_print(const struct sides *sides, FILE *out)
{
	const struct set_series *null = sides->after.kernels[0].null;
	char text[FORMAT_TEXT_BYTES];

	fprintf(out, "\nControls\n");
	walk_print(sides, out);
	changed_print(&sides->change, "no device memory",
		      SET_FAMILY_CONTROL, out);
	repeats_print(&sides->after, out);
	if (null)
		fprintf(out, "- empty harness: %s %s, not subtracted\n",
			format_cost(null->summary.median, text), sides->after.unit);
	if (!isnan(sides->change.floor_pct) && sides->change.rows_count)
		fprintf(out, "- A/A floor: halves of one side differ by up to %.2f %%\n",
			sides->change.floor_pct);
	skipped_print(&sides->after.records[0], out);
	fprintf(out, "The rest: --format=full of barmap cover-letter, and doc/results.md.\n");
}
