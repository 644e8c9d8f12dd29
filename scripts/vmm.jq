# SPDX-License-Identifier: GPL-2.0-or-later
# The cells of one trace of barmap-vmm-trace, for scripts/vmm: jq -c -s -f vmm.jq with the case, the
# variant, the BAR as calls name it, its size, and the number of samples before. A cell's repeats are
# the calls, its cost what they took in all. The ops enable and disable are the steps of the cases
# churn, a sample each: decode, and the mappings of all the device's BARs. The monitor turns decode
# off before it begins: that is none.

def hex: ltrimstr("0x") | explode | reduce .[] as $c (0; . * 16 + $c - (if $c > 57 then 87 else 48 end));

# The largest power of two that a number is a multiple of, at most 1 GiB.
def align: . as $n | first(range(30; -1; -1) | pow(2; .) | select($n % . == 0));

.[0].unit as $unit | .[-1] as $last |
map(select(.record == "call" and .errno == 0)) as $calls |
($bar | split(" ")[0] + " ") as $device |
# One BAR is mapped by one interface.
def maps: .call | IN("VFIO_IOMMU_MAP_DMA", "IOMMU_IOAS_MAP", "IOMMU_IOAS_MAP_FILE");
def unmaps: .call | IN("VFIO_IOMMU_UNMAP_DMA", "IOMMU_IOAS_UNMAP");
def of_bar: select(.of == $bar and .bytes == $size);
def of_device: map(select(.of | startswith($device)));
($calls | of_device | .[(map(.call == "decode on") | index(true)) // length:]) as $steps |
def step($to): [foreach ($steps[], null) as $call ({};
	if $call == null or ($call.call | startswith("decode "))
	then { ended: .now, now: { to: ($call.call // ""), cost: ($call.cost // 0) } }
	elif $call | maps or unmaps then { now: (.now | .cost += $call.cost) }
	else { now } end; .ended // empty)] | map(select(.to == "decode " + $to));
($calls | map(of_bar | select(maps))) as $map |
[
	{ op: "map", calls: $map },
	{ op: "unmap", calls: ($calls | map(of_bar | select(unmaps))) },
	{ op: "decode", calls: ($calls | map(select(.call == "decode off"))) },
	{ op: "enable", samples: step("on") },
	{ op: "disable", samples: step("off") },
	{ op: "exit", calls: [{ cost: $last.teardown } | select(.cost)] },
	{ op: "whole", calls: [{ cost: $last.whole }] }
] | map(if .calls then .samples = [{ cost: (.calls | map(.cost) | add | values) }] else . end |
	select(.samples | length > 0)) |
foreach .[] as $op ({ next: $order }; .first = .next | .next += ($op.samples | length); . + $op) |
{
	record: "cell", case: $case, op, variant: $variant, size_bytes: $size,
	pages: ($size / 4096), va_offset_bytes: ($map[0].vaddr | hex % 1073741824), tables: "cold",
	iova_align_bytes: ($map[0].iova | hex | align), chunk_bytes: 0,
	repeats: (.calls // [null] | length), unit: $unit, order: [range(.first; .next)],
	cost: (.samples | map(.cost))
}
