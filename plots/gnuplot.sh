# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0-or-later
# gnuplot.sh: what the scripts that draw share; dir is where they draw.
# shellcheck disable=SC2154 # of the caller

# Names may hold any character; numbers have a point.
export LC_ALL=C.UTF-8
# A folder is the one that is named, and its name comes once.
unset CDPATH

# As wide as the terminal, where COLUMNS says it.
case ${COLUMNS:-} in
'' | *[!0-9]* | [0-9] | 0* | ?????*) COLUMNS=100 ;;
esac

absolute() {
	(cd "$1" && pwd)
}

# In single quotes gnuplot takes everything as it is; a quote is doubled.
quoted() {
	printf "'%s'" "$(printf '%s' "$1" | sed "s/'/''/g")"
}

gnuplot_needed() {
	command -v gnuplot > /dev/null || {
		echo "barmap: plots: there is no gnuplot in PATH; install the package gnuplot-nox" >&2
		exit 77
	}
}

# gnuplot_plain DIR ARGUMENT...: gnuplot in DIR without the user's settings: GNUTERM, a .gnuplot. The
# cache of fonts stays where it is. It goes on after some errors and then ends with 0: whatever it says
# is an error. A subject that was not measured in a case is none, nor what libraries say of fonts.
gnuplot_plain() {
	(cd "$1" && shift && env -i PATH="$PATH" HOME=/dev/null LC_ALL=C.UTF-8 TZ=UTC ${TMPDIR:+"TMPDIR=$TMPDIR"} \
		XDG_CACHE_HOME="${XDG_CACHE_HOME:-${HOME:-/dev/null}/.cache}" gnuplot -d "$@") > "$1/log" 2>&1 || true
	sed -i -e '/warning: Skipping data file with no valid points/d' -e '/^Fontconfig /d' \
		-e '/-WARNING \*\*/d' -e '/^[[:space:]]*$/d' "$1/log"
	if [ -s "$1/log" ]; then
		echo "barmap: plots '$dir': gnuplot says: $(head -n 3 "$1/log" | tr '\n' ' ')" >&2
		exit 1
	fi
	rm "$1/log"
}
