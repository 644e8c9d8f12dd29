# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# lib.sh: what the scripts of the lab share. Sourcing it makes the script start again
# with a clean environment, stop at the first error, and end every child and remove
# its scratch directory however it ends.
#
# Exit status of every script: 0 done, 1 the subject failed, 2 bad use,
# 77 cannot run here, 99 the lab itself is broken, 128+N ended by signal N.

set -Eeuo pipefail

scripts=$(CDPATH='' cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=environment.sh
. "$scripts/environment.sh"
[ "${BARMAP_ENVIRONMENT:-}" = clean ] || environment_clean "$BASH" "$0" "$@"

scratch=	# removed at the end
claimed=	# a directory that is removed at the end if nothing came into it
children=()	# process groups that are ended at the end
progress_shown=	# a progress line without its newline is on the terminal

# ---- messages ----

# say MESSAGE: in one line, whatever the names in it are
say()
{
	progress_clear
	printf 'barmap: %s\n' "${*//[[:cntrl:]]/?}" >&2
}

# die STATUS MESSAGE
die()
{
	local status=$1
	shift
	say "$*"
	exit "$status"
}

# usage: print the comment at the head of the script
usage()
{
	sed -n '3,/^[^#]/{/^# shellcheck/d; s/^# \{0,1\}//p}' "$0"
}


# option_value COUNT OPTION [VALUE]: an option must be followed by its value
option_value()
{
	[ "$1" -ge 2 ] || die 2 "$2: needs a value (see --help)"
}

# progress TEXT: replace the progress line; nothing when not on a terminal
progress()
{
	[ -t 2 ] || return 0
	printf '\r\033[K%.*s' "$((${COLUMNS:-80} - 1))" "$1" >&2
	progress_shown=yes
}

progress_clear()
{
	[ -z "$progress_shown" ] || printf '\r\033[K' >&2
	progress_shown=
}

# ---- how a script ends ----

script_end()
{
	local status=$?

	trap '' INT TERM HUP
	progress_clear
	children_stop
	[ -z "$scratch" ] || rm -rf "$scratch"
	[ -z "$claimed" ] || rmdir "$claimed" 2>/dev/null || true
	exit "$status"
}

# disk_check DIR...: end the script if the disk of one of them is full: what failed for lack of
# space may have removed its own files by now, so that less than 64 KiB is full
disk_check()
{
	local directory free

	for directory in "$@"; do
		free=$(stat -f -c '%a * %S' "$directory" 2>/dev/null) || continue
		[ "$((free))" -ge 65536 ] ||
			die 1 "$(basename "$0"): '$directory': no space is left on its disk"
	done
}

# script_broken LINE COMMAND: a command failed that nothing was ready for, perhaps
# for lack of space
script_broken()
{
	trap - ERR
	disk_check ${scratch:+"$scratch"} "${TMPDIR:-/tmp}"
	say "$(basename "$0"): line $1 failed: $2"
	exit 99
}

trap script_end EXIT
trap 'script_broken "$LINENO" "$BASH_COMMAND"' ERR
# signals_trap: a signal ends the script, as it should be ended
signals_trap()
{
	trap 'exit 129' HUP
	trap 'exit 130' INT
	trap 'exit 143' TERM
}
signals_trap

# scratch_make DIR: make the scratch directory in DIR ('' for TMPDIR)
scratch_make()
{
	local directory=${1:-${TMPDIR:-/tmp}}

	scratch=$(mktemp -d "$directory/.barmap.tmp-XXXXXX" 2>/dev/null) || {
		scratch=
		disk_check "$directory"
		die 2 "'$directory': must be a directory that can be written"
	}
	[[ $scratch = /* ]] || scratch=$PWD/$scratch
	# until this and its children have ended
	exec {scratch_lock}< "$scratch"
	flock "$scratch_lock"
}

# claim DIR: make DIR, which nobody has; it goes at the end if it is empty then, and
# once claimed is set empty it stays
claim()
{
	mkdir "$1" 2>/dev/null || return
	claimed=$1
}

# A directory of results has this file, with the names of all that was put there.
result_mark=.barmap-results

# result_list DIR
result_list()
{
	(cd "$1" && { ls -A; echo "$result_mark"; } | sort -u > "$scratch/names" && cp "$scratch/names" "$result_mark")
}

# output_check DIR: whether results can be put there at the end, in place of results and nothing else;
# sets output to its path
output_check()
{
	local parent other

	output=$(realpath -m -- "$1")
	if [ -e "$output" ]; then
		[ -d "$output" ] || die 2 "--output '$1': must be a directory"
		other=$({ find "$output" -mindepth 1 -maxdepth 1 -printf '%f\n' |
			grep -vxF -f <(cat "$output/$result_mark" 2>/dev/null) || true; } | head -n 1)
		[ -z "$other" ] || die 2 "--output '$1': has '$other', which is no result: name another, or remove it"
	fi
	parent=$(dirname "$output")
	while [ ! -e "$parent" ]; do
		parent=$(dirname "$parent")
	done
	[ -d "$parent" ] && [ -w "$parent" ] || die 2 "--output '$1': cannot be made in '$parent'"
}

# output_outside TREE: what is in a kernel tree would be taken for a change of it
output_outside()
{
	case $output/ in "$(realpath -m -- "$1")"/*) die 2 "--output '$output': must be outside of the tree" ;; esac
}

# results_directory: make where results go; sets results
results_directory()
{
	results=$build/results
	[ -z "$output" ] || results=$(dirname "$output")
	mkdir -p "$results" "$build/guest" 2>/dev/null || die 2 "results '$results': cannot be made"
	results=$(realpath "$results")
	[ -w "$results" ] || die 2 "results '$results': must be writable"
}

# result_place DIR TARGET: put a directory of results in place by rename, in place of those that are
# there. What cannot be put there stays where it is.
result_place()
{
	result_list "$1"
	chmod 755 "$1"
	# between the renames neither is in place
	trap '' HUP INT TERM
	if { [ ! -e "$2" ] || [ -n "$claimed" ] || mv -T "$2" "$scratch/replaced"; } && mv -T "$1" "$2"; then
		signals_trap
		return
	fi
	scratch=
	die 1 "'$2': the results cannot be put there; they are in $1"
}

# scratch_clean DIR: remove scratch directories that killed scripts left in DIR
scratch_clean()
{
	local left lock

	for left in "$1"/.barmap.tmp-*/; do
		[ -d "$left" ] || continue
		exec {lock}< "$left"
		! flock -n "$lock" || rm -rf "$left"
		exec {lock}<&-
	done
}

# ---- children ----
# A child runs in a process group of its own, so that all it started can be
# ended with it, and so that a wait for it can be interrupted.

# child_start COMMAND...: sets child
child_start()
{
	set -m
	"$@" </dev/null &
	set +m
	child=$!
	children+=("$child")
}

# child_forget PID
child_forget()
{
	local pid kept=()

	for pid in "${children[@]}"; do
		[ "$pid" = "$1" ] || kept+=("$pid")
	done
	children=("${kept[@]}")
}

# child_wait PID: returns its status
child_wait()
{
	local status=0

	wait "$1" || status=$?
	child_forget "$1"
	return "$status"
}

# child_run COMMAND...: run to its end, but let signals interrupt
child_run()
{
	child_start "$@"
	child_wait "$child"
}

# group_alive PGID: true while the group has a process that is no zombie
group_alive()
{
	{ cat /proc/[0-9]*/stat 2>/dev/null || true; } | sed 's/.*) //' |
		awk -v group="$1" '$3 == group && $1 != "Z" { found = 1 } END { exit !found }'
}

# child_stop PID: end its group, by force after stop_limit_s seconds. A script
# whose children have children of their own allows them more time.
stop_limit_s=10
child_stop()
{
	local tries

	kill -TERM -- "-$1" 2>/dev/null || return 0
	for ((tries = 0; tries < stop_limit_s * 10; tries++)); do
		group_alive "$1" || break
		sleep 0.1
	done
	kill -KILL -- "-$1" 2>/dev/null || true
	wait "$1" 2>/dev/null || true
}

children_stop()
{
	local pid

	for pid in "${children[@]}"; do
		child_stop "$pid"
	done
	children=()
}

# child_ended PID...: whether one has; sets child to that
child_ended()
{
	for child; do
		kill -0 "$child" 2>/dev/null || return 0
	done
	return 1
}

# child_watch "PID..." LABEL [COMMAND...]: wait for one of them as child_wait does,
# and set child to it; show
# LABEL with what COMMAND prints: once a second on a terminal, else a line each
# time the text changes, at most every 10 s. A child that is still there
# after child_limit_s seconds is ended, and the status is 124. The time shown is that since
# child_began, for those that are waited for in turn.
child_limit_s=
child_began=
child_watch()
{
	local label=$2 start=$SECONDS began=${child_began:-$SECONDS} last='' text='' due=$SECONDS period=10
	local -a pids

	read -ra pids <<< "$1"
	shift 2
	[ ! -t 2 ] || period=1
	# Nothing ever comes from there: a pause that needs no process.
	[ -n "${never:-}" ] || exec {never}<> <(:)
	until child_ended "${pids[@]}"; do
		read -rt 0.2 -u "$never" || true
		if [ -n "$child_limit_s" ] && [ $((SECONDS - start)) -ge "$child_limit_s" ]; then
			child_stop "$child"
			child_forget "$child"
			return 124
		fi
		# What COMMAND starts would take time from the child: not at every look.
		[ "$SECONDS" -ge $((due + period)) ] || continue
		due=$SECONDS
		[ $# -eq 0 ] || text=$("$@") || text=
		progress "barmap: $label: ${text:+$text, }$((SECONDS - began)) s"
		if [ ! -t 2 ] && [ "$text" != "$last" ]; then
			say "$label: ${text:+$text, }$((SECONDS - began)) s"
			last=$text
		fi
	done
	progress_clear
	child_wait "$child"
}

# lock_take FILE: hold FILE until the script and its children have ended
lock_take()
{
	local lock

	true 2>/dev/null >>"$1" || die 2 "'$1': must be writable; it belongs to $(
		stat -c %U "$1" 2>/dev/null || stat -c %U "$(dirname "$1")")"
	exec {lock}>>"$1"
	flock -n "$lock" && return
	say "waiting for another run that holds $1"
	child_run flock "$lock"
}

# ---- the build directory ----

# build_load DIR: read the settings that configure wrote into DIR
build_load()
{
	[ -r "$1/lab.conf" ] ||
		die 2 "--build '$1': must be a directory that configure was run in"
	build=$(cd "$1" && pwd)
	# shellcheck source=../lab.conf.in
	. "$build/lab.conf"
}

# bases: print the kernel bases that there are
bases()
{
	awk '$1 == "source" { print $2 }' "$scripts/packages.txt"
}

# words_or: print the words on standard input as "A, B or C"
words_or()
{
	xargs | sed 's/ /, /g; s/\(.*\), /\1 or /'
}

# word_in WORD LIST...: true when WORD is one of LIST. A pipe into grep -q would fail now and
# then: grep does not wait for the rest, and who still writes is killed.
word_in()
{
	local word=$1 one

	shift
	for one in "$@"; do
		[ "$one" != "$word" ] || return 0
	done
	return 1
}

# release_before RELEASE BOUND: true when a kernel's release is older than BOUND
release_before()
{
	printf '%s\n' "$1" "$2" | sort -CVu
}

# build_load_base BASE: check a kernel base ('' for the configured one); sets base
build_load_base()
{
	base=${1:-$lab_kernel_base}
	# shellcheck disable=SC2046 # a list of words
	word_in "$base" $(bases) || die 2 "kernel '$base': must be $(bases | words_or)"
	# shellcheck disable=SC2034 # read by the scripts that work on the kernel tree
	linux=$build/linux/$base
}

# base_source: print the source of the base: the configured one or Debian's
base_source()
{
	if [ "$base" = "$lab_kernel_base" ]; then
		printf '%s\n' "$lab_kernel_source"
	else
		printf '%s\n' "/usr/src/linux-source-$base.tar.xz"
	fi
}

# series_patches BASE [PART]: print the paths of the patches of a series, in order; with
# PART (A, B) only as far as the end of the part that is "For upstream, PART"
series_patches()
{
	local directory=$lab_srcdir/kernel/$1

	[ -e "$directory/series" ] || return 0
	awk -v directory="$directory" -v part="${2:-}" '
		/^#/ { if (found && inside) exit }
		/^#/ && part != "" && index($0, "# For upstream, " part) == 1 { found = 1 }
		{ sub(/#.*/, ""); gsub(/[[:space:]]/, "") }
		$0 != "" { inside = found; print directory "/" $0 }' "$directory/series"
}

# kernel_patches KIND BASE: print the paths of the patches of a kind of kernel: those of a
# part of the series with the parts below it, or the whole series. Part C, a request for
# comments, is not in the series: it goes on top of part B.
kernel_patches()
{
	case $1 in
	untouched) ;;
	series-A | series-B) series_patches "$2" "${1#series-}" ;;
	series-C | debug-*-C) series_patches "$2" B; series_patches "$2/rfc" ;;
	*) series_patches "$2" ;;
	esac
}

# bases_patched: print the kernel bases that have a patch
bases_patched()
{
	local one

	for one in $(bases); do
		[ -z "$(series_patches "$one")" ] || echo "$one"
	done
}

# file_replace FILE: write standard input to FILE by rename; the input must not
# be able to end early, as that of a pipe can
file_replace()
{
	cat > "$1.tmp-$$"
	mv "$1.tmp-$$" "$1"
}

# variant_in RECORD VARIANT: whether it has a cell of that lookup
variant_in()
{
	grep -q "\"variant\":\"$2\"" "$1"
}

# pair_load BEFORE AFTER: sets pair to what sets the lookups of two kernels against each other
# where their records have none in common: the series' own against the stock one, as in the letter
# shellcheck disable=SC2034 # used by bench and bisect
pair_load()
{
	pair=()
	! variant_in "$1" stock || variant_in "$2" stock || pair=(--pair stock=vma_to_pfn)
}

# text_sum: print the SHA-256 of standard input
text_sum()
{
	sha256sum | cut -d ' ' -f 1
}
