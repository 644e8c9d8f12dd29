# SPDX-License-Identifier: GPL-2.0-or-later
# The samples of a record, an object each, with the keys of their cell; other lines as they are:
# jq -c -f samples.jq RECORD. "record" is then "sample" or "memory", "iteration" counts from 0.
if .record == "cell" then
	del(.order, .cost) + {record: "sample"} + ([.order, .cost] | transpose | to_entries[] |
		{iteration: .key, order: .value[0], cost: .value[1]})
elif .record == "memory" then
	del(.bytes) + (.bytes | to_entries[] | {iteration: .key, bytes: .value})
else . end
