# SPDX-License-Identifier: GPL-2.0-or-later
# Cost against how many threads, containers or devices there are at once; a panel for each family of
# cases that was measured. Needs: op.
title = sprintf('VFIO type1: cost of %s with several at once', op)
panels = barmap_scalings
set yrange [decade_below(barmap_scaling_low) : decade_above(barmap_scaling_high)]
set xrange [0.8 : *]
set xtics autofreq 1, 2
set tmargin at screen top - pixels(22.0)
set bmargin at screen bottom
do for [panel = 1 : panels] {
	set lmargin at screen panel_left(panel, panels)
	set rmargin at screen panel_right(panel, panels)
	set title barmap_scaling_titles[panel]
	set xlabel 'how many'
	set ylabel upright(panel == 1 ? sprintf('cost of all %s [%s]', op, barmap_unit) : '')
	plot for [i = 1 : |barmap_labels|] data('scaling-'.barmap_scaling[panel], op) \
		using 1:(column(column_cost(i))) with linespoints linetype i
}
load here.'/frame.gp'
