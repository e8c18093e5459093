# SPDX-License-Identifier: GPL-3.0-or-later
# A morning's work in a real terminal, at 80x24 and at 200x50: explore the sample cohort with keys and typed commands.
# The numbers are R's (coxph and survdiff of survival 3.5, ties="breslow", conf.type="plain", as the sample's dialect asks).
. "$top_srcdir/tests/lib/tap.sh"
. "$top_srcdir/tests/lib/tmux.sh"
terminal_need 'a session in a real terminal'

# find VARIABLE: the cursor goes there.
find_variable() {
  terminal_text "/$1"
  terminal_keys Enter
  terminal_await true "/$1: " || true
}

session() {
  local at=" ($2x$1)" before
  terminal_open "$1" "$2" "$KAPLAN" samples/xu2025/demo.kap
  terminal_wait "the cohort$at" 'n 163'
  terminal_wait "curves by surgery, medians as published$at" 'median 122 (51.16'
  terminal_wait "their test$at" 'log-rank p < 0.001'
  terminal_wait "the model$at" '1.49 (0.81–2.72)   0.197'

  find_variable surgery
  terminal_keys Down Down Space
  terminal_wait "without PR: who is left$at" '126 of 163'
  terminal_wait "without PR: the filter in words$at" 'filter: surgery in ("NR'
  terminal_wait "without PR: two curves, at risk at 48 months$at" '13/9/34'
  terminal_wait "without PR: the model follows$at" '1.41 (0.70–2.83)   0.340'
  terminal_wait "the key's command$at" 'filter surgery in ("NR", "PHR", "HR")'

  find_variable sex
  terminal_keys b
  terminal_wait "grouped by sex: n and events$at" 'n 61  events 25  median 69'
  terminal_wait "grouped by sex: the test$at" 'log-rank p = 0.758'
  terminal_keys c
  terminal_wait "sex in the model$at" '1.42 (0.71–2.84)   0.320'

  terminal_text '/age'
  terminal_keys Enter
  terminal_keys ']'
  terminal_wait "age cut at the median$at" '<54   n 69  events 26  median 50'
  terminal_wait "age cut: the test$at" 'log-rank p = 0.496'
  terminal_keys ']'
  terminal_wait "the cut moved$at" '<55   n 76  events 27  median 122'
  terminal_wait "the cut moved: the test$at" 'log-rank p = 0.188'
  terminal_keys u
  terminal_wait "undone$at" 'log-rank p = 0.496'
  terminal_keys u u
  terminal_wait "undone as far as sex$at" 'log-rank p = 0.758'

  terminal_text ':filter gra'
  terminal_keys Tab
  terminal_wait "a column completed$at" ':filter grade'
  terminal_text '== "N'
  terminal_keys Tab
  terminal_wait "a level completed$at" '"NEC"'
  terminal_keys Enter
  terminal_wait "carcinomas: who is left$at" '21 of 163'
  terminal_text ':km surgery'
  terminal_keys Enter
  terminal_wait "carcinomas by surgery$at" 'log-rank p = 0.341'

  terminal_text ':filter grade != "NEC" & extrahepatic_metastasis == "no" & primary_site == "body/tail"'
  terminal_keys Enter
  terminal_wait "the subgroup of Table 3$at" '86 of 163'
  terminal_wait "the subgroup's test, as published$at" 'log-rank p = 0.045'

  # From the top of the list, where no size makes it scroll.
  terminal_keys g
  sleep 0.3
  before=$(terminal_screen)
  terminal_resize 10 50
  terminal_await true 'kaplan' && sleep 0.3
  terminal_resize 1 1
  sleep 0.3
  terminal_resize "$1" "$2"
  terminal_wait "back from 1x1$at" 'log-rank p = 0.045'
  sleep 0.3
  check_empty "no scar of the resizing$at" "$(diff <(printf '%s\n' "$before") <(terminal_screen))"

  terminal_keys C-z
  terminal_wait "suspended: the shell is there$at" 'Stopped'
  terminal_text 'fg'
  terminal_keys Enter
  terminal_wait "resumed$at" 'log-rank p = 0.045'
  sleep 0.3
  check_empty "no scar of the suspension$at" "$(diff <(printf '%s\n' "$before") <(terminal_screen))"

  terminal_keys q
  terminal_wait "unsaved work: q asks$at" 'not saved'
  terminal_keys q
  terminal_wait "gone$at" 'shell>'
  terminal_text 'stty -a | grep -o "[-]*icanon\|[-]*echo "; echo done'
  terminal_keys Enter
  terminal_wait "the terminal echoes again$at" 'done'
  check_empty "the terminal's modes are back$at" "$(terminal_screen | grep -xE -- '-icanon|-echo ?')"
  terminal_close
}

session 24 80
session 50 200
tap_done
