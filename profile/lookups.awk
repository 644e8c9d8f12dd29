# SPDX-License-Identifier: GPL-2.0-or-later
# lookups.awk: what the map of a page spends on its lookup, for README.md.
#
#   awk -v rules=phases.txt -f rules.awk -f lookups.awk phases.tsv
#
# prints a row of Markdown for each phase that is 5 insn or more of a page in one
# of the variants that look up each page, and for the whole.

BEGIN {
	FS = "\t"
	rules_load(rules)
	count = split("follow_pfn vma_to_pfn_page vma_to_pfn_checked_page base_pfn_page", variants, " ")
	phase_text["total"] = "all"
	phase_key[++phase_count] = "total"
}

$2 == "map" { insn[$1, $3] = $4 }

END {
	if (failed)
		exit 1
	for (i = 1; i <= phase_count; i++) {
		row = "| " phase_text[phase_key[i]] " |"
		most = 0
		for (j = 1; j <= count; j++) {
			cost = insn[variants[j], phase_key[i]]
			row = row sprintf(" %.0f |", cost)
			if (cost > most)
				most = cost
		}
		if (most >= 5)
			print row
	}
}
