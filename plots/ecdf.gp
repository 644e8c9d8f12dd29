# SPDX-License-Identifier: GPL-2.0-or-later
# How the samples of the largest size scatter: the share of them that cost no more than that many
# times the median of their variant.
# One panel for each of the first two operations. Needs: slug, name, number, ops.
title = sprintf('VFIO type1: distribution of the samples, %s, %s', name, barmap_largest[number])
panels = words(ops) < 2 ? 1 : 2
unset logscale y
set format y '%.1f'
set yrange [0 : 1.02]
unset logscale x
if (barmap_scatter_high > 10 * barmap_scatter_low) { set logscale x 10 }
set xrange [barmap_scatter_low * 0.98 : barmap_scatter_high * 1.02]
set xtics autofreq
set format x '%g'
set tmargin at screen top - pixels(22.0)
set bmargin at screen bottom
do for [panel = 1 : panels] {
	set lmargin at screen panel_left(panel, panels)
	set rmargin at screen panel_right(panel, panels)
	set title word(ops, panel)
	set xlabel sprintf('cost of one %s / median [ratio]', word(ops, panel))
	set ylabel upright(panel == 1 ? 'share of the samples' : '')
	plot for [i = 1 : |barmap_labels|] sprintf('%s/%s.%s.ecdf', dir, slug, word(ops, panel)) \
		index (i - 1) using 3:2 with steps linetype i
}
load here.'/frame.gp'
