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
# What the kernel's part of a boot of Linux costs in all.
def boot: (.op.map | cost) + (.op.unmap | cost) + (.op.decode | cost);
($cells | ops("vmm/")) as $machines |
(["kernel", "variant", "case", "BAR", "maps", "map", "unmaps", "unmap", "decode", "exit", "whole",
	"k \($all[0].unit)"],
($machines[] | .op as $op | [.first.kernel, .first.variant, .first.case, (.first.size_bytes | size),
	$op.map.repeats, ($op.map.cost[0] | thousands), ($op.unmap.repeats // 0),
	($op.unmap.cost[0] | thousands), ($op.decode.cost[0] | thousands), ($op.exit.cost[0] | thousands),
	($op.whole.cost[0] | thousands)]),
($cells | ops("churn/")[] | .first as $first | .op.boot.cost[0] as $churn |
	$machines[] | select(.first.kernel == $first.kernel and .first.variant == $first.variant and
		(.first.case | startswith("vmm/boot")) and .first.size_bytes == $first.size_bytes and
		$first.case == if .op.map.repeats > 2 then "churn/each" else "churn/once" end) |
	[.first.kernel, .first.variant, $first.case, (.first.size_bytes | size), "", ($churn | thousands),
	"", "", "", "", "", "\(boot | thousands) in \(.first.case): \(($churn / boot - 1) * 1000 | round / 10) %"])
) | map(tostring) | join("\t")
