# SPDX-License-Identifier: GPL-3.0-or-later
# The man page lists every key of the explorer, as the program's own table has it.
. "$top_srcdir/tests/lib/tap.sh"
page=$top_srcdir/man/kaplan.1
check_empty 'the keys in the man page are those of the program (else: make man)' \
  "$(bash "$top_srcdir/tools/man-keys" "$KAPLAN" --print 2>&1 | diff "$page" - | head -20)"
"$KAPLAN" --keys | grep '^  ' | cut -c18- | sed 's/ *$//' >"$KAPLAN_TEST_TMP/keys"
check_empty 'the man page tells what each key does' "$(sed 's/\\(dq/"/g; s/\\-/-/g; s/\\e/\\/g' "$page" >"$KAPLAN_TEST_TMP/page"
  while IFS= read -r does; do does=${does//…/...}
    grep -qiF -- "$does" "$KAPLAN_TEST_TMP/page" || echo "$does"; done <"$KAPLAN_TEST_TMP/keys")"
tap_done
