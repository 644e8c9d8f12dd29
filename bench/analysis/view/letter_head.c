// SPDX-License-Identifier: GPL-2.0-or-later
/* letter_parts: what was measured, on what, and what to make of it. */
#include "analysis/view/letter_parts.h"

#include <math.h>
#include <string.h>

#include "analysis/view/conditions.h"
#include "analysis/document/number.h"
#include "lib/size.h"

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

/* Of the rows that became worse, the letter names this many. */
#define WORSE_SHOWN 8

/**
 * struct mode_head - how the letter begins
 * @mode: as in the records
 * @what: what was measured
 * @unit: what its unit is, and what it does not show
 */
static const struct mode_head {
	const char *mode;
	const char *what;
	const char *unit;
} mode_heads[] = {
	{ "icount", "Emulated, no hardware: instructions counted under QEMU TCG icount.",
	  "insn: instructions that the emulated guest executed. Not time: caches, TLB misses, "
	  "DRAM, IOTLB flushes and parallelism are not seen." },
	{ "kvm", "Virtual machine, no bare hardware: time in a KVM guest.",
	  "ns: nanoseconds in a guest; the IOMMU is the emulated one." },
	{ "tcg", "Emulated, no hardware: time of QEMU TCG, which is no evidence.",
	  "ns: nanoseconds of the emulation, which say nothing of hardware." },
	{ "metal", "Hardware.", "ns: nanoseconds, on this machine." },
};

/* The reader has let no other mode pass. */
static const struct mode_head *mode_head_find(const char *mode)
{
	size_t i = 0;

	while (i < ARRAY_SIZE(mode_heads) - 1 && strcmp(mode_heads[i].mode, mode))
		i++;
	return &mode_heads[i];
}

static const char *env_text(const struct record *record, const char *path)
{
	const char *text = json_string_value(record_env_value(record, path));

	return text ? text : "unknown";
}

static long long env_count(const struct record *record, const char *path)
{
	return json_integer_value(record_env_value(record, path));
}

static void machine_print(const struct record *record, FILE *out)
{
	bool metal = !strcmp(record->env.mode, "metal");
	char size[SIZE_TEXT_BYTES];
	json_t *value;
	size_t i;

	if (metal)
		fprintf(out, "Machine: %s, governor %s", env_text(record, "machine.cpu"),
			env_text(record, "machine.governor"));
	else
		fprintf(out, "Emulator: %s", env_text(record, "lab.qemu"));
	fprintf(out, ", CPUs: %lld. IOMMU: %s%s, IOPTE sizes", env_count(record, "machine.cpus"),
		record->env.iommu_model, metal ? "" : " (emulated)");
	json_array_foreach(record_env_value(record, "iommu.page_sizes_bytes"), i, value)
		fprintf(out, " %s", size_format(json_integer_value(value), size));
	fprintf(out, ". Device: %s, BAR %lld of %s.\n", env_text(record, "device.id"),
		env_count(record, "device.bar"),
		size_format(env_count(record, "device.bar_bytes"), size));
}

void letter_head_print(const struct record *record, FILE *out)
{
	const struct mode_head *head = mode_head_find(record->env.mode);

	if (!strcmp(record->env.mode, "metal"))
		fprintf(out, "Hardware: %s, IOMMU %s, device %s.\n",
			env_text(record, "machine.cpu"), record->env.iommu_model,
			env_text(record, "device.id"));
	else
		fprintf(out, "%s\n", head->what);
	fprintf(out, "%s\n", head->unit);
	machine_print(record, out);
}

static void side_print(const struct set *set, const char *what, FILE *out)
{
	fprintf(out, "%s: %s, Linux %s, %zu boot%s.\n", what, set->kernels[0].name,
		set->kernels[0].release, set->records_count, set->records_count == 1 ? "" : "s");
}

void letter_conditions_print(const struct letter *letter, FILE *out)
{
	const struct record *before = &letter->before.records[0];
	const struct record *after = &letter->after.records[0];

	if (letter_is_of_two(letter)) {
		side_print(&letter->before, "Kernel before", out);
		side_print(&letter->after, "Kernel after", out);
	} else {
		side_print(&letter->after, "Kernel", out);
	}
	fprintf(out, "barmap %s (%s), profile %s, %lld samples a value",
		env_text(after, "tool.version"), env_text(after, "tool.revision"),
		env_text(after, "plan.profile"), env_count(after, "plan.iterations"));
	if (set_is_exact(&letter->after))
		fprintf(out, "; ~: median of samples that differ.\n");
	else
		fprintf(out, "; median, with its 95 %% interval; p: Mann and Whitney, Holm.\n");
	fprintf(out, "lookups: page-table walks or calls of the op in one map; IOPTEs: as few as "
		     "size and IOVA allow. Both follow from the definition of the lookup.\n");
	conditions_print_differences(before, after, TABLE_TEXT, out);
}

/*
 * What costs more, also where there were too few boots to be sure: that nothing can be proved must
 * not make it look well.
 */
static bool row_is_worse(const struct comparison *comparison, const struct compare_row *row)
{
	return row->verdict == VERDICT_SLOWER ||
	       (row->verdict == VERDICT_UNCLEAR && row->change_pct > comparison->limit_pct);
}

