# SPDX-License-Identifier: GPL-3.0-or-later
# What README.md shows runs: each block marked `sh` that calls kaplan is run from the top of the tree, with the built
# program in the place of build/kaplan; where a block marked `text` follows at once, it must print exactly that.
# Blocks that build or install are the business of .ci/run.
. "$top_srcdir/tests/lib/tap.sh"

# block N LANGUAGE: splits README.md into $scratch/N.sh and $scratch/N.text.
scratch=$(mktemp -d "$KAPLAN_TEST_TMP/readme.XXXXXX")
awk -v to="$scratch" '
  /^```/ && !open { open = 1; kind = substr($0, 4); if (kind == "sh") n++; else if (last != "sh") kind = ""
                    file = kind == "" ? "" : to "/" n "." kind; last = kind; next }
  /^```/ { open = 0; next }
  open && file != "" { print > file }
  !open && NF { last = "" }' "$top_srcdir/README.md"

run_block() {
  cd "$top_srcdir" || return 1
  sed "s|build/kaplan|kaplan|g" "$1" | PATH=$(dirname "$KAPLAN"):$PATH bash -e -o pipefail -s
}

for block in "$scratch"/*.sh; do
  number=$(basename "$block" .sh)
  name="README.md: $(grep -v '^#' "$block" | head -n 1)"
  grep -qE '(^|[/ ])kaplan ' "$block" || continue
  # The explorer needs a terminal: tests/explorer opens it.
  if ! grep -qE -- ' -[eb] ' "$block"; then continue; fi
  if ! run_block "$block" >"$scratch/out" 2>"$scratch/err" </dev/null; then
    fail "$name" "$(head -20 "$scratch/err")"
  elif [ -f "$scratch/$number.text" ] && ! cmp -s "$scratch/$number.text" "$scratch/out"; then
    fail "$name" "$(diff -u "$scratch/$number.text" "$scratch/out" | head -40)"
  else
    pass "$name"
  fi
done
check_empty 'README.md names no file that is not there' "$(grep -oE '\]\([^)#]+\)' "$top_srcdir/README.md" |
  sed 's/^](//; s/)$//' | grep -v '^http' | while read -r file; do [ -e "$top_srcdir/$file" ] || echo "$file"; done)"
tap_done
