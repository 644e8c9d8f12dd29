# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# fio.sh: for tests that need fio and the engine; source it after tap.sh.
# shellcheck disable=SC2154 # set by tap.sh and lab.conf
# shellcheck disable=SC2034 # used by the tests

# shellcheck source=/dev/null
. "$builddir/lab.conf"
fio=$builddir/fio/source/fio
engine=$builddir/fio/vfio-dma.so

# engine_make: by the make of the build directory, not by one around this test
engine_make()
{
	env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL \
		flock "$builddir/fio/prepare.lock" make -C "$builddir" fio/vfio-dma.so
}

[ "${lab_guest_tests:-}" = yes ] || [ -x "$fio" ] ||
	skip_all "configured with --disable-guest-tests, and make fio was never run"
fio_status=0
"$srcdir/scripts/fio-prepare" --build "$builddir" > "$tap_output" 2>&1 || fio_status=$?
[ "$fio_status" -ne 77 ] || skip_all "$(tail -n 1 "$tap_output")"
check "fio is made" test "$fio_status" -eq 0
check "the engine is built" engine_make
