#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# 60,000 patients: what looks at every one of them is done beside the keys.  Counts and histograms come and follow a toggled
# level; cut points, sorting, searching the data and a long frequency table give what they find; a script with a model opens
# with both; whatever is typed while something is computed arrives; Ctrl-C stops it.
set -u
. "$top_srcdir/tests/lib/tap.sh"
work=$(mktemp -d "$KAPLAN_TEST_TMP/many.XXXXXX")
cd "$work" || exit 2
awk 'function next_random() { return random = (random * 16807) % 2147483647 }
  BEGIN { print "id,months,death,arm,age,size"; random = 1
  for (i = 1; i <= 60000; i++) {
    arm = substr("ABC", 1 + next_random() % 3, 1); months = (1 + next_random() % 12000) / 100
    printf "%d,%.2f,%d,%s,%d,%.1f\n", i, months, next_random() % 2, arm, 30 + random % 57, (random % 991) / 10 } }' >many.csv
cat >many.kap <<'END_OF_SCRIPT'
load "many.csv"
endpoint os = Surv(months, death == 1)
cox arm + age + size
km arm
END_OF_SCRIPT

# drive NAME END: the script on standard input, in a wide terminal; what stands behind the Q that ends it.
asked=$'wait not saved\ntype Q\n'
drive() {
  { printf 'size 30 110\nstart $KAPLAN many.kap\nwait 0.814\nwait [x] A      19950\nwait id             ████████\n'
    cat
    printf 'type Q\n%sexpect-exit 0\n' "$2"; } >"$1.pty"
  timeout 120 "$top_builddir/tests/explorer/pty_driver" "$1.pty"
}

toggles() {
  drive toggles "$asked" <<'END_OF_KEYS'
expect p = 0.947
type /arm\rj
bytes
type \s
wait [ ] A          0
wait p = 0.933
wait 0.944
expect-bytes-below 4000
bytes
type i
expect-bytes-below 800
type i
type \s
wait [x] A      19950
wait p = 0.947
wait 0.814
type \s\s\s\s\s\s\s
wait [ ] A          0
wait 0.944
type \skkjj:filter age > 60
wait keeps
key Enter
wait filter: age > 60
END_OF_KEYS
}

data() {
  drive data '' <<'END_OF_KEYS'
type 7$]
wait sorted; missing last, ties as before
expect row 1 of 60000, patient row 425, size = 99
type /98.76\r
wait /98.76: 1 of
expect row 1362 of 60000, patient row 22740, os time = 98.76
type n
wait /98.76: 2 of
expect months = 98.76
type /zebra\r
wait not found
END_OF_KEYS
}

values() {
  drive values '' <<'END_OF_KEYS'
type /id\r
type F
wait 60000 values
type /5999\r
wait /5999: 1 of 16 found
type n
wait /5999: 2 of 16 found
END_OF_KEYS
}

cuts() {
  drive cuts "$asked" <<'END_OF_KEYS'
type /age\r
type ]
wait p of every cut of age, now <59
wait corrected p = 0.342
type ]]
wait p of every cut of age, now <61
wait p = 0.326
type uuu
wait p = 0.947
END_OF_KEYS
}

check 'levels are toggled' toggles
check 'the data view is sorted and searched' data
check 'a long frequency table is searched' values
check 'a number is cut' cuts
tap_done
