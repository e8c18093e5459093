#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The user's own inputrc in the prompt: vi's keys, Enter's byte bound otherwise, completion that asks; a paste of several lines
# is one line to be looked at, never run.
set -u
. "$top_srcdir/tests/lib/tap.sh"
work=$(mktemp -d "$KAPLAN_TEST_TMP/inputrc.XXXXXX")
export XDG_STATE_HOME=$work/state INPUTRC=$work/inputrc
cd "$top_srcdir" || exit 2

# in_terminal: runs the pty driver's script on standard input.
in_terminal() {
  cat >"$work/script.pty"
  timeout 60 "$top_builddir/tests/explorer/pty_driver" "$work/script.pty"
}

printf '%s\n' 'set editing-mode vi' 'set keymap vi-insert' '"\C-j": self-insert' >"$INPUTRC"
check 'vi: Escape goes to the command mode, twice or Ctrl-C out of the prompt' in_terminal <<'END'
start $KAPLAN samples/xu2025/demo.kap
wait log-rank
type :filter age > 69
key Esc
type xa0
wait filter age > 60
key Enter
wait 42 of 163
type :filter age > 1
key C-c
wait cancelled
type QQ
expect-exit 0
END

printf '%s\n' '"\C-j": kill-whole-line' 'set show-all-if-ambiguous on' 'set completion-query-items 2' 'set enable-bracketed-paste off' \
  '"\C-m": accept-line' 'set horizontal-scroll-mode off' 'set bell-style audible' >"$INPUTRC"
check 'other bindings: Enter accepts, completion is the own list, a paste does not run' in_terminal <<'END'
start $KAPLAN samples/xu2025/demo.kap
wait log-rank
type :filter age > 60\r
wait 42 of 163
type :km s\t\t
wait surgery
key Esc
paste filter off\nfilter off\n
expect 42 of 163
type :
paste filter sex == "male"\r\nquit\n
expect 42 of 163
expect-not 0 of 163
key Esc
key Esc
type QQ
expect-exit 0
END
tap_done
