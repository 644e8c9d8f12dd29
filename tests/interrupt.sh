# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# interrupt.sh: what is begun, and ended by a signal as a terminal sends it; source it after tap.sh.
# shellcheck disable=SC2034,SC2154 # set for, and by, the test

said=$tap_scratch/said	# what the command said on standard error

group=
trap 'group_end; rm -rf "$tap_output" "$tap_scratch"' EXIT

# group_end: what was begun does not outlive the test
group_end()
{
	[ -z "$group" ] || ! kill -s TERM -- "-$group" 2>/dev/null || wait "$group"
}

# start COMMAND...: in a process group of its own, as a terminal does it; sets group. Who begins the
# tests in the background may have it that SIGINT is ignored.
start()
{
	set -m
	env --default-signal=INT,QUIT "$@" > "$tap_scratch/stdout" 2> "$said" < /dev/null &
	set +m
	group=$!
}

# wait_until COMMAND...: for at most ten minutes
wait_until()
{
	local tries

	for ((tries = 0; tries < 3000; tries++)); do
		if "$@"; then
			return 0
		fi
		kill -0 "$group" 2>/dev/null || return 1
		sleep 0.2
	done
	return 1
}

# interrupt SIGNAL: to the whole group, as a terminal does it; sets status
interrupt()
{
	kill -s "$1" -- "-$group"
	status=0
	wait "$group" || status=$?
}

# no_process TEXT: no process but this one has TEXT in its command line
no_process()
{
	local process

	for process in /proc/[0-9]*; do
		[ "${process#/proc/}" != $$ ] && [ "${process#/proc/}" != "$BASHPID" ] || continue
		if tr '\0' ' ' 2>/dev/null < "$process/cmdline" | grep -qF "$1"; then
			tr '\0' ' ' < "$process/cmdline"
			return 1
		fi
	done
}
