# SPDX-License-Identifier: GPL-2.0-or-later
# Draws every figure as SVG and PNG, 900 px wide.
# Needs: here (this folder), dir (the plot data). The images go into the current folder.
load dir.'/plots.gp'

terminal(format) = format eq 'svg' ? \
	"svg enhanced size 900,%d font 'DejaVu Sans,%d' background '#FFFFFF'" : \
	"pngcairo enhanced size 900,%d font 'DejaVu Sans,%d' background '#FFFFFF'"
begin(file) = sprintf("reset; set terminal ".terminal(format)."; set output '%s.%s'", \
	height, font_size, file, format)

do for [format in 'svg png'] {
	font_size = format eq 'svg' ? 12 : 9
	point_scale = format eq 'svg' ? 0.65 : 1.0
	do for [number = 1 : |barmap_cases|] {
		slug = barmap_cases[number]
		name = barmap_names[number]
		ops = barmap_ops[number]
		# One size makes no line: the table has it.
		if (barmap_sizes[number] < 2) { continue }
		do for [op in ops] {
			height = 600
			eval begin(slug.'-'.op)
			load here.'/style.gp'
			load here.'/cost.gp'
		}
		height = 520
		eval begin(slug.'-page')
		load here.'/style.gp'
		load here.'/page.gp'
		if (barmap_compared[number]) {
			eval begin(slug.'-speedup')
			load here.'/style.gp'
			load here.'/speedup.gp'
		}
	}
	do for [op in barmap_ops[1]] {
		height = |barmap_cases| > 2 ? 880 : 520
		eval begin('cases-'.op)
		load here.'/style.gp'
		load here.'/cases.gp'
	}
}
set output
