# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# kernel-tree.sh: the generated git tree of a kernel base, $linux/src. The
# caller holds the lock $linux/lock. The file $linux/switching exists while the
# tree is between two states, so that an interruption can be told from changes
# made by hand.
# shellcheck disable=SC2154 # linux is set by lib.sh

# tree_check: stop when files were changed by hand; mend an interrupted switch
tree_check()
{
	local changes

	if [ -e "$linux/switching" ]; then
		rm -rf "$linux/src/.git/rebase-apply"
		rm -f "$linux/src/.git/index.lock" "$linux/src/.git/HEAD.lock"
		return
	fi
	changes=$(git -C "$linux/src" status --porcelain --untracked-files=no 2>&1) ||
		die 1 "$linux/src: git cannot read it: ${changes%%$'\n'*}"
	[ -z "$changes" ] ||
		die 1 "$linux/src: has changes that no patch holds; move them away first"
}

tree_begin()
{
	: > "$linux/switching"
}

tree_end()
{
	rm -f "$linux/switching"
}

# tree_select REVISION: check out base or series; files that are the same in
# both keep their times, so that the next build is an incremental one
tree_select()
{
	tree_check
	tree_begin
	git -C "$linux/src" checkout -q -f "$1"
	tree_end
}

# series_id BASE: print an identity of the series: source, order and contents
series_id()
{
	local patches

	mapfile -t patches < <(series_patches "$1"; series_patches "$1/rfc")
	{ cat "$linux/source.id"
	[ "${#patches[@]}" -eq 0 ] || cat "${patches[@]}"
	} | text_sum
}