static size_t worse_count(const struct comparison *comparison)
{
	size_t i, count = 0;

	for (i = 0; i < comparison->rows_count; i++)
		count += row_is_worse(comparison, &comparison->rows[i]);
	return count;
}

/* The worse row with the largest change behind @after, or NULL; all are behind NULL. */
static const struct compare_row *worse_next(const struct comparison *comparison,
					    const struct compare_row *after)
{
	const struct compare_row *row, *found = NULL;
	size_t i;

	for (i = 0; i < comparison->rows_count; i++) {
		row = &comparison->rows[i];
		if (!row_is_worse(comparison, row))
			continue;
		if (after && (row->change_pct > after->change_pct ||
			      (row->change_pct == after->change_pct && row <= after)))
			continue;
		if (!found || row->change_pct > found->change_pct)
			found = row;
	}
	return found;
}

static void worse_row_print(const struct comparison *comparison, const struct compare_row *row,
			    FILE *out)
{
	char before[FORMAT_TEXT_BYTES + 1], after[FORMAT_TEXT_BYTES + 1];
	char size[SIZE_TEXT_BYTES], change[FORMAT_TEXT_BYTES];
	const struct record_cell_key *key = row->b->key;

	fprintf(out, "  %s %s %s: %s -> %s %s (%s%s)\n", key->case_name, key->op,
		size_format(key->size_bytes, size), letter_cost(row->a, comparison->exact, before),
		letter_cost(row->b, comparison->exact, after), comparison->b->unit,
		format_change(row->change_pct, change),
		row->verdict == VERDICT_UNCLEAR ? ", unclear" : "");
}

void letter_worse_print(const struct letter *letter, FILE *out)
{
	const struct comparison *change = &letter->change;
	const struct compare_row *row = NULL;
	size_t shown, count = worse_count(change);

	if (!change->rows_count)
		return;
	fprintf(out, "\nWhat became worse: %zu of %zu values, all sizes%s%s\n", count,
		change->rows_count, count > WORSE_SHOWN ? "; the worst" : "", count ? ":" : ".");
	for (shown = 0; shown < WORSE_SHOWN; shown++) {
		row = worse_next(change, row);
		if (!row)
			break;
		worse_row_print(change, row, out);
	}
	if (change->verdicts[VERDICT_UNCLEAR])
		fprintf(out, "Unclear: %zu values, the samples do not tell. More boots would.\n",
			change->verdicts[VERDICT_UNCLEAR]);
}

static void walk_print(const struct comparison *control, FILE *out)
{
	const struct compare_row *worst = NULL;
	char change[FORMAT_TEXT_BYTES], size[SIZE_TEXT_BYTES];
	size_t i;

	for (i = 0; i < control->rows_count; i++)
		if (!worst || fabs(control->rows[i].change_pct) > fabs(worst->change_pct))
			worst = &control->rows[i];
	if (!worst) {
		fprintf(out, "- no untouched kernel beside one with follow_pfn: what the patches "
			     "cost the old path is not shown\n");
		return;
	}
	fprintf(out, "- follow_pfn, the old walk in the patched kernel, against stock: at most %s "
		     "in %zu values (%s %s %s)\n", format_change(worst->change_pct, change),
		control->rows_count, worst->b->key->case_name, worst->b->key->op,
		size_format(worst->b->key->size_bytes, size));
}

static void repeats_print(const struct set *set, FILE *out)
{
	double spread_pct, worst_pct = 0;
	size_t i, differing = 0;

	for (i = 0; i < set->series_count; i++) {
		const struct stats_summary *summary = &set->series[i].summary;

		if (summary->min == summary->max)
			continue;
		differing++;
		spread_pct = summary->median > 0 ?
			100 * (summary->max - summary->min) / summary->median : 0;
		worst_pct = fmax(worst_pct, spread_pct);
	}
	fprintf(out, "- samples that differ, %s: %zu of %zu values, by at most %.2f %%\n",
		set->kernels[0].name, differing, set->series_count, worst_pct);
}

static void harness_print(const struct set *set, FILE *out)
{
	const struct set_series *null = set_find_null(set, 0);
	char text[FORMAT_TEXT_BYTES];

	if (null)
		fprintf(out, "- empty harness, %s: %s %s, not subtracted\n", set->kernels[0].name,
			format_cost(null->summary.median, text), set->unit);
}

static void skipped_print(const struct record *record, FILE *out)
{
	char size[SIZE_TEXT_BYTES];
	json_t *item;
	size_t i;

	json_array_foreach(record_env_value(record, "skipped"), i, item)
		fprintf(out, "- not measured: %s from %s on: %s\n",
			json_string_value(json_object_get(item, "case")),
			size_format(json_integer_value(json_object_get(item, "from_bytes")), size),
			json_string_value(json_object_get(item, "reason")));
}

void letter_control_print(const struct letter *letter, FILE *out)
{
	fprintf(out, "\nControls\n");
	walk_print(&letter->control, out);
	if (letter_is_of_two(letter))
		repeats_print(&letter->before, out);
	repeats_print(&letter->after, out);
	harness_print(&letter->after, out);
	if (!isnan(letter->change.floor_pct) && letter->change.rows_count)
		fprintf(out, "- A/A floor: halves of one side differ by up to %.2f %%\n",
			letter->change.floor_pct);
	skipped_print(&letter->after.records[0], out);
}
