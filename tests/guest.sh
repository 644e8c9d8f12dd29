# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# guest.sh: for tests that boot a guest; source it after tap.sh. The environment
# may ask for other guests than those of make check: GUEST_BASE (the kernel base),
# GUEST_PATCHED (the image in place of patched-BASE), GUEST_MEMORY and
# GUEST_TIMEOUT_S.
# shellcheck disable=SC2154 # set by tap.sh and lab.conf
# shellcheck disable=SC2034 # used by the tests

# shellcheck source=/dev/null
. "$builddir/lab.conf"
[ "${lab_guest_tests:-}" = yes ] || skip_all "configured with --disable-guest-tests"
lab_kernel_base=${GUEST_BASE:-$lab_kernel_base}
images=$builddir/images
untouched=$images/untouched-$lab_kernel_base
patched=$images/${GUEST_PATCHED:-patched-$lab_kernel_base}
device=0000:00:05.0

# guest IMAGE OPTION... JOB...: boot it; the console stays in guest.console
guest()
{
	local image=$1

	shift
	"$srcdir/scripts/guest-run" --image "$image" --initramfs "$builddir/guest/initramfs" \
		--memory "${GUEST_MEMORY:-512M}" --timeout "${GUEST_TIMEOUT_S:-1500}" --log "$tap_scratch/guest.console" "$@"
}

# job NAME: make a script for the guest of standard input; prints its path
job()
{
	{ echo '#!/bin/sh'
	cat
	} > "$tap_scratch/$1"
	echo "$tap_scratch/$1"
}

# samples FILE: the samples of a record, an object each; they differ between runs in nothing
samples()
{
	jq -c -f "$srcdir/scripts/samples.jq" "$1" | grep '^{"record":"sample"'
}

# between LEAST MOST A B: A is so many percent more than B
between()
{
	echo "$3 against $4"
	[ -n "$3" ] && [ -n "$4" ] && awk -v least="$1" -v most="$2" -v a="$3" -v b="$4" \
		'BEGIN { d = 100 * (a / b - 1); exit !(least <= d && d <= most) }'
}

# within PERCENT A B
within()
{
	between "-$1" "$@"
}

# at_most LIMIT VALUE
at_most()
{
	echo "$2, at most $1"
	[ -n "$2" ] && [ "$2" -le "$1" ]
}

# no_qemu TEXT: no QEMU process has TEXT in its command line
no_qemu()
{
	local process

	for process in /proc/[0-9]*; do
		if grep -qs '^qemu-system' "$process/comm" && grep -qsaF "$1" "$process/cmdline"; then
			echo "${process#/proc/}: $(tr '\0' ' ' < "$process/cmdline")"
			return 1
		fi
	done
}
