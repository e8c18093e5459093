# SPDX-License-Identifier: GPL-3.0-or-later
# Each example in the help of each command runs on the sample cohort, beside the other samples.
. "$top_srcdir/tests/lib/tap.sh"
work=$(mktemp -d "$KAPLAN_TEST_TMP/examples.XXXXXX")
cp -R "$top_srcdir/samples/." "$work"
chmod -R u+w "$work"
cd "$work/xu2025" || exit 2

# examples VERB: the lines after "Examples" of its help.
examples() { "$KAPLAN" -e "help $1" | sed -n '/^Examples$/,$p' | sed '1d; s/^  *//; /^$/d'; }

# tables VERB: the ids that its help names, one a line.  given: those in the JSON of the last command.
tables() { "$KAPLAN" -e "help $1" | sed -n '/^Tables$/,/^$/p' | sed 1d | grep -o '[a-z_0-9]*[a-z0-9]'; }
given() { tail -n 1 | grep -o '"[a-z_0-9]*": *{"columns"' | sed 's/"\([a-z_0-9]*\)".*/\1/'; }
names_its_tables() {
  local known id
  known=$(tables "$1")
  for id in $("$KAPLAN" --format json -e 'source "xu2025_cohort.kap"' -e 'cox age + surgery' -e "$2" 2>&1 | given); do
    grep -qx "$id" <<<"$known" || { echo "the help of $1 does not name the table $id"; return 1; }
  done
}

# shellcheck disable=SC2046 # verbs have no blanks
for verb in $("$KAPLAN" --format tsv --table verbs -e help | tail -n +2 | cut -f1); do
  lines=$(examples "$verb")
  if [ -z "$lines" ]; then
    fail "help $verb has an example"
    continue
  fi
  while IFS= read -r line; do
    cohort='source "xu2025_cohort.kap"'
    if [ "$verb" = pool ]; then
      check "$verb: $line" "$KAPLAN" -e "load \"$top_srcdir/tests/commands/data/studies.csv\"" \
        -e 'derive patients = 40 + 0 * hr' -e 'derive responders = round(20 * hr)' -e "$line"
      continue
    fi
    check "$verb: $line" "$KAPLAN" -e "$cohort" -e 'km surgery' -e 'cox age + surgery' -e 'mark "Example", median=50' \
      -e 'filter age > 0' -e undo -e redo -e undo -e "$line"
    if [ -n "$(tables "$verb")" ]; then check "$verb: $line: its tables are in the help" names_its_tables "$verb" "$line"; fi
  done <<<"$lines"
done
tap_done
