# SPDX-License-Identifier: GPL-2.0-or-later
#
# One look for all plots. Colours are those of Okabe and Ito, which people with any kind of colour
# blindness can tell apart; each variant has a point type of its own as well.
#
# The terminals count points and fonts in other units: point_scale and font_size even that out.
#
# Line type N is variant N of styled_variants in bench/analysis/plotdata.c.

# Points are open where another variant may lie beneath.
set linetype  1 lc rgb '#000000' lw 3.5 pt  1 ps 1.3 * point_scale   # stock
set linetype  2 lc rgb '#D55E00' lw 1.5 pt  4 ps 1.5 * point_scale   # follow_pfn
set linetype  3 lc rgb '#E69F00' lw 1.5 pt  9 ps 1.1 * point_scale   # leaf
set linetype  4 lc rgb '#0072B2' lw 2.5 pt  7 ps 0.9 * point_scale   # vma_to_pfn
set linetype  5 lc rgb '#56B4E9' lw 2.5 pt  6 ps 1.5 * point_scale   # vma_to_pfn_page
set linetype  6 lc rgb '#009E73' lw 1.2 pt  2 ps 1.1 * point_scale   # vma_to_pfn_checked_page
set linetype  7 lc rgb '#CC79A7' lw 1.5 pt 12 ps 2.0 * point_scale   # base_pfn
set linetype  8 lc rgb '#777777' lw 1.2 pt 10 ps 1.8 * point_scale   # base_pfn_page
set linetype  9 lc rgb '#000000' lw 1.5 pt 14 ps 1.2 * point_scale dt 3 # floor
set linetype 10 lc rgb '#882255' lw 1.5 pt  8 ps 1.4 * point_scale   # vma_first
set linetype 11 lc rgb '#0072B2' lw 1.5 pt  6 ps 1.2 * point_scale dt 2
set linetype 12 lc rgb '#D55E00' lw 1.5 pt  8 ps 1.2 * point_scale dt 2
set linetype 13 lc rgb '#009E73' lw 1.5 pt 10 ps 1.2 * point_scale dt 2

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
bottom = pixels(125.0)

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
