# SPDX-License-Identifier: GPL-2.0-or-later
# What the first touch costs after map: variants that populate no page tables leave it the faults.
# A panel for map, the touch, and both together; a group of points for each case.
title = 'VFIO type1: first touch after map, page tables empty before'
unset logscale x
set xrange [0.5 : barmap_touches + 0.5]
set yrange [decade_below(barmap_touch_low) : decade_above(barmap_touch_high)]
set xlabel 'case, size of the mapping' offset 0, -1
set xtics () noenhanced
do for [i = 1 : barmap_touches] {
	set xtics add (barmap_touch[i] i)
}
unset grid
set grid ytics linetype -1 linewidth 0.5 linecolor rgb '#DDDDDD'
set tmargin at screen top - pixels(22.0)
set bmargin at screen bottom + pixels(14.0)
# Beside each other, in the order of the legend.
beside(i) = (i - (|barmap_labels| + 1) / 2.0) * 0.8 / |barmap_labels|
do for [panel = 1 : 3] {
	set lmargin at screen panel_left(panel, 3)
	set rmargin at screen panel_right(panel, 3)
	set title word('map first_touch both', panel)
	if (panel == 2) { set title 'first touch' }
	if (panel == 3) { set title 'map and first touch' }
	set ylabel upright(panel == 1 ? sprintf('cost [%s]', barmap_unit) : '')
	plot for [i = 1 : |barmap_labels|] dir.'/touch.dat' \
		using ($1 + beside(i)):(column(1 + 3 * (i - 1) + panel)) \
		with points linetype i
}
load here.'/frame.gp'
