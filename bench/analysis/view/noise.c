// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/view/noise.h"

#include <errno.h>
#include <stdlib.h>

#include "analysis/view/conditions.h"
#include "analysis/model/drift.h"
#include "analysis/document/number.h"
#include "lib/size.h"

/* Of the cells that drift, the short report names this many. */
#define DRIFTS_SHOWN 5

static void drift_row(const struct report *report, struct table *table, const struct drift *drift)
{
	const struct record_cell_key *key = &drift->cell->key;
	long subject = set_subject_find(report->set, drift->kernel, key->variant);
	char text[FORMAT_TEXT_BYTES], size[SIZE_TEXT_BYTES];

	table_cell(table, "%s %s", key->case_name, key->op);
	table_cell(table, "%s", size_format(key->size_bytes, size));
	table_cell(table, "%s", subject < 0 ? key->variant : report->set->subjects[subject].label);
	table_cell(table, "%s", format_change(drift->change_pct, text));
	table_cell(table, "%+.2f", drift->rho);
	table_cell(table, "%.2g", drift->p_holm);
}

static int drifts_print(const struct report *report, const struct drift *drifts, size_t count)
{
	struct table table;
	size_t i;
	int err;

	table_init(&table, 6);
	table_label(&table, "Drift");
	table_cell(&table, "case, operation");
	table_cell(&table, "size");
	table_cell(&table, "variant");
	table_cell(&table, "last third");
	table_cell(&table, "rho");
	table_cell(&table, "p (Holm)");
	for (i = 0; i < count; i++)
		drift_row(report, &table, &drifts[i]);
	putc('\n', report->out);
	err = table_print(&table, report->format, report->out);
	table_cleanup(&table);
	return err;
}

static int drift_say(const struct report *report, const struct drift *drifts, size_t tested,
		     size_t found)
{
	char worst[FORMAT_TEXT_BYTES];

	if (!tested) {
		report_say(report, "Not known: no cell has %d samples or more.\n",
			DRIFT_SAMPLES_MIN);
		return 0;
	}
	if (!found) {
		report_say(report, "None of %zu cells drifts (Spearman's rank correlation of cost "
			   "and place in the run, Holm, 5 %%).\n", tested);
		return 0;
	}
	fputs(report->format == TABLE_HTML ? "<dl class=\"conditions\">\n" : "", report->out);
	conditions_line(report->format, report->out, "warning", "%zu of %zu cells drift, by up to "
			"%s from the first third of their samples to the last", found, tested,
			format_change(drifts[0].change_pct, worst));
	fputs(report->format == TABLE_HTML ? "</dl>\n" : "", report->out);
	report_say(report, "\nSpearman's rank correlation of cost and place in the run, Holm, "
		   "5 %%. Largest:\n");
	return drifts_print(report, drifts, report->all || found < DRIFTS_SHOWN ? found :
			    DRIFTS_SHOWN);
}

int report_drift_print(const struct report *report)
{
	struct drift *drifts;
	size_t tested, found;
	int err;

	if (set_is_exact(report->set))
		return 0;
	if (drift_find(report->set, &drifts, &tested, &found))
		return -ENOMEM;
	report_title(report, "Control: drift");
	err = drift_say(report, drifts, tested, found);
	free(drifts);
	return err;
}

int report_outliers_print(const struct report *report)
{
	const struct set *set = report->set;
	size_t i, outliers = 0;

	if (set_is_exact(set))
		return 0;
	for (i = 0; i < set->series_count; i++)
		outliers += set->series[i].summary.outliers;
	report_title(report, "Control: outliers");
	report_say(report, "%zu of %zu samples (%.2f %%) are beyond the median of their cell by "
		   "more than %g x 1.4826 MAD;\nthey are part of all figures.\n", outliers,
		   set->samples, 100.0 * outliers / set->samples, STATS_OUTLIER_SIGMAS);
	return ferror(report->out) ? -EIO : 0;
}
