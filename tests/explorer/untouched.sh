#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Secure mode leaves the file system as it is, whatever keys are pressed; without history nothing of what was typed is kept.
set -u
. "$top_srcdir/tests/lib/tap.sh"
work=$(mktemp -d "$KAPLAN_TEST_TMP/untouched.XXXXXX")
export HOME=$work/home XDG_STATE_HOME=$work/home/state XDG_CONFIG_HOME=$work/home/config
mkdir -p "$HOME/state"
cp -R "$top_srcdir/samples/xu2025" "$work/data"
cd "$work/data" || exit 2

# tree: every file below, with its size, modes, times and sum.
tree() { find "$work" ! -path "$work/script.pty" ! -path "$work/calls*" ! -path "$work" -printf '%P %M %s %T@\n' | sort; }

# session PROGRAM …: a session that tries to write by every key and command that does.
session() {
  cat >"$work/script.pty" <<END
start $* xu2025.csv
wait n 228
type :endpoint os = Surv(os_months, death == 1)\\r
wait :endpoint
type :save "saved.kap"\\r
pause 100
key Esc Esc
type e
pause 100
key C-u
type figure.svg\\r
pause 100
key Esc Esc
type :export "table.csv"\\r
pause 100
key Esc Esc
type s\\r
pause 100
key Esc Esc
type :source "demo.kap"\\r
pause 100
key Esc Esc
type 12345678
type QQ
expect-exit 0
END
  timeout 60 "$top_builddir/tests/explorer/pty_driver" "$work/script.pty"
}

before=$(tree)
check 'a secure session' session "$KAPLAN" --secure
check_empty 'no file is made, changed or gone' "$(diff <(printf '%s\n' "$before") <(tree))"
"$KAPLAN" --secure -e 'save "saved.kap"' xu2025.csv >/dev/null 2>&1
"$KAPLAN" --secure -e 'endpoint os = Surv(os_months, death == 1)' -e 'km' -e 'export "x.svg"' xu2025.csv >/dev/null 2>&1
check_empty 'nor in batch' "$(diff <(printf '%s\n' "$before") <(tree))"

# The calls themselves, where they can be looked at (a sanitizer that looks for leaks cannot be traced).
if command -v strace >/dev/null && strace -f -o "$work/calls" true 2>/dev/null && ! nm -D "$KAPLAN" 2>/dev/null | grep -q __asan; then
  check 'a secure session, traced' session strace -f -qq -e trace=file,ftruncate -o "$work/calls" "$KAPLAN" --secure
  check_empty 'nothing is opened to be written but the terminal' \
    "$(grep -E 'O_WRONLY|O_RDWR|O_CREAT|^[0-9]+ +(mkdir|unlink|rename|chmod|link|symlink|truncate|ftruncate)' "$work/calls" |
       grep -vE '"/dev/(tty|pts/|null)|= -1 |/dev/shm|anon' | head -5)"
else
  skip 'a secure session, traced' 'no strace here'
fi

check 'a session without history' session "$KAPLAN" --no-history
check_empty 'nothing of what was typed is kept for the next' "$(grep -rl 'endpoint os' "$HOME" 2>/dev/null | grep -i hist)"
check 'a session with it' session "$KAPLAN"
check_empty 'nobody else may read what a session leaves' "$(find "$HOME/state" -mindepth 1 -perm /077)"
tap_done
