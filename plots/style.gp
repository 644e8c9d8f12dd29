# SPDX-License-Identifier: GPL-2.0-or-later
#
# One look for all plots. Line type N is that of subject N: plots.gp has its colour, line and point,
# which come from the table of lookups (bench/lib/lookup.c).
#
# The terminals count points and fonts in other units: point_scale and font_size even that out.
# The figure of the phases has no subjects.
subjects = 0
if (exists('barmap_labels')) {
	subjects = |barmap_labels|
}
do for [i = 1 : subjects] {
	set linetype i lc rgb barmap_colours[i] lw barmap_widths[i] dt barmap_dashes[i] \
		pt barmap_points[i] ps barmap_sizes_of_points[i] * point_scale
}

# Powers of ten where there is nothing raised.
decades = dumb ? '1e%L' : '10^{%L}'

set datafile missing 'NaN'
set encoding utf8
set border 3 linecolor rgb '#444444'
set tics nomirror textcolor rgb '#222222'
set grid xtics ytics linetype -1 linewidth 0.5 linecolor rgb '#DDDDDD'
set title noenhanced font sprintf(',%d', font_size + 2) offset 0, -0.7

set logscale x 2
set logscale y 10
set format y decades
set xlabel 'size of the mapping [bytes]'

# Sizes as people say them, every fourth power of two labelled.
set xtics ()
do for [power = 12 : 60 : 4] {
	unit = (power - power % 10) / 10
	set xtics add (sprintf('%d%s', 2 ** (power % 10), word('K M G T P E', unit)) 2.0 ** power)
}
do for [power = 14 : 60 : 4] {
	set xtics add ('' 2.0 ** power 1)
}

# All sizes measured, with room for the outermost points.
set xrange [barmap_size_low / 1.5 : barmap_size_high * 1.5]

# Every figure has its title on top, its legend at the bottom, and panels between.
set multiplot
unset key
legend = 1

# Nothing stands upright among characters: the frame has the label of the vertical axis then.
vertical = ''
upright(text) = (vertical = text ne '' ? text : vertical, dumb ? '' : text)
pixels(y) = y / height
top = 1 - pixels(dumb ? 75.0 : 60.0)
# The label of the horizontal axis above the legend, which has three columns.
legend_rows = (subjects + 2) / 3
bottom = pixels((dumb ? 45.0 : 62.0) + 21.0 * legend_rows)

# Whole decades, with the outermost points inside.
decade_below(value) = 10 ** (ceil(log10(value)) - 1)
decade_above(value) = 10 ** (floor(log10(value)) + 1)

data(slug, op) = sprintf('%s/%s.%s.dat', dir, slug, op)
column_cost(i) = 3 + 4 * (i - 1)
column_low(i) = 4 + 4 * (i - 1)
column_high(i) = 5 + 4 * (i - 1)
column_speedup(i) = 6 + 4 * (i - 1)

# Edges of panel number of count, side by side.
panel_left(number, count) = 0.09 + (number - 1) * (0.89 + panel_gap(count)) / count
panel_right(number, count) = panel_left(number, count) + (0.89 + panel_gap(count)) / count - \
	panel_gap(count)
panel_gap(count) = count > 2 ? 0.07 : 0.1
