# SPDX-License-Identifier: GPL-2.0-or-later
# What one operation costs against the size of the mapping. Needs: slug, name, op.
title = sprintf('VFIO type1: cost to %s a BAR, %s', op, name)
set lmargin at screen 0.09
set rmargin at screen 0.98
set tmargin at screen top
set bmargin at screen bottom
set yrange [decade_below(barmap_low) : decade_above(barmap_high)]
set ylabel upright(sprintf('cost of one %s [%s]', op, barmap_unit))
if (barmap_exact) {
	plot for [i = 1 : |barmap_labels|] data(slug, op) using 1:(column(column_cost(i))) \
		with linespoints linetype i
} else {
	plot for [i = 1 : |barmap_labels|] data(slug, op) using 1:(column(column_cost(i))): \
		(column(column_low(i))):(column(column_high(i))) \
		with yerrorlines linetype i
}
load here.'/frame.gp'
