# SPDX-License-Identifier: GPL-2.0-or-later
# text.awk: the profile as text, for people.
#
#   awk -v unit=insn -v rules=phases.txt -f rules.awk -f text.awk NOISE PHASES TOP
#
# NOISE has a row for each cell: variant, op, cost, pages, samples, noise of a share.
# PHASES and TOP are phases.tsv and top.tsv.

BEGIN {
	FS = "\t"
	top_rows = 10
	rules_load(rules)
}

FNR == 1 {
	file++
}

file == 1 {
	cells[++cell_count] = $1 FS $2
	if (!($2 in op_seen))
		ops[++op_count] = $2
	op_seen[$2] = 1
	cost[$1, $2] = $3
	samples[$1, $2] = $5
	noise[$1, $2] = $6
	next
}

FNR == 1 {
	next
}

file == 2 {
	per_page[$1, $2, $3] = $4
	share[$1, $2, $3] = $5
	next
}

{
	tops[$1, $2]++
	if (tops[$1, $2] <= top_rows)
		top[$1, $2, tops[$1, $2]] = sprintf("  %6.1f %%  %10.4g  %6.1f %%  %-36s %s",
			100 * $5, $4, 100 * $6, $3, $7)
}

# variants_of(OP): sets variant[1..]; returns how many
function variants_of(op,  i, part, n)
{
	for (i = 1; i <= cell_count; i++) {
		split(cells[i], part, FS)
		if (part[2] == op)
			variant[++n] = part[1]
	}
	return n
}

function figure(op, name, phase, kind)
{
	if (kind == "page")
		return sprintf("%.4g", per_page[name, op, phase])
	if (kind == "whole")
		return sprintf("%.0f", cost[name, op] * share[name, op, phase])
	return sprintf("%.1f", 100 * share[name, op, phase])
}

function table_row(head, op, n, phase, kind,  i)
{
	printf "  %-34s", head
	for (i = 1; i <= n; i++)
		printf " %*s", column(variant[i]), figure(op, variant[i], phase, kind)
	print ""
}

function column(name)
{
	return length(name) < 10 ? 10 : length(name)
}

function used(op, n, phase,  i)
{
	for (i = 1; i <= n; i++)
		if (share[variant[i], op, phase] > 0)
			return 1
	return 0
}

function table(op, kind, head,  n, i)
{
	n = variants_of(op)
	printf "%s, %s\n\n  %-34s", op, head, "phase"
	for (i = 1; i <= n; i++)
		printf " %*s", column(variant[i]), variant[i]
	print ""
	for (i = 1; i <= phase_count; i++)
		if (used(op, n, phase_key[i]))
			table_row(phase_text[phase_key[i]], op, n, phase_key[i], kind)
	table_row("total", op, n, "total", kind)
	if (kind == "share") {
		printf "  %-34s", "samples"
		for (i = 1; i <= n; i++)
			printf " %*d", column(variant[i]), samples[variant[i], op]
		printf "\n  %-34s", "at most, between two runs"
		for (i = 1; i <= n; i++)
			printf " %*.1f", column(variant[i]), 100 * noise[variant[i], op]
		print ""
	}
	print ""
}

function tops_print(cell,  part, i)
{
	split(cell, part, FS)
	printf "%s, %s: functions\n\n", part[1], part[2]
	printf "  %8s  %10s  %8s  %-36s %s\n", "self", unit "/page", "with", "function", "phases"
	for (i = 1; (part[1], part[2], i) in top; i++)
		print top[part[1], part[2], i]
	print ""
}

END {
	if (failed)
		exit 1
	for (i = 1; i <= op_count; i++) {
		table(ops[i], "page", unit " per page")
		table(ops[i], "whole", unit " per operation")
		table(ops[i], "share", "percent")
	}
	for (i = 1; i <= cell_count; i++)
		tops_print(cells[i])
}
