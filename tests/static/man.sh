# SPDX-License-Identifier: GPL-3.0-or-later
# The man page holds every command as the program's help has it, is valid troff, and its examples run.
. "$top_srcdir/tests/lib/tap.sh"
page=$top_srcdir/man/kaplan.1

check_empty 'the commands in the man page are those of the program (else: make man)' \
  "$(bash "$top_srcdir/tools/man-verbs" "$KAPLAN" --print 2>&1 | diff "$page" - | head -20)"
if command -v groff >/dev/null; then
  check_empty 'the man page is valid' "$(groff -man -Tutf8 -wall -z "$page" 2>&1)"
else
  skip 'the man page is valid' 'groff is missing'
fi

# The lines between .nf and .fi of the section EXAMPLES, as the shell would read them.
examples() {
  awk '/^\.SH/ { section = $2 } section == "EXAMPLES" && /^\.nf/ { open = 1; next } /^\.fi/ { open = 0 } open' "$page" |
    sed 's/\\(dq/"/g; s/\\-/-/g; s/\\e/\\/g'
}
run_examples() {
  cd "$top_srcdir/samples/xu2025" || return 1
  PATH=$(dirname "$KAPLAN"):$PATH bash -e -o pipefail <<<"$(examples)"
}
check_empty 'the man page has examples' "$([ -n "$(examples)" ] || echo none)"
check 'the examples of the man page run' run_examples
tap_done
