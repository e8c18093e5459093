# SPDX-License-Identifier: GPL-3.0-or-later
# A real terminal for tests: tmux with a server of its own.  `. "$top_srcdir/tests/lib/tmux.sh"` after tap.sh, then
#
#   terminal_open 24 80 kaplan samples/xu2025/demo.kap    rows, columns, program and arguments
#   terminal_keys Space; terminal_text 'filter age > 60'  tmux's names of keys; plain text
#   terminal_wait NAME TEXT                               a test: the text (a fixed string) comes on the screen
#   terminal_wait_gone NAME TEXT                          a test: it goes from the screen
#   terminal_screen                                       the screen as text
#   terminal_resize 50 200
#   terminal_close
# shellcheck shell=bash

terminal_socket=kaplan-$$
# How long the screen may take; the sanitizers make everything slower.
terminal_patience=${KAPLAN_PATIENCE:-15}

tmux_here() { tmux -f /dev/null -L "$terminal_socket" "$@"; }

terminal_need() {
  command -v tmux >/dev/null && return 0
  skip "$1" 'tmux is missing'
  tap_done
  exit
}

# The shell under the program stays, so that suspending and what is left of the screen can be seen.
terminal_open() {
  local rows=$1 columns=$2
  shift 2
  tmux_here kill-server 2>/dev/null
  tmux_here new-session -d -x "$columns" -y "$rows" -s main \
    "cd '$top_srcdir' && PS1='shell> ' TERM=${terminal_type:-tmux-256color} exec bash --norc --noprofile -i"
  tmux_here set -g status off
  tmux_here resize-window -t main -x "$columns" -y "$rows"
  terminal_text "$(printf '%q ' "$@")"
  terminal_keys Enter
}

terminal_keys() { tmux_here send-keys -t main "$@"; }
terminal_text() { tmux_here send-keys -t main -l -- "$1"; }
terminal_screen() { tmux_here capture-pane -t main -p; }
terminal_resize() { tmux_here resize-window -t main -x "$2" -y "$1"; }
terminal_close() { tmux_here kill-server 2>/dev/null; }
trap terminal_close EXIT

terminal_shows() { terminal_screen | grep -qF -- "$1"; }

# await TRUE-OR-FALSE TEXT
terminal_await() {
  local end=$((SECONDS + terminal_patience)) shows
  while :; do
    if terminal_shows "$2"; then shows=true; else shows=false; fi
    [ "$shows" = "$1" ] && return 0
    [ $SECONDS -lt $end ] || return 1
    sleep 0.05
  done
}

terminal_wait() {
  if terminal_await true "$2"; then pass "$1"; else fail "$1" "not on the screen: $2
$(terminal_screen)"; fi
}
terminal_wait_gone() {
  if terminal_await false "$2"; then pass "$1"; else fail "$1" "still on the screen: $2
$(terminal_screen)"; fi
}
