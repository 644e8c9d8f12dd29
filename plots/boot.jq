# SPDX-License-Identifier: GPL-2.0-or-later
# What plots/draw-boot draws, of the lines of records of make vmm: fields with tabs between. A kernel
# with its lookup; where the BAR is; what it is; GiB; the cost. "linux" and "firmware" are boots of them.
# "scaled" is the line that the case churn makes through two sizes, as far as 256 GiB: the same steps,
# as often as in the boot of a Linux.

def gib: 1073741824;
def by_kernel: group_by([.kernel, .variant])[];
def name: .kernel + if .variant == "stock" then "" else "/" + .variant end;

[foreach .[] as $line (null; if $line.record == "env" then $line.kernel.name else . end;
	. as $kernel | $line | select(.record == "cell") + { kernel: $kernel })] |
map(select(.op == "enable" or .op == "disable")) as $cells |
# Of one kernel and case, by size: how often its steps are made, and what one costs.
def sizes: group_by(.size_bytes) | map({ gib: (.[0].size_bytes / gib), step: (map({ key: .op,
	value: { times: (.cost | length), cost: (.cost | add / length) } }) | from_entries) });
def cost($times): [.step | to_entries[] | .value.cost * $times[.key].times] | add;
("monitor /2M-off", "4K-off /4K-off" | split(" ")) as [$place, $offset] |
(if $place == "monitor" then "" else "/" + $place end) as $suffix |
def boots($kind; $case): $cells | map(select(.case == $case + $suffix)) | by_kernel |
	{ name: (.[0] | name), first: .[0], kind: $kind, sizes: sizes };
def scaled: .first as $first | .sizes[0].step as $times |
	((if $times.enable.times > 2 then "churn/each" else "churn/once" end) + $offset) as $model |
	($cells | map(select(.case == $model and .kernel == $first.kernel and .variant == $first.variant)) |
		sizes | map([.gib, cost($times)]))[-2:] | select(length == 2) |
	# Below 1 GiB IOPTEs are smaller, and may cost more than one of 1 GiB: no line goes down.
	([(.[1][1] - .[0][1]) / (.[1][0] - .[0][0]), 0] | max) as $slope | .[1] as [$gib, $cost] |
	range(0; 9) | pow(2; .) | ["scaled", ., ($cost + $slope * (. - $gib) | round)];
(boots("linux"; "vmm/boot"), boots("firmware"; "vmm/firmware")) |
[.name, $place] + ((.kind as $kind | .sizes[] | [$kind, .gib, (cost(.step) | round)]), (select(.kind == "linux") | scaled)) |
map(tostring) | join("\t")
