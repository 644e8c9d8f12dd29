# SPDX-License-Identifier: GPL-2.0-or-later
# The same operation in the first four cases that have it in several sizes, side by side: what
# alignment and the state of the page tables change. Needs: op, compared (how many there are).
title = sprintf('VFIO type1: cost to %s a BAR, by case', op)
panels = compared < 4 ? compared : 4
rows = panels > 2 ? 2 : 1
step = (top - bottom + pixels(44.0)) / rows
set yrange [decade_below(barmap_low) : decade_above(barmap_high)]
shown = 0
do for [panel = 1 : panels] {
	shown = next_compared(shown + 1, op)
	row = (panel - 1) / 2
	left = panel % 2
	set lmargin at screen left ? 0.09 : 0.57
	set rmargin at screen left ? 0.50 : 0.98
	set tmargin at screen top - pixels(22.0) - row * step
	set bmargin at screen top + pixels(44.0) - (row + 1) * step
	set title barmap_names[shown]
	set ylabel upright(left ? sprintf('cost of one %s [%s]', op, barmap_unit) : '')
	set xlabel (row == rows - 1 ? 'size of the mapping [bytes]' : '')
	plot for [i = 1 : |barmap_labels|] data(barmap_cases[shown], op) \
		using 1:(column(column_cost(i))) \
		with linespoints linetype i
}
load here.'/frame.gp'
