# SPDX-License-Identifier: GPL-2.0-or-later
# tracetext.awk: tracepoints.tsv as text, for people.
#
#   awk -v unit=insn -f tracetext.awk tracepoints.tsv

BEGIN {
	FS = "\t"
	columns["map"] = "lookup map rest total"
	columns["unmap"] = "unmap unpin rest total"
}

FNR == 1 {
	next
}

{
	if (!($1 in seen))
		variants[++variant_count] = $1
	seen[$1] = 1
	pairs[$1, $2, $3] = $4
	cost[$1, $2, $3] = $5
	tracing[$1, $2, $3] = $7
}

function table(op,  head, n, i, j, name)
{
	n = split(columns[op], head, " ")
	printf "%s, %s per operation between tracepoints\n\n  %-24s %10s", op, unit, "variant", head[1] "s"
	for (j = 1; j <= n; j++)
		printf " %12s", head[j]
	printf " %14s\n", "one event"
	for (i = 1; i <= variant_count; i++) {
		name = variants[i]
		printf "  %-24s %10.0f", name, pairs[name, op, head[1]]
		for (j = 1; j <= n; j++)
			printf " %12.0f", cost[name, op, head[j]]
		printf " %14.1f\n", tracing[name, op, "total"] / (2 * pairs[name, op, "total"])
	}
	print ""
}

END {
	table("map")
	table("unmap")
	print "What the tracepoints cost, each \"one event\", is taken away. unmap is without unpin."
}
