/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BARMAP_ANALYSIS_VIEW_NOISE_H
#define BARMAP_ANALYSIS_VIEW_NOISE_H

/* report_noise: what may be wrong with timed samples. Prints nothing where costs are counted. */

#include "analysis/view/report.h"

/* Did costs change while they were measured? Returns 0, -ENOMEM or -EIO. */
int report_drift_print(const struct report *report);

/* How many samples are far from the others? Returns 0 or -EIO. */
int report_outliers_print(const struct report *report);

#endif
