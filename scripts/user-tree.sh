# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# user-tree.sh: kernels from a tree of the user's, which is only read: its commits are checked
# out into worktrees of BUILD/linux/TREE.git, a repository that borrows the tree's objects and
# keeps what is made here; so not even git's own files in the tree change.
#
# A side is one of the kernels that are compared: before, after. Its image stays. All sides are built
# in one worktree, with the same objects, so that each build but the first is an incremental one.
# shellcheck disable=SC2034,SC2154 # used by the scripts; build and scripts are of lib.sh

# user_tree_load DIR: sets user_tree, user_id, user_worktree, user_objects and user_git, which is empty
# where the tree is no git tree; makes nothing
user_tree_load()
{
	local top

	user_tree=$(realpath -e "$1" 2>/dev/null) || user_tree=
	[ -f "$user_tree/Kbuild" ] && [ -f "$user_tree/Makefile" ] ||
		die 2 "--tree '$1': must be a kernel source tree"
	[[ $user_tree != *$'\n'* ]] || die 2 "--tree '$1': git cannot borrow from a path with a newline"
	user_id=$(basename "$user_tree" | tr -c 'A-Za-z0-9\n' _)-$(text_sum <<< "$user_tree" | cut -c 1-8)
	user_worktree=$build/linux/$user_id/src
	user_git=
	top=$(git -C "$user_tree" rev-parse --show-toplevel 2>/dev/null) || top=/
	if [ "$(realpath "$top")" != "$user_tree" ]; then
		# it is built where it is
		case $user_tree in *[[:space:]:]*)
			die 2 "--tree '$1': Linux cannot be built in a path with spaces or colons; a git tree can be there" ;;
		esac
		return
	fi
	user_git=$build/linux/$user_id.git
	user_objects=$(cd "$user_tree" && realpath "$(git rev-parse --git-path objects)")
}

# user_git_asked OPTION...: git in the user's tree, with the user's settings: which files it ignores,
# and what a remote is called
user_git_asked()
{
	env -u GIT_CONFIG_GLOBAL HOME="${BARMAP_USER_HOME:-/dev/null}" \
		${BARMAP_USER_CONFIG:+XDG_CONFIG_HOME="$BARMAP_USER_CONFIG"} git -C "$user_tree" "$@"
}

# user_excludes: print the file that says what git ignores everywhere
user_excludes()
{
	user_git_asked config --path core.excludesFile ||
		echo "${BARMAP_USER_CONFIG:-${BARMAP_USER_HOME:-}/.config}/git/ignore"
}

