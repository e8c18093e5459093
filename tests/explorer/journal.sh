#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What a session in a terminal leaves on disk: journals, saved scripts, exports; who may read them; what replays to what.
set -u
. "$top_srcdir/tests/lib/tap.sh"
work=$(mktemp -d "$KAPLAN_TEST_TMP/journal.XXXXXX")
export XDG_STATE_HOME=$work/state
journals=$XDG_STATE_HOME/kaplan
cd "$top_srcdir" || exit 2

# in_terminal: runs the pty driver's script on standard input.
in_terminal() {
  cat >"$work/script.pty"
  timeout 120 "$top_builddir/tests/explorer/pty_driver" "$work/script.pty"
}


umask 022
check 'a session is killed' in_terminal <<END
start \$KAPLAN samples/xu2025/demo.kap
type :filter age > 60\r
wait 42 of 163
type :set conf=log-log\r
wait :set conf
signal KILL
expect-exit 137
END
check_empty 'its journal is there' "$(ls "$journals"/*.kap >/dev/null 2>&1 || echo none)"
check_empty 'nobody else may read it' "$(find "$journals" -name '*.kap' -perm /077)"
check_empty 'or list the directory' "$(find "$journals" -maxdepth 0 -perm /077)"
first=$(ls "$journals"/*.kap)

check 'a second session, and a third beside it, leave it alone' in_terminal <<END
start \$KAPLAN --restore
wait 42 of 163
type u
wait :undo
signal KILL
expect-exit 137
END
check_empty 'what was restored is in a new journal, and the old one is gone' "$([ ! -e "$first" ] || echo "$first")"
check_empty 'there is one' "$([ "$(ls "$journals"/*.kap | wc -l)" -eq 1 ] || ls "$journals")"

# A journal under this very name, as a process with the same number would make it, is not written over.
check 'a session that lives keeps its own' in_terminal <<END
start \$KAPLAN samples/xu2025/demo.kap
type :filter age > 50\r
wait of 163   filter: age > 50
signal KILL
expect-exit 137
END
check_empty 'two are left behind' "$([ "$(ls "$journals"/*.kap | wc -l)" -eq 2 ] || ls "$journals")"
check_output() { diff - <("$@" 2>&1 </dev/null | sed 's/..:.. today/HH:MM today/'); }
check 'without a terminal they are listed' check_output env -u TERM setsid "$KAPLAN" --restore <<'END'
Sessions that were cut off, the newest first; --restore=NUMBER takes one up:
1  HH:MM today       xu2025.csv              24 commands  filter age > 50
2  HH:MM today       xu2025.csv              26 commands  undo
END
refused() { ! "$KAPLAN" --linear "$1" </dev/null >"$work/refused" 2>&1 && grep -q 'there is no session' "$work/refused"; }
check 'a number that none has is refused' refused --restore=3
check 'and a name that none has' refused --restore=lung.csv
# in_copy WHICH ANSWERS WORDS: a dialogue with a copy of the journals says the words.
in_copy() {
  rm -rf "$work/copy"
  cp -R "$XDG_STATE_HOME" "$work/copy"
  printf '%b' "$2" | XDG_STATE_HOME=$work/copy "$KAPLAN" --linear "$1" >"$work/dialogue" 2>&1
  grep -qF -- "$3" "$work/dialogue" || { cat "$work/dialogue"; return 1; }
}
check 'line by line a number is asked for' in_copy --restore '9\n2\nwhere\nquit\nquit\n' '42 of 163 patients on view'
check 'and one that there is not is refused' in_copy --restore '9\n\n' 'there is no session 9 to restore, of 2'
check 'Enter alone starts without' in_copy --restore '\nquit\n' 'No cohort is loaded'
check 'a number chooses' in_copy --restore=2 'quit\nquit\n' '42 of 163 patients on view'
check 'so does the name of the cohort, with its ending' in_copy --restore=xu2025.csv 'quit\nquit\n' 'Filter: age > 50'
check 'and without' in_copy --restore=xu2025 'quit\nquit\n' 'Filter: age > 50'
check_empty 'the other one stays, and the one that was chosen went' \
  "$([ "$(ls "$work"/copy/kaplan/*.kap | wc -l)" -eq 1 ] || ls "$work/copy/kaplan")"
check_empty 'both are still there' "$([ "$(ls "$journals"/*.kap | wc -l)" -eq 2 ] || ls "$journals")"
check 'a start without --restore says that there are two' in_terminal <<END
start \$KAPLAN
wait and 1 older: kaplan
type q
expect-exit 0
END
check 'the newer is offered first; left alone, both stay' in_terminal <<END
start \$KAPLAN --restore
wait sessions were cut off
expect >  1
expect filter age > 50
type q
type q
expect-exit 0
END
check 'one is chosen, its journal goes, the other one stays' in_terminal <<END
start \$KAPLAN --restore
wait sessions were cut off
key Enter
wait filter: age > 50
wait restored the session of
type qq
expect-exit 0
END
check_empty 'one is left behind' "$([ "$(ls "$journals"/*.kap | wc -l)" -eq 1 ] || ls "$journals")"
check 'the only one is taken up at once' in_terminal <<END
start \$KAPLAN --restore
wait 42 of 163
type s
key C-u
type save "$work/saved.kap"\r
wait :save
type q
expect-exit 0
END
check_empty 'nothing is left behind' "$(ls "$journals"/*.kap 2>/dev/null)"
check_empty 'nobody else may read what was saved' "$(find "$work/saved.kap" -perm /077)"

check 'secure mode writes nothing' in_terminal <<END
start \$KAPLAN --secure samples/xu2025/demo.kap
type :filter age > 60\r
wait 42 of 163
type :save "$work/secure.kap"\r
wait secure mode
key Esc
type :export "$work/secure.txt"\r
wait secure mode
key Esc
type :export "$work/secure.R"\r
wait secure mode
key Esc
signal KILL
expect-exit 137
END
check_empty 'no journal, no file' "$(ls "$journals"/*.kap "$work"/secure.* 2>/dev/null)"

# A long session with everything in it: saved, it replays to the same; undone and done again, too.
check 'a long session' in_terminal <<END
size 48 160
start \$KAPLAN samples/xu2025/demo.kap
type :endpoint os12 = Surv(os_months, death == 1), landmark=6 clock=keep\r
wait :endpoint
type :branch "young" if age < 50\r
wait young
type :levels grade NEC G3 G2 G1\r
wait :levels
type :label grade "Grade, \"WHO\""\r
wait :label
type :label grade NEC "Carcinoma"\r
wait :label
type :derive 大 = primary_diameter_mm > 40\r
wait 大
type :drop if age > 77, because="too \"old\""\r
wait :drop
type :filter young\r
wait filter: age < 50
type :set conf=arcsin dialect=stata risk=off median=off\r
wait :set
type :cox age + ref(grade,"G2") + strata(sex) if age > 30, ties=breslow robust\r
wait Ties: breslow
type :km grade sex\r
wait :km grade sex
type :export "$work/screen.txt"\r
wait :export
type :export "$work/x.R", of="km grade"\r
wait :export
type :save "$work/long.kap"\r
wait :save
type :undo 200\r
wait no cohort
type :redo 200\r
wait grade
type :save "$work/again.kap"\r
wait :save
type q
expect-exit 0
END
check_empty 'the screen was exported as text' "$(grep -q 'kaplan  xu2025.csv' "$work/screen.txt" && grep -q '1 Curves' "$work/screen.txt" || cat "$work/screen.txt")"
check_empty 'and a script in R' "$(grep -q 'coxph\|survfit' "$work/x.R" || echo no)"
check 'undone and done again it is the same' cmp "$work/long.kap" "$work/again.kap"
"$KAPLAN" -e "source \"$work/long.kap\"" -e "save \"$work/replayed.kap\"" >"$work/said" 2>&1
check 'replayed and saved it is the same' diff "$work/long.kap" "$work/replayed.kap"
check_empty 'it says what it should' "$(for word in 'landmark=6 clock=keep' 'branch "young"' 'levels grade' 'label grade NEC' 'derive 大' 'because="too \"old\""' \
  'filter young' 'dialect=stata' 'ties=breslow robust' 'km grade sex'; do grep -qF -- "$word" "$work/long.kap" || echo "$word"; done)"
replay_elsewhere() { cd / && "$KAPLAN" -b "$work/long.kap"; }
check 'it replays from another directory' replay_elsewhere
tap_done
