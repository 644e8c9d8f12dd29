# SPDX-License-Identifier: GPL-2.0-or-later
# plotdata.awk: phases.tsv for plots/phases.gp.
#
#   awk -v data=FILE -v conditions=TEXT -v rules=phases.txt -f rules.awk -f plotdata.awk PHASES
#
# writes to FILE a row for each variant with a column for each phase that occurs,
# in four blocks: map and unmap, cost per page; map and unmap, percent. Prints
# what the columns are.

BEGIN {
	FS = "\t"
	rules_load(rules)
	split("map unmap map unmap", block_op, " ")
}

NR == 1 {
	unit = $4
	sub(/_per_page$/, "", unit)
	next
}

!($1 in known) {
	known[$1] = 1
	variant[++variants] = $1
}

$3 == "total" {
	if ($4 > most[$2])
		most[$2] = $4
	next
}

$4 > 0 {
	used[$3] = 1
}

{
	figure[$1, $2, $3, "cost"] = $4
	figure[$1, $2, $3, "share"] = 100 * $5
}

function quoted(text)
{
	gsub(/'/, "''", text)
	return "'" text "'"
}

# list_print(NAME, TEXTS): an array of gnuplot
function list_print(name, texts,  i, list, n)
{
	for (i = 1; i <= phase_count; i++)
		if (phase_key[i] in used)
			list = list (n++ ? ", " : "") quoted(texts[phase_key[i]])
	printf "array %s[%d] = [%s]\n", name, n, list
}

function row_print(name, op, kind,  i)
{
	printf "\"%s\"", name > data
	for (i = 1; i <= phase_count; i++)
		if (phase_key[i] in used)
			printf " %s", figure[name, op, phase_key[i], kind] + 0 > data
	printf "\n" > data
}

function nice(most,  step)
{
	step = 10 ^ int(log(most * 1.05 + 1e-9) / log(10) - (most * 1.05 < 1))
	return step * (int(most * 1.05 / step) + 1)
}

END {
	if (failed)
		exit 1
	for (block = 1; block <= 4; block++) {
		for (i = 1; i <= variants; i++)
			row_print(variant[i], block_op[block], block < 3 ? "cost" : "share")
		printf "\n\n" > data
	}
	list_print("phase_text", phase_text)
	list_print("phase_colour", phase_colour)
	printf "phase_unit = %s\nphase_conditions = %s\nphase_variants = %d\n", quoted(unit),
		quoted(conditions), variants
	printf "array phase_most[2] = [%g, %g]\n", nice(most["map"]), nice(most["unmap"])
}
