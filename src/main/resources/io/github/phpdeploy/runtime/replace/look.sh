# look.sh ROOT UPSTREAM BLUE GREEN: what is there, without touching it. Lines: "current LINK"; "state LINE" for each line that
# the last deploy left; "upstream LINE" for each line of the proxy's file, "file DIRECTORY" where there is none; "closed DIRECTORY"
# where it cannot be written; "up COLOR PID NAME" for each address that somebody listens at.
set -u
printf 'current %s\n' "$(readlink "$root/current" 2>/dev/null)"
if [ -f "$home/state" ]; then sed 's/^/state /' "$home/state"; fi
if [ -n "$2" ]; then
  if [ -f "$2" ]; then sed 's/^/upstream /' "$2"; else printf 'file %s\n' "$2"; fi
  near=${2%/*}
  # the deploy path may be yet to be made
  [ -e "$near" ] || [ "$near" != "$root" ] || near=/
  if [ ! -d "$near" ] || { [ "$near" != / ] && [ ! -w "$near" ]; }; then printf 'closed %s\n' "$near"; fi
fi
shift 2
for seat in blue green; do
  # nobody is taken for gone at one glance
  if listens "$1" || { pause && listens "$1"; }; then
    pid=$(holder "$1")
    printf 'up %s %s %s\n' "$seat" "${pid:-?}" "$(cat "/proc/${pid:-none}/comm" 2>/dev/null)"
  fi
  shift
done
