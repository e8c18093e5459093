# SPDX-License-Identifier: GPL-3.0-or-later
# No source gives a warning under the house's flags, and every header compiles on its own.
. "$top_srcdir/tests/lib/tap.sh"
check 'no warning under the house flags' make -s -C "$top_builddir" --no-print-directory check-warnings
tap_done
