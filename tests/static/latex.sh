# SPDX-License-Identifier: GPL-3.0-or-later
# What report writes as LaTeX compiles: a whole study, and one whose words are markup and Chinese.  Needs a TeX; the test is
# skipped where there is none.
. "$top_srcdir/tests/lib/tap.sh"
work=$(mktemp -d "$KAPLAN_TEST_TMP/latex.XXXXXX")
cp -R "$top_srcdir/samples/xu2025/." "$top_srcdir/tests/commands/data/markup.csv" "$work"
chmod -R u+w "$work"
cd "$work" || exit 2

cat >study.kap <<'END'
source "xu2025_cohort.kap"
heading "Patients & methods_1"
note "χ², ≥ 60 %, 年龄, naïve Ångström ø Ğ"
flow, by=surgery
table1 age sex grade primary_site, by=surgery
km surgery, at=12,36
km pancreatic_procedure
set band=all
km sex, panels=grade
set function=loglog
km surgery
cif surgery
cox age + surgery
forest
forest surgery, over=sex,grade
nomogram, at=12,36
history
END
cat >markup.kap <<'END'
load "markup.csv"
endpoint t = Surv(time, dead == 1)
heading "\\input{y} $z$ 年龄", level=2
table1 `<script>alert(1)</script>` 年龄
km `<script>alert(1)</script>`
forest `<script>alert(1)</script>`, over=dead
END

# The packages and fonts that the document names, asked for in an empty one.
printf '%s\n' '\documentclass{article}\usepackage{array,booktabs,longtable,lscape,caption,tikz,geometry}' \
  '\ifdefined\XeTeXversion\usepackage{fontspec}\fi\ifdefined\directlua\usepackage{fontspec}\fi' \
  '\begin{document}x \textsf{x} \texttt{x}\end{document}' >packages.tex
compiles() { timeout 120 "$1" -no-shell-escape -interaction=nonstopmode -halt-on-error "$2.tex" >"$2.said" 2>&1; }

for name in study markup; do
  check "report writes $name.tex" "$KAPLAN" -e "report \"$name.tex\", of=\"$name.kap\""
  for engine in pdflatex xelatex lualatex; do
    if ! command -v "$engine" >/dev/null || ! compiles "$engine" packages; then
      skip "$engine compiles $name.tex" "no $engine with booktabs, caption and tikz here"
    elif compiles "$engine" "$name"; then
      check_empty "$engine has a place for all of $name.tex" "$(grep -a '^Overfull \\hbox ([0-9]\{2,\}' "$name.log")"
    else
      fail "$engine compiles $name.tex" "$(grep -a -A 3 '^!' "$name.said" | head -20)"
    fi
  done
done
tap_done
