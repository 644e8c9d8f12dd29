# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0-or-later
# apt.sh: what bootstrap and the scripts share about Debian's packages.

os_release=/etc/os-release

# os_value KEY: print what this system says of itself: ID, ID_LIKE, VERSION_CODENAME
os_value()
{
	{ sed -n "s/^$1=//p" "$os_release" 2>/dev/null || true; } | tr -d "\"'"
}

# debian_codename: print the name of this Debian
debian_codename()
{
	codename=$(os_value VERSION_CODENAME)
	echo "${codename:-bookworm}"
}

# archive_uri: print the URI that this machine takes its Debian from, or nothing
archive_uri()
{
	# shellcheck disable=SC2016 # for apt to expand
	uri=$({ apt-get indextargets --format '$(REPO_URI)' "Codename: $(debian_codename)" 2>/dev/null || true; } |
		sed -n 1p)
	echo "${uri%/}"
}
