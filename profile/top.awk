# SPDX-License-Identifier: GPL-2.0-or-later
# top.awk: the functions that an operation spends most in.
#
#   awk -v rules=phases.txt -v variant=NAME -v op=map -v cost=COST -v pages=N \
#       -f rules.awk -f top.awk FOLDED | sort ...
#
# prints variant, op, symbol, cost per page in the function itself, share of it,
# share with all that it calls, and the phases that its own part belongs to.

BEGIN {
	OFS = "\t"
	rules_load(rules)
}

# A function counts once in a stack that it is in twice.
{
	samples = $NF
	sub(/ [0-9]+$/, "")
	depth = split($0, frame, ";")
	if (frame[1] != op)
		next
	total += samples
	self[frame[depth]] += samples
	phase = phase_of(frame, depth)
	if (!((frame[depth], phase) in seen_in)) {
		seen_in[frame[depth], phase] = 1
		if (frame[depth] in phases)
			phases[frame[depth]] = phases[frame[depth]] "," phase
		else
			phases[frame[depth]] = phase
	}
	for (i = 2; i <= depth; i++)
		if (seen[frame[i]] != NR) {
			seen[frame[i]] = NR
			within[frame[i]] += samples
		}
}

END {
	if (failed)
		exit 1
	for (symbol in within)
		print variant, op, symbol, sprintf("%.6g", cost / pages * self[symbol] / total),
			sprintf("%.4f", self[symbol] / total),
			sprintf("%.4f", within[symbol] / total), phases[symbol]
}
