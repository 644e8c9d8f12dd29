# SPDX-License-Identifier: GPL-2.0-or-later
# What mapping costs the kernel in the boot of a guest, against the size of the BAR. A colour a kernel:
# points are boots that were measured, dashes are scaled from churn.
# Needs: kernels, unit, low and high (costs), and in the current folder, of kernel N, N.PLACE.linux,
# N.PLACE.firmware and N.PLACE.scaled.
# Okabe and Ito
array colours[8] = ['#000000', '#D55E00', '#0072B2', '#009E73', '#CC79A7', '#E69F00', '#56B4E9', \
	'#777777']
colour(i) = colours[(i - 1) % 8 + 1]
do for [format in 'svg png'] {
	if (format eq 'svg') {
		set terminal svg enhanced size 900,520 font 'DejaVu Sans,12' background '#FFFFFF'
	} else {
		set terminal pngcairo enhanced size 900,520 font 'DejaVu Sans,9' background '#FFFFFF'
	}
	set output 'boot.'.format
	set multiplot layout 1,2 title 'One boot of a guest with a device assigned: what mapping its BAR costs the kernel'
	set border 3 linecolor rgb '#444444'
	set tics nomirror textcolor rgb '#222222'
	set grid xtics ytics linetype -1 linewidth 0.5 linecolor rgb '#DDDDDD'
	set logscale x 2
	set logscale y 10
	set format y '10^{%L}'
	set xlabel 'size of the BAR'
	set xrange [0.8 : 320]
	set xtics ('1 GiB' 1, '4' 4, '16' 16, '64' 64, '256' 256)
	set yrange [10 ** floor(log10(low)) : 10 ** ceil(log10(high))]
	set key at screen 0.5, 0.01 bottom center horizontal Left reverse noenhanced maxcols 3 samplen 3 width 2
	set bmargin at screen 0.24
	set tmargin at screen 0.87
	do for [panel = 1 : 2] {
		place = word('monitor 4K-off', panel)
		set lmargin at screen 0.09 + 0.49 * (panel - 1)
		set rmargin at screen 0.48 + 0.49 * (panel - 1)
		set title panel == 1 ? 'mapped where QEMU 7.2 does, at a multiple of 512 MiB' : \
			'mapped 4 KiB off, where a plain mmap() may' noenhanced
		set ylabel panel == 1 ? sprintf('map, unmap and decode [%s]', unit) : ''
		if (panel == 2) { unset key }
		plot for [i = 1 : words(kernels)] sprintf('%d.%s.scaled', i, place) using 1:2 with lines \
			linewidth 1.5 dashtype 2 linecolor rgb colour(i) notitle, \
			for [i = 1 : words(kernels)] sprintf('%d.%s.linux', i, place) using 1:2 with points \
			pointtype 7 pointsize 1.3 linecolor rgb colour(i) title word(kernels, i), \
			for [i = 1 : words(kernels)] sprintf('%d.%s.firmware', i, place) using 1:2 with points \
			pointtype 6 pointsize 1.3 linewidth 1.5 linecolor rgb colour(i) notitle, \
			NaN with points pointtype 6 pointsize 1.3 linewidth 1.5 linecolor rgb '#777777' title 'firmware alone', \
			NaN with lines linewidth 1.5 dashtype 2 linecolor rgb '#777777' title 'scaled from churn'
	}
	unset multiplot
	set output
	reset
}
