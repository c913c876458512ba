# unlock.sh ROOT FORCE: says "free", or "held HOLDER"; with FORCE=1 it ends the process that holds the lock. Exit code 18 says
# that it could not.
set -u
if [ ! -f "$lock" ] || (seize 8 8>>"$lock"); then
  if claimed; then
    printf 'held %s\n' "$(head -n 1 "$claim")"
    [ "$2" != 1 ] || rm -f "$meta"/locks/* || exit 18
  else
    echo free
  fi
  exit 0
fi
printf 'held %s\n' "$(head -n 1 "$lock")"
[ "$2" = 1 ] || exit 0
pid=$(sed -n 2p "$lock")
case $pid in '' | *[!0-9]*) exit 18 ;; esac
kill "$pid" || exit 18
tries=0
until (seize 8 8>>"$lock"); do
  tries=$((tries + 1))
  [ "$tries" -lt 5 ] || kill -9 "$pid"
  [ "$tries" -lt 10 ] || exit 18
  sleep 1
done
: >"$lock"
