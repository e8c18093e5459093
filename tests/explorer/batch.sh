#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Without a terminal: every view is printed, no escape is sent, nothing twice; the exit status is 0, 1 or 2.
set -u
. "$top_srcdir/tests/lib/tap.sh"
work=$(mktemp -d "$KAPLAN_TEST_TMP/batch.XXXXXX")
cd "$top_srcdir/samples/xu2025" || exit 2

# headless COMMAND …: in no terminal and of no type, with the sample.
headless() {
  local arguments=() command
  for command; do arguments+=(-e "$command"); done
  env -u TERM setsid -w "$KAPLAN" -e 'load "xu2025.csv"' -e 'endpoint os = Surv(os_months, death == 1)' "${arguments[@]}" --plot </dev/null >"$work/out" 2>"$work/errors"
}
# view WORDS COMMAND …: is printed, and holds the words once.
view() {
  local words=$1
  shift
  check "$1" headless "$@"
  check_empty "$1: what it shows, once" "$([ "$(grep -cF -- "$words" "$work/out")" = 1 ] || cat "$work/out" "$work/errors")"
  check_empty "$1: no escape" "$(LC_ALL=C grep -n $'[\033\233]' "$work/out" "$work/errors")"
}
view 'at risk / events / censored' 'km sex'
view 'Cox model of os' 'cox extrahepatic_metastasis'
view 'Baseline characteristics' 'table1 age sex'
view 'Hazard ratios in subgroups' 'forest sex, over=grade'
view 'Nomogram of os' 'cox age + sex' 'nomogram, at=36'
view 'Flow of patients' 'keep if age > 40' 'flow'
view 'Median of all: 70' 'why median'
view 'logrank        0.07' 'logrank sex'
check 'status 0' headless 'km surgery'
for wrong in 'km nothing' 'load "nothing.csv"' 'xyzzy'; do
  headless "$wrong"
  check "status 1: $wrong" test $? = 1
done
"$KAPLAN" --no-such-option </dev/null >/dev/null 2>&1
check 'status 2: an option that is none' test $? = 2
env -u TERM setsid -w "$KAPLAN" xu2025.csv </dev/null >"$work/out" 2>"$work/errors"
status=$?
check 'no screen without a terminal, and a word about it' test "$status" != 0 -a -s "$work/errors"
check_empty 'which is no escape' "$(LC_ALL=C grep -n $'\033' "$work/out" "$work/errors")"
tap_done
