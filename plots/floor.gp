# SPDX-License-Identifier: GPL-2.0-or-later
# How many times the cost of the floor, which looks nothing up, against the size of the mapping.
# One panel for each of the first two operations. Needs: slug, name, ops.
title = sprintf('VFIO type1: distance to the floor, %s', name)
panels = words(ops) < 2 ? 1 : 2
# The floor itself is at 1.
set yrange [barmap_distance_low / 1.6 : decade_above(barmap_distance_high)]
set tmargin at screen top - pixels(22.0)
set bmargin at screen bottom
do for [panel = 1 : panels] {
	set lmargin at screen panel_left(panel, panels)
	set rmargin at screen panel_right(panel, panels)
	set title word(ops, panel)
	set ylabel upright('cost / cost of the floor [ratio]') noenhanced
	plot for [i = 1 : |barmap_labels|] data(slug, word(ops, panel)) \
		using 1:(barmap_floors[i] > 0 ? \
			column(column_cost(i)) / column(column_cost(barmap_floors[i])) : NaN) \
		with linespoints linetype i
}
load here.'/frame.gp'
