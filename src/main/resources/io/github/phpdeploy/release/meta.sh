# Functions over .php-deploy, in front of the other scripts of this folder. $1 is the deploy path in all of them.
export LC_ALL=C
root=$1
meta=$root/.php-deploy
lock=$meta/lock

# seize FD: takes the exclusive lock on an open file, or fails at once. The lock belongs to the open file, not to the
# program that asked for it: it lasts until the last process that inherited the file has gone. See flock(2).
seize() {
  if command -v flock >/dev/null 2>&1; then
    flock -n "$1"
  elif command -v perl >/dev/null 2>&1; then
    perl -e 'open(my $f, ">>&=", $ARGV[0]) or exit 2; exit(flock($f, 6) ? 0 : 1)' "$1"
  elif command -v php >/dev/null 2>&1; then
    php -r '$f = fopen("php://fd/" . $argv[1], "a"); exit($f && flock($f, LOCK_EX | LOCK_NB) ? 0 : 1);' -- "$1"
  else
    echo "neither flock nor perl nor php is installed" >&2
    exit 13
  fi
}

# guard TOKEN: goes on only while the lock is held, by the one who has TOKEN
guard() {
  # a lock that can be taken is lost; it is given back when this shell ends
  if [ ! -f "$lock" ] || seize 8 8>>"$lock"; then exit 15; fi
  case $(head -n 1 "$lock") in
    *"\"$1\""*) ;;
    *) exit 15 ;;
  esac
}

# claimed: whether somebody who works by SFTP has the lock: one of the files in locks was written within the last minute. Its name
# is left in $claim.
claimed() {
  claim=
  [ ! -d "$meta/locks" ] || claim=$(find "$meta/locks" -type f -mmin -1 2>/dev/null | head -n 1)
  [ -n "$claim" ]
}

# put FILE TEXT: writes a file under a temporary name and gives it its own
put() {
  (umask 077 && printf '%s\n' "$2" >"$1.$$" && mv -f "$1.$$" "$1")
}
