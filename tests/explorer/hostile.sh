#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Columns, levels, cells, a file and a script whose names are escape sequences, in a terminal that complains of every
# sequence its entry does not have, and in batch: they are seen as letters, and nothing of them is obeyed.
set -u
. "$top_srcdir/tests/lib/tap.sh"
work=$(mktemp -d "$KAPLAN_TEST_TMP/hostile.XXXXXX")
export XDG_STATE_HOME=$work/state
cd "$work" || exit 2

name=$'a\033]0;owned\007\302\2332J\342\200\256b' # OSC, C1, right-to-left override
{
  printf 'time,dead,g\033[6n,x\302\235\342\201\246,age\n'
  for i in {1..24}; do
    printf '%d,%d,%s,%s,%d\n' $((1 + i * 7 % 19)) $((i % 3 > 0)) "$([ $((i % 2)) = 0 ] && printf 'A\033[2J\033]52;c;eA==\007' || printf 'B\033P$qm\033\\\033c')" \
      "$([ $((i % 5)) = 0 ] && printf 'low\363\240\201\201\357\270\217' || printf 'high\342\200\213\177\b')" $((40 + i % 9))
  done
} >"$name.csv"
cp "$name.csv" "$(printf 'data\033c.csv')"
{
  printf 'load "%s.csv"\nendpoint os = Surv(time, dead == 1)\n' "$name"
  printf 'km `g\033[6n`\ncox `g\033[6n` + age\nkm nothing\033[5n\n'
} >"$name.kap"

cp "$name.csv" data.csv

# views SIZE: each view, the prompt with such a line, what completes, the log, what is copied.
views() {
  cat <<END
size $1
start \$KAPLAN data.csv
wait n 24
type :endpoint os = Surv(time, dead == 1)\\r
wait :endpoint
key S-Tab
type /g\\r
type b
wait A^[[2J
type c
key Down
key Space
type u
type 2
wait > Cox
type 3
wait Baseline
type 4
type 5
type 6
type 7
wait row 1 of 24
key Right Right Right
wait A^[[2J
type F
wait 2 values
type q
key Enter
wait Patient row
type q
type :km g\\t\\r
wait ^[[6n
type q
type :load "da\\t\\t
key Esc
key Esc
type 8
type /endp\\r
key C-o
wait endpoint
key Space
type :nothing \\xe2\\x80\\xae\\r
wait there is no command
key Esc
type :load "data^[c.csv"\\r
wait data
key Esc
type QQ
expect-exit 0
expect-restored
END
}
for size in '24 80' '48 160'; do
  views "$size" >session.pty
  check "views at $size" timeout 60 "$top_builddir/tests/explorer/pty_driver" session.pty
done

# clean FILE: names what is in it that a terminal might obey, or that turns a line round.
clean() { LC_ALL=C grep -naP '[\x00-\x08\x0b-\x1f\x7f]|\xc2[\x80-\x9f]|\xe2\x80[\x8b-\x8f\xa8-\xae]|\xe2\x81[\xa0-\xaf]|\xef\xb8[\x80-\x8f]|\xf3\xa0' "$1"; }
"$KAPLAN" -b "$name.kap" >said 2>errors
check_empty 'in print nothing is obeyed' "$(clean said)"
check_empty 'nor in errors, with the script by its name' "$(clean errors)"
check_empty 'but all is seen' "$(for word in 'A^[[2J' 'g^[[6n'; do grep -qF -- "$word" said || echo "$word"; done
                                 for word in 'a^[]0;owned^G' '<U+009B>2J' '<U+202E>b' '^[[5n'; do grep -qF -- "$word" errors || echo "$word"; done)"
for format in tsv csv json md latex; do
  "$KAPLAN" -b --format="$format" "$name.kap" 2>/dev/null | tr -d '\t' >said
  check_empty "nor as $format" "$(clean said)"
done
printf 'variables\n1\nwhere\nkm nothing\033[5n\n' | "$KAPLAN" --no-history --linear "$name.csv" >said 2>errors
check_empty 'nor line by line' "$(clean said; clean errors)"
tap_done
