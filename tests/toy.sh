# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# toy.sh: for tests of what prepares kernels: a tree of three files that is prepared as
# Linux is, and a series for it; source it after tap.sh.
# shellcheck disable=SC2154 # set by tap.sh

# toy_linux DIR RELEASE: a tree with that release
toy_linux()
{
	mkdir -p "$1/drivers/vfio"
	printf 'mrproper:\n\t@:\nkernelversion:\n\t@echo %s\n' "$2" > "$1/Makefile"
	echo 'obj-y += x.o' > "$1/Kbuild"
	seq -f 'line %g' 60 > "$1/drivers/vfio/x.c"
}

# toy_git OPTION...: git with settings of its own
toy_git()
{
	git -c user.name=Toy -c user.email=toy@example.org -c init.defaultBranch=main \
		-c commit.gpgsign=false -c format.signature= "$@"
}

# toy_series DIR TREE: a series of two patches for TREE in DIR, as kernel/BASE has it
toy_series()
{
	local work=$tap_scratch/series

	rm -rf "$work"
	cp -r "$2" "$work"
	toy_git -C "$work" init -q
	toy_git -C "$work" add -A
	toy_git -C "$work" commit -q -m base
	toy_git -C "$work" tag base
	sed -i 's/^line 5$/line five/' "$work/drivers/vfio/x.c"
	toy_git -C "$work" commit -q -a -m 'vfio: first'
	sed -i 's/^line 50$/line fifty/' "$work/drivers/vfio/x.c"
	toy_git -C "$work" commit -q -a -m 'vfio: second'
	mkdir -p "$1"
	rm -f "$1"/*.patch
	toy_git -C "$work" format-patch -q --no-numbered --zero-commit --full-index -o "$1" base..HEAD
	{ echo '# For upstream'
	(cd "$1" && printf '%s\n' *.patch)
	} > "$1/series"
}

# toy_lab DIR: what the scripts need of barmap's source, with the two bases 9.1 and 8.0;
# sets nothing up in them
toy_lab()
{
	mkdir -p "$1/kernel/9.1" "$1/kernel/8.0"
	cp -r "$srcdir/scripts" "$1/"
	cp "$srcdir/bootstrap" "$1/"
	chmod -R u+w "$1"
	printf 'program git git\nsource 9.1 linux-source-9.1\nsource 8.0 linux-source-8.0\n' \
		> "$1/scripts/packages.txt"
	: > "$1/kernel/9.1/series"
	: > "$1/kernel/8.0/series"
}
