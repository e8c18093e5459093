# SPDX-License-Identifier: GPL-3.0-or-later
# Twelve terminal types in three locales: the curves come up readable, nothing is sent that the type does not understand
# (pty_driver compares each sequence with the terminfo entry), a key works, and the terminal is as it was afterwards.
. "$top_srcdir/tests/lib/tap.sh"
work=$(mktemp -d "$KAPLAN_TEST_TMP/terminals.XXXXXX")
cd "$top_srcdir" || exit 2

# An ISO-8859-1 locale where one can be made; else the third is the C locale under another name.
latin=C
if command -v localedef >/dev/null && localedef -f ISO-8859-1 -i en_US "$work/en_US.ISO-8859-1" >/dev/null 2>&1; then
  latin=en_US.ISO-8859-1
fi

# script TERM LOCALE: what is typed and must be seen.
script() {
  local shown=$1
  echo "size 24 80"
  case $1 in
    unset) echo "unset TERM"; shown=xterm ;;
    unknown) echo "env TERM=no-such-terminal"; shown=xterm ;;
    *) echo "env TERM=$1" ;;
  esac
  [ "$shown" = "$1" ] || echo "terminfo $shown"
  [ "$2" = "$latin" ] && [ "$latin" != C ] && echo "env LOCPATH=$work"
  echo "env LANG=$2"
  echo "env LC_ALL=$2"
  if [ "$1" = dumb ]; then # no cursor to move: each screen is printed under the last
    printf '%s\n' 'start $KAPLAN samples/xu2025/demo.kap' 'wait at risk / events' 'type 2' 'wait extrahepatic_metastasis' 'type qQ' 'expect-exit 0'
    return
  fi
  printf '%s\n' 'start $KAPLAN samples/xu2025/demo.kap' 'wait n 163' 'wait log-rank p < 0.001' 'wait at risk / events' \
    'wait No resection' 'type 2' 'wait > Cox' 'type q' 'wait at risk / events' 'type Q' 'expect-exit 0' 'expect-restored'
}

for type in dumb vt100 vt220 linux xterm xterm-256color screen tmux-256color putty rxvt unknown unset; do
  for locale in C C.UTF-8 "$latin"; do
    name="$type in $locale"
    if [ "$type" != unknown ] && [ "$type" != unset ] && ! infocmp "$type" >/dev/null 2>&1; then
      skip "$name" "terminfo has no $type here"
      continue
    fi
    script "$type" "$locale" >"$work/session.pty"
    check "$name" timeout 60 "$top_builddir/tests/explorer/pty_driver" "$work/session.pty"
  done
done
tap_done
