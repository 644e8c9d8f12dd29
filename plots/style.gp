# SPDX-License-Identifier: GPL-2.0-or-later
#
# One look for all plots. Colours are those of Okabe and Ito, which people with any kind of colour
# blindness can tell apart; each variant has a point type of its own as well.
#
# Line type N is variant N of styled_variants in bench/analysis/plotdata.c.

# Points are open where another variant may lie beneath.
set linetype  1 linecolor rgb '#000000' linewidth 3.5 pointtype  1 pointsize 1.3   # stock
set linetype  2 linecolor rgb '#D55E00' linewidth 1.5 pointtype  4 pointsize 1.5   # follow_pfn
set linetype  3 linecolor rgb '#E69F00' linewidth 1.5 pointtype  9 pointsize 1.1   # leaf
set linetype  4 linecolor rgb '#0072B2' linewidth 2.5 pointtype  7 pointsize 0.9   # vma_to_pfn
set linetype  5 linecolor rgb '#56B4E9' linewidth 2.5 pointtype  6 pointsize 1.5   # .._page
set linetype  6 linecolor rgb '#009E73' linewidth 1.2 pointtype  2 pointsize 1.1   # .._checked_page
set linetype  7 linecolor rgb '#CC79A7' linewidth 1.5 pointtype 12 pointsize 2.0   # base_pfn
set linetype  8 linecolor rgb '#777777' linewidth 1.2 pointtype 10 pointsize 1.8   # base_pfn_page
set linetype  9 linecolor rgb '#000000' linewidth 1.5 pointtype 14 pointsize 1.2 dashtype 3 # floor
set linetype 10 linecolor rgb '#0072B2' linewidth 1.5 pointtype  6 pointsize 1.2 dashtype 2
set linetype 11 linecolor rgb '#D55E00' linewidth 1.5 pointtype  8 pointsize 1.2 dashtype 2
set linetype 12 linecolor rgb '#009E73' linewidth 1.5 pointtype 10 pointsize 1.2 dashtype 2

set datafile missing 'NaN'
set encoding utf8
set border 3 linecolor rgb '#444444'
set tics nomirror textcolor rgb '#222222'
set grid xtics ytics linetype -1 linewidth 0.5 linecolor rgb '#DDDDDD'
set title noenhanced font ',12' offset 0, -0.5

set logscale x 2
set logscale y 10
set format y '10^{%L}'
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
pixels(y) = y / height
top = 1 - pixels(60.0)
bottom = pixels(125.0)

# Whole decades, with the outermost points inside.
decade_below(value) = 10 ** (ceil(log10(value)) - 1)
decade_above(value) = 10 ** (floor(log10(value)) + 1)

data(slug, op) = sprintf('%s/%s.%s.dat', dir, slug, op)
column_cost(i) = 3 + 4 * (i - 1)
column_low(i) = 4 + 4 * (i - 1)
column_high(i) = 5 + 4 * (i - 1)
column_speedup(i) = 6 + 4 * (i - 1)
