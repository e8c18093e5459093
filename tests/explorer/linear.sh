# SPDX-License-Identifier: GPL-3.0-or-later
# Line by line: through a pipe, with any terminal type, each line once, no control character; words choose by number.
. "$top_srcdir/tests/lib/tap.sh"
sample=$top_srcdir/samples/xu2025/xu2025_cohort.kap
printed=$KAPLAN_TEST_TMP/linear.out

# dialogue LINES …: what is printed.
dialogue() { printf '%s\n' "$@" | TERM=dumb "$KAPLAN" --no-history --linear "$sample" >"$printed" 2>"$printed.err"; }
# says NAME TEXT: the dialogue printed it.
says() { check "$1" grep -qF -- "$2" "$printed"; }

dialogue variables 19 'only 1 3' group covariate 'reference 3' where undo 'without 1' all quit quit
says 'variables are numbered' '19 surgery, 4 levels'
says 'a number chooses one and lists its levels' '3 Resection of the primary and hepatic lesions, 56 patients'
says 'only says its command' 'Command: filter surgery in ("NR", "PHR")'
says 'and what came of it' '126 of 163 patients on view'
says 'group' 'Command: km surgery'
says 'covariate' 'Command: cox surgery'
says 'reference' 'Command: cox ref(surgery, "PHR")'
says 'where' 'Model: ref(surgery, "PHR").'
says 'undo tells where one is' 'Model: surgery.'
says 'without' 'Command: filter surgery == "PHR"'
says 'all' 'Command: filter off'
says 'leaving asks once' 'The session is not saved.'
check_empty 'no control character' "$(tr -d '\n[:print:]' <"$printed" | LC_ALL=C tr -d '\200-\377')"
check_empty 'no line of ornament' "$(grep -E '^(─|-)+$' "$printed")"

dialogue 'km surgry' $'km su\t' '1, at=12' 99 'only 1' 4 levels 'reference 1' 'by sex: km' 'group 3' xyzzy
says 'an error names what is wrong' 'Error: there is no column surgry; did you mean surgery?'
says 'Tab lists what it can become' '1 surgery'
says 'a number completes the line' 'Command: km surgery, at=12'
says 'a wrong number' 'There is no variable 99'
says 'nothing is chosen yet' 'No variable is chosen'
says 'a number in words' 'age:'
says 'what has no levels' 'Which level?'
says 'by its number' 'Command: km sex'
says 'an unknown word' 'Error: '
check_empty 'it ends with the input' "$(tail -n 1 "$printed" | grep -v '^kaplan> $')"

printf 'variables\nload "nothing.csv"\nquit\n' | LC_ALL=C "$KAPLAN" --no-history --linear >"$printed"
says 'an empty session' 'No cohort is loaded'
says 'a file that is not there' 'Error: '
check_empty 'ASCII where the locale has no more' "$(LC_ALL=C grep -n '[^ -~]' "$printed")"
printf 'km surgery\n' | "$KAPLAN" --ascii --no-history --linear "$sample" >"$printed"
check_empty 'ASCII on request' "$(LC_ALL=C grep -n '[^ -~]' "$printed")"
check 'not with -e' test "$("$KAPLAN" --linear -e help 2>/dev/null; echo $?)" = 2
tap_done
