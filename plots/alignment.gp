# SPDX-License-Identifier: GPL-2.0-or-later
# Cost per page of each variant with each pair of alignments, as a colour and in figures.
# Needs: op.
title = sprintf('VFIO type1: cost of %s per 4 KiB page [%s], by alignment', op, barmap_unit)
legend = 0
unset logscale xy
unset grid
set lmargin at screen 0.27
set rmargin at screen 0.86
set tmargin at screen top
set bmargin at screen pixels(100.0)
set border 0
set tics scale 0
set xrange [0.5 : barmap_alignments + 0.5]
set yrange [|barmap_labels| + 0.5 : 0.5]
set xlabel "alignment of the virtual address, of the IOVA, size of the mapping" offset 0, -2
unset ylabel
set xtics ()
do for [i = 1 : barmap_alignments] {
	set xtics add (barmap_alignment[i] i)
}
set ytics () noenhanced
do for [i = 1 : |barmap_labels|] {
	set ytics add (barmap_labels[i] i)
}

# From dark to light in the order of cost, also for who sees no colours (viridis).
set palette defined (0 '#440154', 1 '#46327E', 2 '#365C8D', 3 '#277F8E', 4 '#1FA187', \
	5 '#4AC16D', 6 '#A0DA39', 7 '#FDE725')
set logscale cb 10
set cbrange [decade_below(barmap_alignment_low * 1.01) : decade_above(barmap_alignment_high)]
set format cb decades
set colorbox user origin screen 0.89, pixels(100.0) size screen 0.025, top - pixels(100.0)
share(cost) = (log10(cost) - log10(decade_below(barmap_alignment_low * 1.01))) / \
	(log10(decade_above(barmap_alignment_high)) - log10(decade_below(barmap_alignment_low * 1.01)))
cells = sprintf('%s/alignment.%s.dat', dir, op)
set style fill solid 1 noborder
plot cells using 1:2:(0.485):(0.47):3 with boxxyerror linecolor palette, \
	cells using 1:2:4:(share($3) < 0.55 ? 0xFFFFFF : 0x000000) with labels \
	textcolor rgb variable
load here.'/frame.gp'
