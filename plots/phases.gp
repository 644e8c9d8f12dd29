# SPDX-License-Identifier: GPL-2.0-or-later
# Where each lookup spends its work: for map and unmap, what each phase costs per page, and below
# that its share of the operation. Draws the figure as SVG or PNG.
# Needs: here (this folder), phases (the file with the data and their description), data (blocks of
# a row per variant and a column per phase), format. The image goes into the current folder.
load phases
barmap_size_low = 1
barmap_size_high = 2
font_size = format eq 'svg' ? 12 : 9
point_scale = 1
height = 1000
dumb = 0
eval sprintf("set terminal %s enhanced size 900,%d font 'DejaVu Sans,%d' background '#FFFFFF'", \
	format eq 'svg' ? 'svg' : 'pngcairo', height, font_size)
set output 'phases.'.format
load here.'/style.gp'
unset logscale
unset mxtics
set format y '%g'
set xtics autofreq rotate by -35 left noenhanced offset -1, 0
set xlabel ''
set xrange [-0.7 : phase_variants - 0.3]
set grid noxtics
set style data histograms
set style histogram rowstacked
set style fill solid 1 border rgb '#FFFFFF'
set boxwidth 0.8
array panel_x[4] = [0.09, 0.57, 0.09, 0.57]
array panel_top[4] = [top - pixels(20.0), top - pixels(20.0), top - pixels(400.0), top - pixels(400.0)]
array panel_index[4] = [0, 1, 2, 3]
do for [panel = 1 : 4] {
	set lmargin at screen panel_x[panel]
	set rmargin at screen panel_x[panel] + 0.37
	set tmargin at screen panel_top[panel]
	set bmargin at screen panel_top[panel] - pixels(250.0)
	op = panel % 2 ? 'map' : 'unmap'
	set title panel < 3 ? op.', cost per page' : op.', share of the operation'
	set ylabel panel < 3 ? sprintf('%s per page', phase_unit) : 'percent'
	set yrange [0 : panel < 3 ? phase_most[panel] : 100]
	plot for [i = 1 : |phase_text|] data index panel_index[panel] using i + 1:xtic(1) \
		linecolor rgb phase_colour[i] dashtype 1
}
reset
unset border
unset tics
set label 'VFIO type1: what mapping and unmapping a BAR spends its work on' \
	at screen 0.5, 1 - pixels(20.0) center noenhanced font sprintf(',%d', font_size + 4)
set label phase_conditions at screen 0.5, 1 - pixels(42.0) center noenhanced \
	font sprintf(',%d', font_size) textcolor rgb '#444444'
set lmargin at screen 0.04
set rmargin at screen 0.96
set bmargin at screen 0
set tmargin at screen pixels(70.0)
set key at screen 0.5, pixels(10.0) bottom center horizontal Left reverse noenhanced maxcols 3 \
	samplen 1.5 width 2
plot [0:1] [0:1] NaN notitle, for [i = 1 : |phase_text|] keyentry with boxes \
	fillstyle solid 1 border rgb '#444444' linecolor rgb phase_colour[i] title phase_text[i]
unset multiplot
set output
