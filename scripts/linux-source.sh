# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0-or-later
# linux-source.sh: how bootstrap comes by the source of a kernel base. Archives move on:
# a package that was there last month may have given way to the next version. The caller
# has say(), die(), apt(), installable() and is_debian(), and sets table, private, named
# and skipped.
# shellcheck disable=SC2154 # of the caller

usr_src=/usr/src

# source_package BASE: print the package that has its source
source_package()
{
	awk -v base="$1" '$1 == "source" && $2 == base { print $3 }' "$table"
}

# source_there BASE
source_there()
{
	[ -e "$usr_src/$(source_package "$1").tar.xz" ]
}

# source_suites: print where else than among the machine's own packages a source is
# looked for, as "SUITE ARCHIVE"; a mirror has the security archive beside the other
source_suites()
{
	archive=$(archive_uri)
	[ -n "$archive" ] || return 0
	echo "$(debian_codename)-security $archive-security"
	echo "trixie-backports $archive"
	echo "testing $archive"
	echo "unstable $archive"
}

# private_apt COMMAND...: apt-get with a package list and state in $private, which
# leave the settings of the machine as they are
private_apt()
{
	apt-get -q -o "Dir::Etc::SourceList=$private/sources.list" -o Dir::Etc::SourceParts=/dev/null \
		-o "Dir::State::Lists=$private/lists" -o "Dir::Cache=$private/cache" \
		-o APT::Sandbox::User=root "$@" >> "$private/log" 2>&1 < /dev/null
}

# source_download SUITE ARCHIVE PACKAGE: get the package into $private
source_download()
{
	rm -rf "$private/lists" "$private/cache"
	mkdir -p "$private/lists/partial" "$private/cache/archives/partial"
	echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $2 $1 main" \
		> "$private/sources.list"
	private_apt update && (cd "$private" && private_apt download "$3")
}

# source_install PACKAGE: install it from where it is found; else sets why
source_install()
{
	why="$usr_src/$1.tar.xz is not there"
	is_debian || return 1
	[ "$(id -u)" -eq 0 ] || command -v sudo >/dev/null ||
		{ why="installing $1 needs root or sudo"; return 1; }
	why="$1 is not among this machine's packages"
	! installable "$1" || ! apt install -y --no-install-recommends "$1" || return 0
	source_suites > "$private/suites"
	while read -r suite archive; do
		why="$why, not in $suite"
		source_download "$suite" "$archive" "$1" || continue
		say "taking $1 from $suite, which is not in this machine's apt sources"
		! apt install -y --no-install-recommends "$private/$1"_*.deb || return 0
	done < "$private/suites"
	return 1
}

# series_known BASE: what the last check of the series was made of
series_known()
{
	stat -L -c '%s %Y' "$usr_src/$(source_package "$1").tar.xz"
	find kernel/"$1" -type f | LC_ALL=C sort | xargs cat | cksum
}

# source_check BASE: does the series apply to the source that is there? Else sets why
source_check()
{
	checked=build-aux/checked-$1
	series_known "$1" > "$private/known"
	! cmp -s "$private/known" "$checked" || return 0
	if ! why=$(scripts/series-check "$usr_src/$(source_package "$1").tar.xz" "$1"); then
		return 1
	fi
	mkdir -p build-aux
	cp "$private/known" "$checked"
}

# source_take BASE: have its source, and one that the series applies to; else sets why
source_take()
{
	source_there "$1" || source_install "$(source_package "$1")" || return 1
	source_check "$1"
}

# base_take BASE: take the source of the base; unless the user named it, of the next of
# the table that can be had. Sets base.
base_take()
{
	for base in "$1" $(awk -v first="$1" -v named="$named" \
			'$1 == "source" && $2 != first && !named { print $2 }' "$table"); do
		if source_take "$base"; then
			[ -z "$skipped" ] || say "$skipped; going on with Linux $base"
			mkdir -p build-aux
			echo "$base" > build-aux/kernel-base
			return 0
		fi
		skipped="${skipped:+$skipped; }$why"
	done
	[ -z "$named" ] || die "$skipped"
	say "$skipped; configure --with-linux=DIR|TARBALL takes any tree"
}
