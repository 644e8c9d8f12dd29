# SPDX-License-Identifier: GPL-2.0-or-later
# phases.awk: what part of an operation each phase is.
#
#   awk -v rules=phases.txt -v variant=NAME -v op=map -v cost=COST -v pages=N \
#       -f rules.awk -f phases.awk FOLDED
#
# prints a row for each phase of the table, in its order: variant, op, phase,
# cost per page, share; and those of the whole, as the phase "total". A share of
# the samples is taken as that share of COST.

BEGIN {
	OFS = "\t"
	rules_load(rules)
}

{
	samples = $NF
	sub(/ [0-9]+$/, "")
	depth = split($0, frame, ";")
	if (frame[1] != op)
		next
	in_phase[phase_of(frame, depth)] += samples
	total += samples
}

function row(phase, samples)
{
	print variant, op, phase, sprintf("%.6g", cost / pages * samples / total),
		sprintf("%.4f", samples / total)
}

END {
	if (failed)
		exit 1
	if (!total) {
		printf "barmap: profile of %s, %s: has no samples\n", variant, op | "cat >&2"
		exit 1
	}
	for (i = 1; i <= phase_count; i++)
		row(phase_key[i], in_phase[phase_key[i]])
	row("total", total)
}
