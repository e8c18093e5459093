#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Scripts in R, as `export "….R"` writes them: r_scripts/commands.tsv lists a script of kaplan that makes a session, an
# analysis, and perhaps the name of a kept script in R (r_scripts/NAME.R) that the export must equal.  Where R and its packages
# are there, each is run, and the tables it prints are compared with those of --format tsv.  KAPLAN_KEEP=1 keeps the scripts.
set -u
. "$top_srcdir/tests/lib/tap.sh"
cases=$top_srcdir/tests/reference/r_scripts
work=$(mktemp -d "$KAPLAN_TEST_TMP/r.XXXXXX")
cd "$cases" || exit 2

lacking=
command -v Rscript >/dev/null || lacking='R is missing'
[ -n "$lacking" ] || Rscript -e 'library(survival); library(cmprsk)' >/dev/null 2>&1 ||
  lacking='the packages survival and cmprsk of R are missing'

quoted() {
  local text=${1//\\/\\\\}
  printf '"%s"' "${text//\"/\\\"}"
}

number=0
while IFS=$'\t' read -r setup command kept; do
  number=$((number + 1))
  script=$work/$number.R
  name="$setup: $command"
  if ! "$KAPLAN" -e "source \"$setup.kap\"" -e "export \"$script\", of=$(quoted "$command")" >"$work/said" 2>&1; then
    fail "$name" "$(cat "$work/said")"
    continue
  fi
  if [ -n "$kept" ]; then
    [ -z "${KAPLAN_KEEP:-}" ] || cp "$script" "$cases/$kept.R"
    check "$name is written as kept" diff "$cases/$kept.R" "$script"
  fi
  if [ -n "$lacking" ]; then
    skip "$name gives the same in R" "$lacking"
    continue
  fi
  "$KAPLAN" --format tsv -e "source \"$setup.kap\"" -e "$command" >"$work/kaplan.tsv" 2>/dev/null
  if ! Rscript "$script" >"$work/r.tsv" 2>"$work/said"; then
    fail "$name gives the same in R" "$(cat "$work/said")"
    continue
  fi
  check "$name gives the same in R" Rscript "$top_srcdir/tests/reference/compare_tables.R" "$work/kaplan.tsv" "$work/r.tsv"
done <commands.tsv
tap_done
