# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later

# cpio_make DIR: write DIR as a compressed archive for the kernel to standard
# output; order, times, owners and inode numbers are fixed
cpio_make()
{
	find "$1" -exec touch -h -d @0 {} +
	(cd "$1" && find . -mindepth 1 -print0 | sort -z |
		cpio --quiet --null --create --format=newc --owner=+0:+0 --reproducible) | gzip -n -9
}
