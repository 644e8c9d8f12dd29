# SPDX-License-Identifier: GPL-2.0-or-later
# Checks of what barmap needs, driven by scripts/packages.txt. A check that
# fails adds a line to barmap_missing; BARMAP_REPORT_MISSING ends configure
# once, with all of them.

# BARMAP_MISSING(NAME, [REASON]): note that NAME of the table is missing
AC_DEFUN([BARMAP_MISSING], [
barmap_package=`$AWK -v name="$1" '$[]2 == name { print $[]3 }' "$srcdir/scripts/packages.txt"`
barmap_missing="$barmap_missing
  $1 m4_default([$2], [is missing]): install the package ${barmap_package:-that has it}"
barmap_packages="$barmap_packages $barmap_package"
])

# BARMAP_KERNEL_BASE(BASE): set KERNEL_BASE; if BASE is empty, the one that bootstrap
# took, else the first of the table whose source is there, else the first
AC_DEFUN([BARMAP_KERNEL_BASE], [
AC_MSG_CHECKING([for the kernel base])
KERNEL_BASE=$1
barmap_bases=`$AWK '$[]1 == "source" { print $[]2 }' "$srcdir/scripts/packages.txt" | xargs`
AS_IF([test -z "$KERNEL_BASE"],
	[KERNEL_BASE=`cat "$srcdir/build-aux/kernel-base" 2>/dev/null`
	 for barmap_base in $barmap_bases; do
		test -z "$KERNEL_BASE" && test -f "/usr/src/linux-source-$barmap_base.tar.xz" &&
			KERNEL_BASE=$barmap_base
	 done
	 test -n "$KERNEL_BASE" || KERNEL_BASE=${barmap_bases%% *}])
AS_CASE([" $barmap_bases "], [*" $KERNEL_BASE "*], [],
	[AC_MSG_ERROR([--with-kernel-base '$KERNEL_BASE': must be one of $barmap_bases])])
AC_MSG_RESULT([$KERNEL_BASE])
AC_SUBST([KERNEL_BASE])
])

# BARMAP_KERNEL_SOURCE(PATH): set KERNEL_SOURCE to PATH or the Debian tarball
AC_DEFUN([BARMAP_KERNEL_SOURCE], [
AC_MSG_CHECKING([for the kernel source])
AS_IF([test -n "$1"],
	[KERNEL_SOURCE=`realpath -e "$1" 2>/dev/null`
	 AS_IF([test -f "$KERNEL_SOURCE" || test -f "$KERNEL_SOURCE/Kbuild"], [],
		[AC_MSG_ERROR([--with-linux '$1': not a tarball and not a kernel tree])])
	 AC_MSG_RESULT([$KERNEL_SOURCE])],
	[KERNEL_SOURCE=/usr/src/linux-source-$KERNEL_BASE.tar.xz
	 AS_IF([test -f "$KERNEL_SOURCE"], [AC_MSG_RESULT([$KERNEL_SOURCE])],
		[AC_MSG_RESULT([no])
		 BARMAP_MISSING([$KERNEL_BASE], [kernel source ($KERNEL_SOURCE) is missing])])])
AC_SUBST([KERNEL_SOURCE])
])

# BARMAP_FIO_SOURCE(PATH): set FIO_SOURCE to PATH; empty: make fio fetches one
AC_DEFUN([BARMAP_FIO_SOURCE], [
FIO_SOURCE=
AS_IF([test -n "$1"],
	[FIO_SOURCE=`realpath -e "$1" 2>/dev/null`
	 AS_IF([test -f "$FIO_SOURCE/ioengines.h"], [],
		[AC_MSG_ERROR([--with-fio-source '$1': not a source tree of fio])])])
AC_SUBST([FIO_SOURCE])
])

# BARMAP_CHECK_PROGRAMS: every program and file of the table; have_NAME says
# yes or no for the optional and useful ones
AC_DEFUN([BARMAP_CHECK_PROGRAMS], [
while read -r barmap_kind barmap_name barmap_package; do
	AS_CASE([$barmap_kind],
		[program|optional|useful], [barmap_test="command -v"],
		[file], [],
		[continue])
	AS_CASE([$barmap_name], [/*], [barmap_test="test -e"])
	AC_MSG_CHECKING([for $barmap_name])
	AS_IF([$barmap_test "$barmap_name" >/dev/null 2>&1], [barmap_found=yes], [barmap_found=no])
	AC_MSG_RESULT([$barmap_found])
	AS_CASE([$barmap_kind-$barmap_found],
		[program-no|file-no], [BARMAP_MISSING([$barmap_name])],
		[optional-*|useful-*],
		[barmap_variable=AS_TR_SH([have_$barmap_name])
		 AS_VAR_SET([$barmap_variable], [$barmap_found])])
done < "$srcdir/scripts/packages.txt"
])

# BARMAP_CHECK_LIBRARY(PREFIX, MODULE, VERSION): pkg-config module; sets
# PREFIX_CFLAGS, PREFIX_LIBS and PREFIX_VERSION
AC_DEFUN([BARMAP_CHECK_LIBRARY], [
m4_ifndef([PKG_CHECK_MODULES], [m4_fatal([pkg.m4 not found: install the package pkgconf])])
PKG_CHECK_MODULES([$1], [$2 >= $3],
	[$1_VERSION=`$PKG_CONFIG --modversion $2`],
	[BARMAP_MISSING([$2], [(version $3 or later) is missing])])
])

# BARMAP_CHECK_GNUPLOT: both terminals that the plots are drawn with
AC_DEFUN([BARMAP_CHECK_GNUPLOT], [
AC_MSG_CHECKING([for the gnuplot terminals svg and pngcairo])
AS_IF([! command -v gnuplot >/dev/null], [AC_MSG_RESULT([no gnuplot])],
	[env -u GNUTERM gnuplot -d -e 'set terminal svg; set terminal pngcairo' >/dev/null 2>&1],
	[AC_MSG_RESULT([yes])
	 GNUPLOT_VERSION=`gnuplot --version`],
	[AC_MSG_RESULT([no])
	 BARMAP_MISSING([gnuplot], [lacks the terminal svg or pngcairo])])
])

# BARMAP_CHECK_QEMU: the emulated devices that the lab is made of
AC_DEFUN([BARMAP_CHECK_QEMU], [
AC_MSG_CHECKING([for the devices that qemu-system-x86_64 must emulate])
barmap_absent=
AS_IF([command -v qemu-system-x86_64 >/dev/null],
	[QEMU_VERSION=`qemu-system-x86_64 --version | sed 1q`
	 barmap_devices=`qemu-system-x86_64 -device help 2>/dev/null`
	 for barmap_name in intel-iommu amd-iommu virtio-iommu-pci pci-testdev ivshmem-plain edu; do
		AS_CASE([$barmap_devices], [*\"$barmap_name\"*], [],
			[barmap_absent="$barmap_absent $barmap_name"])
	 done],
	[barmap_absent=" no emulator"])
AC_MSG_RESULT([${barmap_absent:-yes}])
AS_CASE([$barmap_absent], [""|" no emulator"], [],
	[BARMAP_MISSING([qemu-system-x86_64], [lacks$barmap_absent])])
])

# BARMAP_REPORT_MISSING: the one failure for all that is missing
AC_DEFUN([BARMAP_REPORT_MISSING], [
AS_IF([test -n "$barmap_missing"],
	[barmap_packages=`echo $barmap_packages | tr ' ' '\n' | sort -u | tr '\n' ' '`
	 AC_MSG_ERROR([this is missing:$barmap_missing
run ./bootstrap, or: apt-get install $barmap_packages])])
])
