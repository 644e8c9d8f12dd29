# SPDX-License-Identifier: GPL-2.0-or-later
# The samples of a record, an object each, with the keys of their cell; other lines as they are:
# jq -c -f samples.jq RECORD. "record" is then "sample" or "memory", "iteration" counts from 0.
def counters: ["cycles", "instructions", "dtlb_misses", "llc_misses"];
if .record == "cell" then
	(with_entries(select(IN(.key; counters[]))) as $counts | del(.order, .cost, .[counters[]]) +
		{record: "sample"} + ([.order, .cost] | transpose | to_entries[] | .key as $sample |
		{iteration: $sample, order: .value[0], cost: .value[1]} + ($counts | .[] |= .[$sample])))
elif .record == "memory" then
	del(.bytes) + (.bytes | to_entries[] | {iteration: .key, bytes: .value})
else . end
