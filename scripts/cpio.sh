# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later

# program_libraries PROGRAM: print the paths of the libraries and the loader
program_libraries()
{
	{ ldd "$1" 2>/dev/null || true; } |
		awk '$2 == "=>" && $3 ~ /^\// { print $3 } $1 ~ /^\// { print $1 }'
}

# cpio_plain DIR: write DIR as an archive for the kernel to standard output; order,
# times, owners and inode numbers are fixed
cpio_plain()
{
	find "$1" -exec touch -h -d @0 {} +
	(cd "$1" && find . -mindepth 1 -print0 | sort -z |
		cpio --quiet --null --create --format=newc --owner=+0:+0 --reproducible)
}

# cpio_make DIR: the same, compressed
cpio_make()
{
	cpio_plain "$1" | gzip -n -9
}
