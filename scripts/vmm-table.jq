# SPDX-License-Identifier: GPL-2.0-or-later
# The table of scripts/vmm-table, of the lines of all records in $all: fields with tabs between.

def thousands: if . == null then "-" else . / 100 | round / 10 | tostring end;
def size: if . >= 1073741824 then "\(. / 1073741824)G" else "\(. / 1048576)M" end;

# Each line of a cell gets the name of its kernel.
[foreach $all[] as $line (null; if $line.record == "env" then $line.kernel.name else . end;
	. as $kernel | $line | select(.record == "cell") + { kernel: $kernel })] as $cells |
def ops($name): map(select(.case | startswith($name))) |
	group_by([.kernel, .variant, .case, .size_bytes]) |
	map({ first: .[0], op: (map({ key: .op, value: . }) | from_entries) });
def cost: if . == null then 0 else .cost[0] end;
# The case that stands for the boot of a Linux: as often, and from as large leaves of page tables.
def model: .first.va_offset_bytes as $offset |
	(if .op.map.repeats > 2 then "churn/each" else "churn/once" end) +
	if $offset == 0 then "" elif $offset % 2097152 == 0 then "/2M-off" else "/4K-off" end;
($cells | ops("vmm/")) as $machines |
(["kernel", "variant", "case", "BAR", "maps", "map", "unmaps", "unmap", "decode", "exit", "whole",
	"k \($all[0].unit)"],
($machines[] | .op as $op | [.first.kernel, .first.variant, .first.case, (.first.size_bytes | size),
	$op.map.repeats, ($op.map.cost[0] | thousands), ($op.unmap.repeats // 0),
	($op.unmap.cost[0] | thousands), ($op.decode.cost[0] | thousands), ($op.exit.cost[0] | thousands),
	($op.whole.cost[0] | thousands)]),
($machines[] | select(.first.case | startswith("vmm/boot")) | . as $machine |
	($cells | ops("churn/"))[] | select(.first.kernel == $machine.first.kernel and
		.first.variant == $machine.first.variant and .first.case == ($machine | model) and
		.first.size_bytes == $machine.first.size_bytes) |
	. as $churn | ("enable", "disable") as $step |
	($machine.op[$step].cost[-1]?) as $real | $churn.op[$step].cost[0] as $modelled |
	select($real and $modelled) |
	[.first.kernel, .first.variant, .first.case, (.first.size_bytes | size), "", ($modelled | thousands),
	"", "", "", "", "", "\($step): \($real | thousands) in \($machine.first.case), \(
		($modelled / $real - 1) * 1000 | round / 10) %"])
) | map(tostring) | join("\t")
