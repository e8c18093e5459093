# SPDX-License-Identifier: GPL-3.0-or-later
# Which folder may include which: base <- data <- lang <- session <- verbs <- ui; stats and report know only base.
# Libraries have their places, too.
. "$top_srcdir/tests/lib/tap.sh"
cd "$top_srcdir" || exit 2

# may FOLDER: the folders whose headers it may include.
may() {
  case $1 in
    base) echo base ;;
    data) echo base data ;;
    lang) echo base data lang ;;
    stats) echo base stats ;;
    report) echo base report ;;
    session) echo base data lang stats report session ;;
    verbs) echo base data lang stats report session verbs ;;
    ui | main.c) echo base data lang stats report session verbs ui ;;
  esac
}

# own_includes FOLDER: "FILE:LINE: HEADER", one a line.
own_includes() {
  grep -rnHE '^[[:space:]]*#[[:space:]]*include[[:space:]]*"' "$1" --include='*.[ch]' |
    sed -E 's/^([^:]*:[0-9]+):.*"([^"]*)".*/\1: \2/'
}

check_folder() {
  local path=src/$1 allowed
  [ "$1" = ui ] && path=ui
  [ -e "$path" ] || return 0
  allowed=$(may "$1" | sed 's/ /|/g')
  check_empty "$path includes only $(may "$1")" "$(own_includes "$path" | grep -vE ": ($allowed)/[a-z0-9_]+\.h$")"
}

# library NAME HEADERS ALLOWED: the headers (a pattern) are included by nothing but the allowed files (a pattern).
library() {
  check_empty "$1 is included in its place only" \
    "$(grep -rnE "^[[:space:]]*#[[:space:]]*include[[:space:]]*<($2)" src ui --include='*.[ch]' | grep -vE "^($3):")"
}

for folder in base data lang stats report session verbs ui main.c; do check_folder "$folder"; done
folders=$(find src -mindepth 1 -maxdepth 1 -type d -printf '%f\n' | grep -vxE 'base|data|lang|stats|report|session|verbs')
check_empty 'every folder of src stands in the table of layers' "$folders"
library curses 'n?curses|term\.h|panel\.h' 'ui/term\.c'
library readline 'readline/' 'ui/prompt\.c'
library GSL 'gsl/' 'src/(stats/[^:]*|main\.c)'
library cblas 'cblas|openblas' 'src/stats/[^:]*'
library libunistring 'uni(str|width|case|norm|ctype|types|conv|gbrk|lbrk|wbrk|stdio|name)\.h' 'src/(base|data)/[^:]*'
tap_done
