# SPDX-License-Identifier: GPL-2.0-or-later
# Draws every figure, 900 px wide, in each of the formats.
# Needs: here (this folder), dir (the plot data), formats (some of "svg png dumb"), columns (width
# of a dumb figure in characters). The images go into the current folder, and with them figures.tsv,
# a line for each figure: file name without its ending, script, title; or "-", script, why there is none.
load dir.'/plots.gp'

# One row a figure: script, what there is one of for each (op of a case, case, op, run), height in
# pixels, and the function of the case's or the op's number that says whether there is one.
array figures = [ \
	'cost case-op 600 has_sizes', \
	'page case 520 has_sizes', \
	'speedup case 520 has_speedup', \
	'floor case 520 has_floor', \
	'cases op cases_height(0) has_cases', \
	'alignment op alignment_height(0) has_alignments', \
	'touch run 520 has_touch', \
	'scaling op 520 has_scaling', \
	'ecdf case 520 has_ecdf' ]

# A case of one size makes no line: the table has it.
has_sizes(i) = barmap_sizes[i] > 1
why_has_sizes = 'no case has more than one size'
has_speedup(i) = has_sizes(i) && barmap_compared[i]
why_has_speedup = 'nothing to compare with'
has_floor(i) = has_sizes(i) && barmap_floored[i]
why_has_floor = 'the variant floor was not measured'
has_cases(i) = (compared = count_compared(1, word(scope_ops, i))) > 0
why_has_cases = 'no case has more than one size'
has_alignments(i) = barmap_alignments > 1
why_has_alignments = 'fewer than two alignments were measured'
has_touch(i) = barmap_touches > 0
why_has_touch = 'no case touch/* was measured'
has_scaling(i) = barmap_scalings > 0
why_has_scaling = 'no two cases of threads/*, containers/* or devices/* were measured'
has_ecdf(i) = !barmap_exact
why_has_ecdf = 'samples are counted, not timed: they do not scatter'

# Cases with a line for that operation: the next one from i on, and how many there are.
comparable(i, op) = has_sizes(i) && strstrt(' '.barmap_ops[i].' ', ' '.op.' ')
next_compared(i, op) = comparable(i, op) ? i : next_compared(i + 1, op)
count_compared(i, op) = i > |barmap_cases| ? 0 : \
	(comparable(i, op) ? 1 : 0) + count_compared(i + 1, op)

cases_height(x) = compared > 2 ? 880 : 520
alignment_height(x) = 190 + 40 * |barmap_labels|

# Of a figure of characters, columns wide, a row stands for 15 pixels.
terminal(format) = format eq 'dumb' ? \
	sprintf("dumb noenhanced size %d,%d", columns, height / 15) : \
	sprintf((format eq 'svg' ? 'svg' : 'pngcairo')." enhanced size 900,%d ". \
		"font 'DejaVu Sans,%d' background '#FFFFFF'", height, font_size)
begin(file, format) = sprintf("reset; set terminal %s; set output '%s.%s'", \
	terminal(format), file, format eq 'dumb' ? 'txt' : format)
field(figure, column) = word(figures[figure], column)

# What a figure is about: the case's file name, the operation, or both.
times(scope) = scope eq 'op' ? words(scope_ops) : scope eq 'run' ? 1 : |barmap_cases|
ops_of(scope, i) = scope eq 'case-op' ? barmap_ops[i] : scope eq 'op' ? word(scope_ops, i) : '-'
name_of(script, scope) = scope eq 'case-op' ? slug.'-'.op : scope eq 'case' ? slug.'-'.script : \
	scope eq 'op' ? script.'-'.op : script

set print 'figures.tsv'
do for [format in formats] {
	dumb = format eq 'dumb'
	font_size = format eq 'png' ? 9 : 12
	point_scale = format eq 'png' ? 1.0 : 0.65
	do for [figure = 1 : |figures|] {
		script = field(figure, 1)
		scope = field(figure, 2)
		scope_ops = script eq 'alignment' ? barmap_alignment_ops : \
			script eq 'scaling' ? barmap_scaling_ops : barmap_ops[1]
		drawn = 0
		do for [number = 1 : times(scope)] {
			eval 'wanted = '.field(figure, 4).'(number)'
			if (!wanted) { continue }
			slug = scope[1:4] eq 'case' ? barmap_cases[number] : ''
			name = scope[1:4] eq 'case' ? barmap_names[number] : ''
			ops = scope[1:4] eq 'case' ? barmap_ops[number] : barmap_ops[1]
			do for [op in ops_of(scope, number)] {
				eval 'height = '.field(figure, 3)
				file = name_of(script, scope)
				eval begin(file, format)
				load here.'/style.gp'
				load here.'/'.script.'.gp'
				if (format eq word(formats, 1)) {
					print file."\t".script."\t".title
				}
				drawn = drawn + 1
			}
		}
		if (!drawn && format eq word(formats, 1)) {
			eval "print '-'.\"\\t\".script.\"\\t\".why_".field(figure, 4)
		}
	}
}
set output
