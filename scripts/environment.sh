# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0-or-later
# environment.sh: what reaches the tools whose output must be the same everywhere.

# environment_clean COMMAND...: become COMMAND, with nothing of the caller's environment
# but what is named here. None of it changes what a compiler, git, gnuplot, cpio or QEMU
# writes. Programs that have settings in the home directory find none, and can leave
# none behind, which root can wherever a directory may be made; the caches of ccache
# and of fonts stay where they are. BARMAP_USER_* say where the settings are, for what is
# asked of a tree of the user's.
environment_clean()
{
	umask 022
	case ${COLUMNS:-} in *[!0-9]* | ??????*) COLUMNS= ;; esac
	exec env -i BARMAP_ENVIRONMENT=clean PATH="$PATH" HOME=/dev/null LC_ALL=C.UTF-8 TZ=UTC \
		GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1 \
		GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=safe.directory GIT_CONFIG_VALUE_0='*' \
		XDG_CACHE_HOME="${XDG_CACHE_HOME:-${HOME:-/dev/null}/.cache}" \
		${CCACHE_DIR:+"CCACHE_DIR=$CCACHE_DIR"} ${CCACHE_DISABLE:+CCACHE_DISABLE=1} \
		${TMPDIR:+"TMPDIR=$TMPDIR"} ${TERM:+"TERM=$TERM"} ${COLUMNS:+"COLUMNS=$COLUMNS"} \
		${http_proxy:+"http_proxy=$http_proxy"} ${https_proxy:+"https_proxy=$https_proxy"} \
		${no_proxy:+"no_proxy=$no_proxy"} ${APT_CONFIG:+"APT_CONFIG=$APT_CONFIG"} \
		${BARMAP_SENDER:+"BARMAP_SENDER=$BARMAP_SENDER"} \
		BARMAP_USER_HOME="${BARMAP_USER_HOME-${HOME:-}}" \
		BARMAP_USER_CONFIG="${BARMAP_USER_CONFIG-${XDG_CONFIG_HOME:-}}" \
		"$@"
}
