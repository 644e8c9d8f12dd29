# SPDX-License-Identifier: GPL-2.0-or-later
# What every figure has around its panels: two title lines and the legend, drawn as a plot of its
# own across the whole width. Needs: title, legend (0: the panels say it all); ends the figure.
reset
unset border
unset tics
set label title at screen 0.5, 1 - pixels(20.0) center noenhanced \
	font sprintf(',%d', font_size + 4)
if (dumb) {
	set label barmap_conditions[1 : columns - 4] at screen 0.02, 1 - pixels(37.0)
	set label vertical at screen 0.02, 1 - pixels(54.0)
} else {
	set label barmap_conditions at screen 0.5, 1 - pixels(42.0) center noenhanced \
		font sprintf(',%d', font_size) textcolor rgb '#444444'
}
set lmargin at screen 0.04
set rmargin at screen 0.96
set bmargin at screen 0
set tmargin at screen pixels(70.0)
set key at screen 0.5, pixels(8.0) bottom center horizontal Left reverse noenhanced maxcols 3 \
	samplen 3 width 2
if (legend) {
	plot [0:1] [0:1] NaN notitle, for [i = 1 : |barmap_labels|] keyentry with linespoints \
		linetype i title barmap_labels[i]
} else {
	plot [0:1] [0:1] NaN notitle
}
unset multiplot
