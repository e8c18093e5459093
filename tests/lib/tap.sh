# SPDX-License-Identifier: GPL-3.0-or-later
# TAP for shell tests: `. "$top_srcdir/tests/lib/tap.sh"`, then check … and at the end tap_done.
# shellcheck shell=bash

tap_count=0
tap_failures=0

# pass NAME; fail NAME [DIAGNOSTIC LINES]
pass() {
  tap_count=$((tap_count + 1))
  printf 'ok %d - %s\n' "$tap_count" "$1"
}
fail() {
  tap_count=$((tap_count + 1))
  tap_failures=$((tap_failures + 1))
  printf 'not ok %d - %s\n' "$tap_count" "$1"
  [ -z "${2:-}" ] || printf '%s\n' "$2" | sed 's/^/# /'
}
skip() {
  tap_count=$((tap_count + 1))
  printf 'ok %d - %s # SKIP %s\n' "$tap_count" "$1" "$2"
}

# check_empty NAME TEXT: passes where there is no text; what there is are the findings.
check_empty() {
  if [ -z "$2" ]; then pass "$1"; else fail "$1" "$2"; fi
}

# check NAME COMMAND…: passes where the command succeeds; what it printed is shown where it does not.
check() {
  local name=$1 said
  shift
  if said=$("$@" 2>&1); then pass "$name"; else fail "$name" "$said"; fi
}

tap_done() {
  printf '1..%d\n' "$tap_count"
  [ "$tap_failures" -eq 0 ]
}
