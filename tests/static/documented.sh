# SPDX-License-Identifier: GPL-3.0-or-later
# Every public function is documented: in a header, a prototype has a comment above it, beside it, or above the group
# it stands in (prototypes without an empty line between).  A life cycle (_new, _init, _retain, _release, _clear, _close,
# _free) speaks for itself: the header tells it at its beginning.
. "$top_srcdir/tests/lib/tap.sh"
cd "$top_srcdir" || exit 2

undocumented() {
  awk '
    FNR == 1 { commented = 0; depth = 0; in_comment = 0; statement = ""; lines = 0 }
    /^[[:space:]]*$/ && !in_comment && !depth { if (!only_comment) commented = 0; statement = ""; next }
    {
      line = $0
      has_comment = in_comment || line ~ /\/\*/ || line ~ /\/\//
      if (line ~ /\/\*/ && line !~ /\*\//) in_comment = 1
      else if (line ~ /\*\//) in_comment = 0
      if (has_comment && !depth) { commented = 1; only_comment = line ~ /^[[:space:]]*(\/?\*|[^;(]*$)/ && line !~ /;/ }
      gsub(/\/\*.*\*\//, "", line)
      if (line ~ /^[[:space:]]*#/ || (has_comment && line !~ /;/)) next
      only_comment = 0
      if (!depth) { if (statement == "") first = FNR; statement = statement " " line }
      depth += gsub(/\{/, "{", line) - gsub(/\}/, "}", line)
      if (!depth && line ~ /;[[:space:]]*$/) {
        if (statement ~ /^ *[a-z_][A-Za-z0-9_ *]*[ *][a-z0-9_]+\(/ && statement !~ /^ *(struct|enum|union) [a-z_]* *\{/ &&
            statement !~ /typedef/ && !commented && statement !~ /_(new|init|clear|free|close|retain|release)\(/)
          print FILENAME ":" first ":" statement
        statement = ""
      }
    }' "$@"
}

# shellcheck disable=SC2046 # file names in this tree have no blanks
for folder in src/base src/data src/lang src/stats src/report src/session src/verbs ui; do
  [ -d "$folder" ] || continue
  check_empty "every public function of $folder is documented" "$(undocumented $(find "$folder" -name '*.h' | sort))"
done
# shellcheck disable=SC2046
check_empty 'every header says what it is for' "$(for file in $(find src ui -name '*.h'); do
  sed -n 2p "$file" | grep -q '^/\*' || echo "$file"
done)"
tap_done
