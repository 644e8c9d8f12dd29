# SPDX-License-Identifier: GPL-2.0-or-later
# How many times cheaper than the baseline, against the size of the mapping.
# One panel for each of the first two operations. Needs: slug, name, ops.
title = sprintf('VFIO type1: speed-up over %s, %s', barmap_baseline, name)
panels = words(ops) < 2 ? 1 : 2
set yrange [decade_below(barmap_speedup_low) : decade_above(barmap_speedup_high)]
set tmargin at screen top - pixels(22.0)
set bmargin at screen bottom
do for [panel = 1 : panels] {
	set lmargin at screen panel_left(panel, panels)
	set rmargin at screen panel_right(panel, panels)
	set title word(ops, panel)
	set ylabel upright(sprintf('%s cost / cost [ratio]', barmap_baseline)) noenhanced
	plot for [i = 1 : |barmap_labels|] data(slug, word(ops, panel)) \
		using 1:(column(column_speedup(i))) \
		with linespoints linetype i
}
load here.'/frame.gp'
