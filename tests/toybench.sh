# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# toybench.sh: make bench and make bisect without kernels and guests, for tests of what they do
# with a tree; source it after tap.sh and toy.sh. A toy kernel is its file drivers/vfio/x.c: the
# last "cost N" in it is what an operation takes, "no build" and "no boot" what it does not, and
# "vma_to_pfn" the lookup that it has in place of the stock one.
# shellcheck disable=SC2154 # set by tap.sh

# toy_bench DIR: a lab, DIR/lab, and a build directory, DIR/build, with stand-ins
toy_bench()
{
	local lab=$1/lab

	mkdir -p "$lab/plots" "$1/build/guest" "$lab/kernel/config" "$lab/kernel/modules"
	toy_lab "$lab"
	ln -s "$builddir/barmap" "$builddir/barmap-report" "$1/build/"
	echo '#!/bin/sh' > "$lab/scripts/initramfs"
	# shellcheck disable=SC2016 # of that script
	printf '#!/bin/sh\n: > "$1/figures.tsv"\n' > "$lab/plots/draw"
	sed 's/^\t\t//' > "$lab/scripts/kernel-build" <<-'END'
		#!/bin/bash
		# kernel-build --build DIR --tree DIR --name NAME
		image=$2/images/$6
		echo "$6" >> "$2/built"
		! grep -q 'no build' "$4/drivers/vfio/x.c" || { echo "x.c: error" >&2; exit 1; }
		mkdir -p "$image"
		cp "$4/drivers/vfio/x.c" "$image/bzImage"
		printf '{"name":"%s","release":"9.1.0","key":"none"}\n' "$6" > "$image/provenance.json"
	END
	sed 's/^\t\t//' > "$lab/scripts/guest-run" <<-'END'
		#!/bin/bash
		while [ $# -gt 0 ]; do
			case $1 in
			--image) image=$2 ;;
			--out) out=$2 ;;
			--lab) lab=$2 ;;
			--log) log=$2 ;;
			--accel) accel=$2 ;;
			--kernel-name) name=$2 ;;
			esac
			shift
		done
		echo "barmap: guest" > "$log"
		! grep -q 'no boot' "$image/bzImage" || exit 99
		mkdir "$out"
		echo proved > "$out/stdout"
		[ -n "$lab" ] || exit 0
		echo "${out##*/}" >> "${0%/*}/../../build/booted"
		echo "{\"accel\":\"$accel\",\"qemu\":\"q\"}" > "$lab"
		variant=$(grep -x vma_to_pfn "$image/bzImage" || echo stock)
		cost=$(sed -n 's/^cost //p' "$image/bzImage" | tail -n 1)
		. "${0%/*}/../records.sh"
		case $accel in icount) unit=insn ;; *) unit=ns ;; esac
		for sample in 1 2 3; do
			for op in map unmap; do
				echo "bar/aligned/warm $op $variant 16 0 1073741824 $((cost + RANDOM % 3 * (${#unit} < 3)))"
			done
		done | record_file "$name" "$accel" "$unit" > "$out/samples.jsonl"
	END
	chmod +x "$lab/plots/draw" "$lab/scripts"/*
	cp "$srcdir/tests/analysis/records.sh" "$lab/"
	cat > "$1/build/lab.conf" <<-END
		lab_srcdir='$lab'
		lab_kernel_base='9.1'
		lab_kernel_source='none'
		lab_guest_tests='no'
		lab_fio_source=''
	END
}

# toy_commit TREE LINE: add LINE to the kernel, and commit it by that name
toy_commit()
{
	echo "$2" >> "$1/drivers/vfio/x.c"
	toy_git -C "$1" commit -q -a -m "${3:-$2}"
}
