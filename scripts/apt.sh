# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0-or-later
# apt.sh: what bootstrap and the scripts share about Debian's packages.

# archive_uri: print the URI that this machine takes Debian 12 from, or nothing
archive_uri()
{
	# shellcheck disable=SC2016 # for apt to expand
	uri=$({ apt-get indextargets --format '$(REPO_URI)' 'Codename: bookworm' 2>/dev/null || true; } |
		sed -n 1p)
	echo "${uri%/}"
}
