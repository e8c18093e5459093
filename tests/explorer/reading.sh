#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What reading a file found odd stands on the first screen, before any greeting; a table without rows says that it has none,
# and so does one that lost them.
set -u
. "$top_srcdir/tests/lib/tap.sh"
work=$(mktemp -d "$KAPLAN_TEST_TMP/reading.XXXXXX")
export XDG_STATE_HOME=$work/state
cd "$work" || exit 2
printf 't;e;x\n1,5;1;a\n2,5;0;b\n\n4,5;1;b\n' >commas.csv
printf 't,e,x\n' >empty.csv
printf 't,e,x\n1,1,2\n' >one.csv

in_terminal() {
  cat >script.pty
  timeout 60 "$top_builddir/tests/explorer/pty_driver" script.pty
}
check 'warnings of reading are on the first screen' in_terminal <<'END_OF_KEYS'
start $KAPLAN commas.csv
wait 2 warnings while reading (8 shows them): 1 empty line left out
expect-not new here
type 8
wait read as decimal points
type Q
expect-exit 0
END_OF_KEYS
check 'a header alone is a table without rows' in_terminal <<'END_OF_KEYS'
start $KAPLAN empty.csv
wait while reading: there are no rows after the header
type :endpoint os = Surv(t, e == 1)\r
wait The table has no rows
expect-not filter leaves nobody
signal TERM
expect-exit 143
END_OF_KEYS
check 'the offer of a session names its file; one patient is one' in_terminal <<'END_OF_KEYS'
start $KAPLAN one.csv
wait cut-off session of empty.csv
type :endpoint os = Surv(t, e == 1)\r
wait median
type :keep if t > 5\r
wait No row is left in the cohort
signal TERM
expect-exit 143
END_OF_KEYS
tap_done
