# SPDX-License-Identifier: GPL-2.0-or-later
# The cells of one trace of barmap-vmm-trace, for scripts/vmm: jq -c -s -f vmm.jq with the case, the
# variant, the BAR as calls name it, its size, and the number of samples before. A cell's repeats are
# the calls, its cost what they took in all.

def hex: ltrimstr("0x") | explode | reduce .[] as $c (0; . * 16 + $c - (if $c > 57 then 87 else 48 end));

# The largest power of two that a number is a multiple of, at most 1 GiB.
def align: . as $n | first(range(30; -1; -1) | pow(2; .) | select($n % . == 0));

.[0].unit as $unit | .[-1] as $last |
map(select(.record == "call" and .errno == 0)) as $calls |
def of($call): $calls | map(select(.call == $call and .of == $bar and .bytes == $size));
of("VFIO_IOMMU_MAP_DMA") as $map |
[
	{ op: "map", calls: $map },
	{ op: "unmap", calls: of("VFIO_IOMMU_UNMAP_DMA") },
	{ op: "decode", calls: ($calls | map(select(.call == "decode off"))) },
	{ op: "exit", calls: [{ cost: $last.teardown } | select(.cost)] },
	{ op: "whole", calls: [{ cost: $last.whole }] }
] | map(select(.calls | length > 0)) | to_entries[] |
{
	record: "cell", case: $case, op: .value.op, variant: $variant, size_bytes: $size,
	pages: ($size / 4096), va_offset_bytes: ($map[0].vaddr | hex % 1073741824), tables: "cold",
	iova_align_bytes: ($map[0].iova | hex | align), chunk_bytes: 0,
	repeats: (.value.calls | length), unit: $unit, order: [$order + .key],
	cost: [.value.calls | map(.cost) | add]
}
