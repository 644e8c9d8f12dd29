# SPDX-License-Identifier: GPL-2.0-or-later
# What a page costs against the size of the mapping: flat where the work is done page by page.
# One panel for each of the first two operations. Needs: slug, name, ops.
title = sprintf('VFIO type1: cost per 4 KiB page of a BAR, %s', name)
panels = words(ops) < 2 ? 1 : 2
set yrange [decade_below(barmap_page_low) : decade_above(barmap_page_high)]
set tmargin at screen top - pixels(22.0)
set bmargin at screen bottom
do for [panel = 1 : panels] {
	set lmargin at screen panel_left(panel, panels)
	set rmargin at screen panel_right(panel, panels)
	set title word(ops, panel)
	set ylabel upright(sprintf('cost of %s per page [%s]', word(ops, panel), barmap_unit))
	plot for [i = 1 : |barmap_labels|] data(slug, word(ops, panel)) \
		using 1:(column(column_cost(i)) / column(2)) \
		with linespoints linetype i
}
load here.'/frame.gp'
