# plant.sh DIRECTORY NAME USER GROUP TEXT: puts TEXT into DIRECTORY/NAME, readable by USER and by as few others as this account
# can see to, says who can read it ("user", "acl", "group" or "all") and its path, and takes it away again as soon as standard
# input ends, however the other side goes. Exit codes: 30 there is no DIRECTORY, 31 it cannot be written.
set -u
cd "$1" 2>/dev/null || exit 30
directory=$(pwd -P)
file=$directory/$2
trap 'rm -f "$file"' EXIT
trap 'exit 0' HUP INT TERM PIPE
umask 077
printf '%s' "$5" >"$file" || exit 31
if [ -z "$3" ]; then
  chmod 644 "$file" && readers=all
elif [ "$(id -u)" = 0 ]; then
  chown "$3" "$file" && chmod 400 "$file" && readers=user
elif [ "$(id -un)" = "$3" ]; then
  readers=user
elif setfacl -m "u:$3:r" "$file" 2>/dev/null; then
  readers=acl
elif chgrp "$4" "$file" 2>/dev/null && chmod 640 "$file"; then
  readers=group
else
  chmod 644 "$file" && readers=all
fi || exit 31
# OPcache keeps no file that is newer than the request, so that we take none of the room that we ask for
touch -t 203001010000 "$file" 2>/dev/null
printf '%s %s\n' "$readers" "$file"
cat >/dev/null
