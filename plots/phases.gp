# SPDX-License-Identifier: GPL-2.0-or-later
# Where the instructions of a page go: the phases of each variant, one after the other.
# phases.tsv has the columns variant, phase, insn_per_page, and those names in its first line.
title = 'VFIO type1: instructions for each 4 KiB page, by phase'
legend = 0
unset logscale xy
set datafile separator tab
tsv = dir.'/phases.tsv'

# The names, each once, in the order of the file.
array variants[32]
array phase_names[16]
variants_count = 0
phases_count = 0
variant_number(text, i) = i > variants_count ? 0 : \
	variants[i] eq text ? i : variant_number(text, i + 1)
phase_number(text, i) = i > phases_count ? 0 : \
	phase_names[i] eq text ? i : phase_number(text, i + 1)
learn(variant, phase) = ( \
	variant_number(variant, 1) ? 0 : \
		(variants_count = variants_count + 1, variants[variants_count] = variant, 0), \
	phase_number(phase, 1) ? 0 : \
		(phases_count = phases_count + 1, phase_names[phases_count] = phase, 0), 0)
set table $ignored
plot tsv using (learn(stringcolumn(1), stringcolumn(2)), $3) every ::1 with table
unset table

# Where the next phase of each variant begins.
array reached[32]
do for [i = 1 : 32] {
	reached[i] = 0.0
}
advance(i, width) = (reached[i] = reached[i] + width, reached[i] - width)

set lmargin at screen 0.27
set rmargin at screen 0.96
set tmargin at screen top
set bmargin at screen pixels(115.0)
set border 1
unset grid
set grid xtics linetype -1 linewidth 0.5 linecolor rgb '#DDDDDD'
set xrange [0 : *]
set xtics autofreq
set format x '%g'
set xlabel 'instructions for each page [insn]'
set yrange [variants_count + 0.5 : 0.5]
unset ylabel
set ytics () scale 0 noenhanced
do for [i = 1 : variants_count] {
	set ytics add (variants[i] i)
}
array colours[8] = ['#0072B2', '#E69F00', '#009E73', '#CC79A7', '#56B4E9', '#D55E00', '#F0E442', \
	'#777777']
set style fill solid 1 border rgb '#FFFFFF'
set key at screen 0.5, pixels(8.0) bottom center horizontal Left reverse noenhanced maxcols 4 \
	width 2
of_phase(k) = stringcolumn(2) eq phase_names[k]
row(x) = variant_number(stringcolumn(1), 1)
plot for [k = 1 : phases_count] tsv \
	using (of_phase(k) ? 0 : NaN):(of_phase(k) ? row(k) : NaN): \
		(begin_at = of_phase(k) ? advance(row(k), $3) : NaN): \
		(of_phase(k) ? begin_at + $3 : NaN):(row(k) - 0.38):(row(k) + 0.38) every ::1 \
	with boxxyerror linecolor rgb colours[(k - 1) % 8 + 1] title phase_names[k]
set datafile separator whitespace
load here.'/frame.gp'
