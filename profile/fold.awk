# SPDX-License-Identifier: GPL-2.0-or-later
# fold.awk: from what perf script prints to folded stacks, as flame graphs are
# drawn from: "op;outermost;...;innermost COUNT", a line for each stack.
#
#   awk -v from=NS -v to=NS -f fold.awk SCRIPT
#
# takes samples of the time between from and to, made by
#
#   perf record -k mono -e cpu-clock --call-graph fp --user-regs=si
#   perf script --ns -F time,ip,sym,uregs
#
# The op is in the register that holds the ioctl's number, which the kernel
# keeps while a system call lasts, and the program for a while after. A sample
# of neither op counts as "none". Frames of the program are one frame, [user].

function op_name(number)
{
	if (number == "0x3b71")		# VFIO_IOMMU_MAP_DMA
		return "map"
	if (number == "0x3b72")		# VFIO_IOMMU_UNMAP_DMA
		return "unmap"
	return "none"
}

# The compiler's copies of a function go by the function's name.
function symbol_name(text)
{
	sub(/\+0x[0-9a-f]+$/, "", text)
	sub(/\.(isra|constprop|part|cold|llvm).*$/, "", text)
	gsub(/[; \t]/, "_", text)
	return text
}

function sample_end()
{
	if (time_ns != "" && time_ns >= from && time_ns <= to)
		count[op (stack == "" ? ";[user]" : stack)]++
	op = "none"
	time_ns = stack = ""
}

# "12.345678901:" begins a sample; its registers follow its frames.
/^ *[0-9]+\.[0-9]+: *$/ {
	sample_end()
	split($1, part, /[.:]/)
	time_ns = part[1] * 1000000000 + part[2]
	next
}

/SI:0x[0-9a-f]+/ {
	match($0, /SI:0x[0-9a-f]+/)
	op = op_name(substr($0, RSTART + 3, RLENGTH - 3))
	next
}

# Innermost first; addresses of the kernel are in the upper half.
$1 ~ /^ffff[0-9a-f]+$/ {
	stack = ";" symbol_name($2) stack
}

END {
	sample_end()
	for (name in count)
		print name, count[name]
}
