# SPDX-License-Identifier: GPL-2.0-or-later
# trace.awk: what lies between the pairs of type1's tracepoints.
#
#   awk -v variant=NAME -v iterations=N -v pages=N -v mhz=1000 -v map=COST \
#       -v map_traced=COST -v unmap=COST -v unmap_traced=COST -f trace.awk TRACE
#
# prints a row for each phase of map and unmap: variant, op, phase, pairs of
# events, cost per operation, share, and what of it was tracing and is taken
# away. COST is of the whole operation, and of the same with the events. TRACE
# ends with N iterations that map and unmap that many pages.
#
# Tracing costs the same for each event: what the operation costs more with them,
# by their number. A pair holds the end of one event and the beginning of another,
# which is one; unmap holds the pairs of unpin as well.

BEGIN {
	OFS = "\t"
}

function number_after(name,  text) {
	if (!match($0, name "=[0-9]+"))
		return 0
	text = substr($0, RSTART, RLENGTH)
	return substr(text, length(name) + 2) + 0
}

# iteration_end: keep what was summed if it is of the whole operation
function iteration_end(  phase)
{
	if (mapped == pages) {
		kept++
		for (phase in sum) {
			gross[kept, phase] = sum[phase]
			pairs[kept, phase] = count[phase]
		}
	}
	mapped = 0
	split("", sum)
	split("", count)
	split("", start)
}

match($0, /[0-9]+: vfio_type1_[a-z]+_(begin|end): /) {
	split(substr($0, RSTART, RLENGTH), part, /: /)
	time = part[1] + 0
	split(part[2], name, "_")
	phase = name[3]
	if (name[4] == "begin") {
		start[phase] = time
		if (phase == "map")
			mapped += number_after("npages")
	} else if (phase in start) {
		sum[phase] += (time - start[phase]) * 1000 / mhz
		count[phase]++
		if (phase == "unmap")
			iteration_end()
	}
}

# mean(TABLE, PHASE): of the last iterations
function mean(table, phase,  i, total)
{
	for (i = kept - iterations + 1; i <= kept; i++)
		total += table[i, phase]
	return total / iterations
}

function row(op, phase, n, net, whole, tracing)
{
	print variant, op, phase, n, sprintf("%.8g", net), sprintf("%.4f", net / whole),
		sprintf("%.8g", tracing)
}

# operation(OP, COST, TRACED, PHASE, INNER): INNER is within PHASE when op is
# unmap, beside it when op is map
function operation(op, cost, traced, first, second,  n, m, event, net, within)
{
	n = mean(pairs, first)
	m = mean(pairs, second)
	event = (traced - cost) / (2 * (n + m))
	within = op == "unmap"
	net[2] = mean(gross, second) - event * m
	net[1] = mean(gross, first) - event * (n + (within ? 2 * m : 0)) - (within ? net[2] : 0)
	row(op, first, n, net[1], cost, event * (n + (within ? m : 0)))
	row(op, second, m, net[2], cost, event * m)
	row(op, "rest", 0, cost - net[1] - net[2], cost, traced - cost - event * (n + m * (1 + within)))
	row(op, "total", n + m, cost, cost, traced - cost)
}

END {
	if (kept < iterations) {
		printf "barmap: trace '%s': has %d whole operations, not %d; map less at a time\n",
			FILENAME, kept, iterations | "cat >&2"
		exit 1
	}
	operation("map", map, map_traced, "lookup", "map")
	operation("unmap", unmap, unmap_traced, "unmap", "unpin")
}
