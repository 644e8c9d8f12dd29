# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0-or-later
# apt.sh: what bootstrap and the scripts share about Debian's packages.

# debian_codename: print the name of this Debian
debian_codename()
{
	(. /etc/os-release && echo "${VERSION_CODENAME:-bookworm}") 2>/dev/null || echo bookworm
}

# archive_uri: print the URI that this machine takes its Debian from, or nothing
archive_uri()
{
	# shellcheck disable=SC2016 # for apt to expand
	uri=$({ apt-get indextargets --format '$(REPO_URI)' "Codename: $(debian_codename)" 2>/dev/null || true; } |
		sed -n 1p)
	echo "${uri%/}"
}
