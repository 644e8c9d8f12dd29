# SPDX-License-Identifier: GPL-2.0-or-later
# The share of I/Os that take no longer than a latency: a colour a job, a dash a variant.
# Needs: op, unit, the number of the job and that of the variant of each line (jobs, variants), and the
# file op.dat in the current folder; the images go there.
lines = words(jobs)
file = op.'.dat'
# Okabe and Ito
array colours[8] = ['#000000', '#D55E00', '#0072B2', '#009E73', '#CC79A7', '#E69F00', '#56B4E9', \
	'#777777']
do for [format in 'svg png'] {
	if (format eq 'svg') {
		set terminal svg enhanced size 900,620 font 'DejaVu Sans,12' background '#FFFFFF'
	} else {
		set terminal pngcairo enhanced size 900,620 font 'DejaVu Sans,9' background '#FFFFFF'
	}
	set output sprintf('fio-%s.%s', op, format)
	set border 3 linecolor rgb '#444444'
	set tics nomirror textcolor rgb '#222222'
	set grid xtics ytics linetype -1 linewidth 0.5 linecolor rgb '#DDDDDD'
	set title sprintf('fio: share of %ss of device memory that take no longer', op) noenhanced
	set logscale x
	set format x '10^{%L}'
	set xlabel sprintf('latency of one %s [%s]', op, unit)
	set ylabel 'share of I/Os'
	set yrange [0 : 1.02]
	set bmargin at screen 0.13 + 0.028 * ((lines + 2) / 3)
	set key at screen 0.5, 0.01 bottom center horizontal Left reverse noenhanced maxcols 3 maxrows 12 autotitle columnhead
	plot for [i = 0 : lines - 1] file index i using 1:2 with steps linewidth 2 \
		linecolor rgb colours[(word(jobs, i + 1) - 1) % 8 + 1] \
		dashtype 0 + word(variants, i + 1)
	set output
	reset
}