# user_git_make: the repository that borrows. What a partial clone lacks git fetches, when it is asked
# for, from where the clone would.
user_git_make()
{
	local name url

	[ -e "$user_git/HEAD" ] || git init -q --bare "$user_git"
	echo "$user_objects" > "$user_git/objects/info/alternates"
	for name in $({ git -C "$user_tree" config --name-only --get-regexp '^remote\..*\.promisor$' || true; } |
		sed 's/^remote\.//; s/\.promisor$//'); do
		url=$(user_git_asked ls-remote --get-url "$name")
		[[ $url = /* || $url = *:* ]] || url=$(cd "$user_tree" && realpath -m -- "$url")
		git -C "$user_git" config "remote.$name.url" "$url"
		git -C "$user_git" config "remote.$name.promisor" true
		git -C "$user_git" config extensions.partialClone "$name"
	done
}

# user_tree_lock: until the script ends, no other builds from this tree
user_tree_lock()
{
	mkdir -p "$build/linux"
	lock_take "$build/linux/$user_id.lock"
	[ -n "$user_git" ] || return 0
	user_git_make
	rm -f "$user_git/worktrees"/*/index.lock
}

# user_commit OPTION REVISION: print the commit that REVISION is in the user's tree
user_commit()
{
	local id

	# two steps: ":/TEXT" takes all that follows for its text, and "^COMMIT" passes the first
	id=$(git -C "$user_tree" rev-parse -q --verify --end-of-options "$2" 2>/dev/null) &&
		[[ $id != ^* ]] && git -C "$user_tree" rev-parse -q --verify "$id^{commit}" 2>/dev/null ||
		die 2 "$1 '$2': must be a commit of $user_tree"
}

# commit_contains GIT COMMIT OLDER: whether OLDER is COMMIT or came before it, in that repository
commit_contains()
{
	local status=0

	git -C "$1" merge-base --is-ancestor "$3" "$2" || status=$?
	[ "$status" -le 1 ] || die 1 "$user_tree: git cannot tell whether ${3:0:12} came before ${2:0:12}"
	return "$status"
}

# user_changes: print a commit of the files as they are in the user's tree, on top of its HEAD, new
# files too; nothing where they are as in HEAD. The same files make the same commit.
user_changes()
{
	local index head tree

	head=$(user_commit HEAD HEAD) || return
	index=$(cd "$user_tree" && realpath -m "$(git rev-parse --git-path index)")
	# an index that knows the times of the files saves reading all of them
	! cp "$index" "$scratch/index" 2>/dev/null || touch -r "$index" "$scratch/index"
	tree=$(export GIT_INDEX_FILE=$scratch/index GIT_OBJECT_DIRECTORY=$user_git/objects \
			GIT_ALTERNATE_OBJECT_DIRECTORIES=$user_objects
		[ -e "$GIT_INDEX_FILE" ] || git -C "$user_tree" read-tree HEAD
		git -C "$user_tree" -c core.fsmonitor=false -c core.splitIndex=false \
			-c core.excludesFile="$(user_excludes)" add -A &&
			git -C "$user_tree" write-tree) || die 1 "$user_tree: its changes cannot be read"
	[ "$tree" != "$(git -C "$user_tree" rev-parse 'HEAD^{tree}')" ] || return 0
	GIT_AUTHOR_NAME=barmap GIT_AUTHOR_EMAIL=barmap GIT_AUTHOR_DATE='@0 +0000' \
	GIT_COMMITTER_NAME=barmap GIT_COMMITTER_EMAIL=barmap GIT_COMMITTER_DATE='@0 +0000' \
		git -C "$user_git" commit-tree -p "$head" -m 'uncommitted changes' "$tree"
}

# user_tag: print the newest tag of the user's tree that is of a commit
user_tag()
{
	git -C "$user_tree" for-each-ref --sort=-version:refname --sort=-creatordate \
		--format='%(objecttype) %(*objecttype) %(refname:short)' refs/tags |
		awk '($1 == "commit" || $2 == "commit") && !found { print $NF; found = 1 }'
}

# user_checkout COMMIT: the commit's files in the worktree; what is the same in the commit before
# keeps its time. Interrupted, it ends at once, and what is there is not removed.
user_checkout()
{
	if [ ! -e "$user_worktree/.git" ]; then
		rm -rf "$user_worktree"
		git -C "$user_git" worktree prune
		git -C "$user_git" worktree add -q --no-checkout --detach "$user_worktree" "$1" || return
	fi
	child_run git -C "$user_worktree" checkout -q -f --detach "$1" &&
		git -C "$user_worktree" clean -q -f -d
}

# user_key COMMIT: print what an image of the commit is made from, as one sum
user_key()
{
	{ echo "$1"
	gcc --version
	cat "$scripts/kernel-build"
	find "$lab_srcdir/kernel/config" "$lab_srcdir/kernel/modules" -type f \
		\( -name '*.config' -o -name '*.[ch]' ! -name '*.mod.c' -o -name Kbuild \) | sort | xargs cat
	} | text_sum
}

# provenance_add IMAGE NAME REVISION KEY: what the record says of where the kernel is from
provenance_add()
{
	jq --arg name "$2" --arg tree "$user_tree" --arg revision "$3" --arg key "$4" \
		'. + $ARGS.named' "$1/provenance.json" > "$scratch/provenance"
	file_replace "$1/provenance.json" < "$scratch/provenance"
}

# image_build TREE: build user_image from what TREE has; returns what kernel-build does
image_build()
{
	child_run "$scripts/kernel-build" --build "$build" --tree "$1" --name "$user_id" || return
	rm -rf "$user_image"
	mv -T "$build/images/$user_id" "$user_image"
}

# user_build SIDE COMMIT REVISION: build the side's image, user_image, unless it is of that commit;
# REVISION says in words what the commit is. Returns what kernel-build does.
user_build()
{
	local key

	user_image=$build/images/$user_id-$1
	key=$(user_key "$2")
	if [ "$(jq -r .key "$user_image/provenance.json" 2>/dev/null)" != "$key" ]; then
		user_checkout "$2" || die 99 "$user_tree: $2 cannot be checked out"
		image_build "$user_worktree" || return
	fi
	provenance_add "$user_image" "${2:0:12}" "$3" "$key"
}

# user_build_alone: the image of a tree that is no git tree, from where it is
user_build_alone()
{
	user_image=$build/images/$user_id-after
	image_build "$user_tree" || return
	provenance_add "$user_image" "$(basename "$user_tree")" \
		"no git tree: measured alone, as it was" none
}
