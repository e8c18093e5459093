#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What the views compute can be stopped: a model of 1,900 levels, whose factoring alone takes long, by Esc and by Ctrl-C.
# What is asked for next comes at once, the curves are not left blank, and a model beyond reach is refused with a word.
set -u
. "$top_srcdir/tests/lib/tap.sh"
work=$(mktemp -d "$KAPLAN_TEST_TMP/stops.XXXXXX")
cd "$work" || exit 2
awk 'BEGIN { print "t,e,code,many"
  for (i = 0; i < 5700; i++) printf "%d,%d,c%04d,m%04d\n", 1 + i * 7919 % 997, i % 2, i % 1900, i % 2500 }' >levels.csv

# stops KEY
stops() {
  cat >script.pty <<END_OF_KEYS
size 24 80
start \$KAPLAN levels.csv
wait kaplan  levels.csv
type :endpoint os = Surv(t, e == 1)\r
wait median
type 2:cox code\r
wait computing
pause 400
key $1
wait stopped; any change computes again
type u1
wait median
type :cox t\r2
wait 0.9
type :cox many\r
wait many would take 2499 coefficients, and a model has 2000 at most
type Q
wait not saved
type Q
expect-exit 0
END_OF_KEYS
  timeout 120 "$top_builddir/tests/explorer/pty_driver" script.pty
}
check 'Esc stops a model' stops Esc
check 'Ctrl-C stops a model' stops C-c
tap_done
