# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# tap.sh: tests in shell that print TAP. The test sources it, calls check as
# often as it likes and tap_done at the end. $srcdir and $builddir come from
# make check; by hand, run a test in the build directory.

set -u
export LC_ALL=C
# What the user sets for the tools that tests themselves use; what barmap makes of it they say by name.
unset CDPATH POSIXLY_CORRECT TAR_OPTIONS XZ_OPT XZ_DEFAULTS JQ_COLORS "${!GIT_@}"
srcdir=${srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
builddir=${builddir:-$PWD}
tap_count=0
tap_output=$(mktemp)
tap_scratch=$(mktemp -d "$builddir/.barmap.tmp-test-XXXXXX")
trap 'rm -rf "$tap_output" "$tap_scratch"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# skip_all REASON
skip_all()
{
	echo "1..0 # SKIP $1"
	exit 0
}

# tap_result STATUS DESCRIPTION: one line, and what the last command said when
# it failed
tap_result()
{
	tap_count=$((tap_count + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $tap_count - $2"
	else
		echo "not ok $tap_count - $2"
		sed 's/^/# /' "$tap_output"
	fi
}

# check DESCRIPTION COMMAND...: the command must succeed
check()
{
	local description=$1 status=0

	shift
	"$@" > "$tap_output" 2>&1 || status=$?
	tap_result "$status" "$description"
}

# check_status STATUS DESCRIPTION COMMAND...: the command must end with STATUS
check_status()
{
	local wanted=$1 description=$2 status=0

	shift 2
	"$@" > "$tap_output" 2>&1 || status=$?
	echo "status $status, not $wanted" >> "$tap_output"
	[ "$status" -eq "$wanted" ]
	tap_result $? "$description"
}

# check_said DESCRIPTION REGEX: what the last command said must match
check_said()
{
	grep -qE -- "$2" "$tap_output"
	tap_result $? "$1"
}

tap_done()
{
	echo "1..$tap_count"
}
