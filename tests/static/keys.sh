# SPDX-License-Identifier: GPL-3.0-or-later
# Man page and README list every key of the explorer, as the program's own table has it.
. "$top_srcdir/tests/lib/tap.sh"
for file in man readme; do
  case $file in man) path=$top_srcdir/man/kaplan.1 ;; *) path=$top_srcdir/README.md ;; esac
  check_empty "the keys in $(basename "$path") are those of the program (else: make man)" \
    "$(bash "$top_srcdir/tools/man-keys" "$KAPLAN" --print $file 2>&1 | diff "$path" - | head -20)"
done
"$KAPLAN" --keys | grep '^  ' | cut -c18- | sed 's/ *$//' >"$KAPLAN_TEST_TMP/keys"
check_empty 'the README tells what each key does' "$(while IFS= read -r does; do
  grep -qF -- "$(sed 's/|/\\|/g' <<<"$does")" "$top_srcdir/README.md" || echo "$does"; done <"$KAPLAN_TEST_TMP/keys")"
check_empty 'the man page tells what each key does' "$(sed 's/\\(dq/"/g; s/\\-/-/g; s/\\e/\\/g' "$top_srcdir/man/kaplan.1" >"$KAPLAN_TEST_TMP/page"
  while IFS= read -r does; do does=${does//…/...}
    grep -qiF -- "$does" "$KAPLAN_TEST_TMP/page" || echo "$does"; done <"$KAPLAN_TEST_TMP/keys")"
tap_done
