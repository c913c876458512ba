# sudo.sh COUNT [WORD]... : whether the command of COUNT words may be run by sudo without a password; runs nothing. Says
# "account NAME", and "program PATH" of the command. Exit codes: 31 it may not, 32 there is no sudo.
set -u
export LC_ALL=C
count=$1
shift
[ "$count" -eq $# ] || exit 2
printf 'account %s\n' "$(id -un)"
path=$1
case $path in
  /*) ;;
  *)
    # as sudo looks for it, whatever this shell has built in
    for directory in /usr/local/sbin /usr/local/bin /usr/sbin /usr/bin /sbin /bin; do
      if [ -x "$directory/$1" ]; then
        path=$directory/$1
        break
      fi
    done
    ;;
esac
printf 'program %s\n' "$path"
command -v sudo >/dev/null 2>&1 || exit 32
permitted=$(sudo -n -l -- "$@" 2>/dev/null) || exit 31
# It may be permitted with a password only: then the last rule that fits has no NOPASSWD. A tag holds for all that follow it.
verdict=$(sudo -n -l 2>/dev/null | sed -n 's/^ *\(([^)]*)\) *\(.*\)$/\2/p' | sed 's/\([^\\]\), */\1\
/g' | {
  last=
  tag=PASSWD
  while IFS= read -r rule; do
    while :; do
      case $rule in
        NOPASSWD:*) tag=NOPASSWD ;;
        PASSWD:*) tag=PASSWD ;;
        [A-Z]*:*) ;;
        *) break ;;
      esac
      rule=${rule#*:}
      rule=${rule# }
    done
    # shellcheck disable=SC2254
    case $permitted in
      $rule | "$rule "*) last=$tag ;;
      *) [ "$rule" != ALL ] || last=$tag ;;
    esac
  done
  echo "$last"
})
[ "$verdict" != PASSWD ] || exit 31
