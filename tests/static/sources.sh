# SPDX-License-Identifier: GPL-3.0-or-later
# The lists of files are up to date, and every source file begins with its licence.
. "$top_srcdir/tests/lib/tap.sh"
cd "$top_srcdir" || exit 2

check_empty 'sources.am lists what is there (else: make list)' "$(tools/list-sources --print | diff sources.am - )"
check_empty 'every source says its licence' "$(find src ui tests -name '*.[ch]' |
  while read -r file; do
    head -n 1 "$file" | grep -qF '/* SPDX-License-Identifier: GPL-3.0-or-later */' || echo "$file"
  done)"
check_empty 'no file is longer than 500 lines' "$(find src ui -name '*.[ch]' -exec wc -l {} + |
  awk '$2 != "total" && $1 > 500 { print $2 ": " $1 }')"
check_empty 'no function is longer than 100 lines' "$(find src ui -name '*.c' | xargs awk '
  FNR == 1 { start = 0 }
  /^\{/ { start = FNR }
  /^\}/ { if (start && FNR - start > 100) print FILENAME ":" start ": " FNR - start " lines"; start = 0 }')"
# What an unfinished or careless file leaves behind.  The words are put together so that this file does not hold them.
words="TO""DO|FIX""ME|X""XX|not impl""emented"
check_empty 'nothing is left for later' "$(grep -rnE "\b($words)\b" src ui tests --include='*.[ch]' --include='*.sh')"
paths="/wo""rk/|/ro""ot/|/ho""me/[a-z]"
check_empty 'no path of a developer'\''s machine' "$(grep -rnE "(^|[^A-Za-z0-9_.$}])($paths)" \
  src ui tests man samples README.md HACKING.md Makefile.am configure.ac bootstrap .ci --include='*' \
  --exclude-dir=log --exclude='*.o' --exclude='*.a' -I)"
tap_done
