# lock.sh ROOT HOLDER WAIT: takes the lock of the deploy path, making both where they are not there. Says "waiting HOLDER"
# when it has to wait, WAIT seconds at most, and "left HOLDER" when who had it before went without giving it back; goes on
# with the lock on file descriptor 9. Exit code 11 says that somebody else has it.
set -u
holder=$2
# refuse: says who may not write, and whether there is a deploy path at all
refuse() {
  if [ -e "$root" ]; then echo "there $(id -un)"; else echo "missing $(id -un)"; fi
  exit 14
}
if [ -e "$root/current" ] && [ ! -L "$root/current" ]; then exit 12; fi
mkdir -p "$root" && (umask 077 && mkdir -p "$meta") || refuse
umask 077
true >>"$lock" || refuse
exec 9>>"$lock"
umask 022
waited=0
left=
# who only looks whether the lock is free has it for a moment, and writes nothing into it
seize 9 || [ -s "$lock" ] || sleep 1
while true; do
  if seize 9; then
    [ -n "$left" ] || left=$(head -n 1 "$lock")
    # seen first and looking then, as those do who lock by SFTP: of two at least one steps back
    printf '%s\n%s\n' "$holder" "$$" >"$lock" || exit 14
    # a disk without room for it has none for a lock by SFTP either
    { true >"$meta/alive"; } 2>/dev/null
    claimed || break
    : >"$lock"
    rm -f "$meta/alive"
    exec 9>&-
    exec 9>>"$lock"
    other=$claim
  else
    other=$lock
  fi
  [ "$waited" -gt 0 ] || printf 'waiting %s\n' "$(head -n 1 "$other" 2>/dev/null)"
  [ "$waited" -lt "$3" ] || exit 11
  waited=$((waited + 1))
  sleep 1
done
for claim in "$meta"/locks/*; do
  if [ -f "$claim" ]; then
    left=$(head -n 1 "$claim")
    rm -f "$claim"
  fi
done
[ -z "$left" ] || printf 'left %s\n' "$left"
echo locked
