# activate.sh ROOT TOKEN TARGET EXPECTED [ID RECORD]: makes "current" a link to TARGET, or takes it away when TARGET is empty, if
# it is now a link to EXPECTED (empty: is not there). The record of release ID is written before.
# Exit code 16, with its target on standard output, says that it points elsewhere; 12 that it is no link; 17 that TARGET is
# not there.
set -u
guard "$2"
cd "$root" || exit 14
if [ -L current ]; then
  now=$(readlink current)
elif [ -e current ]; then
  exit 12
else
  now=
fi
if [ "$now" != "$4" ]; then
  printf '%s\n' "$now"
  exit 16
fi
if [ $# -gt 4 ]; then
  mkdir -p "$meta/releases" && put "$meta/releases/$5.json" "$6" || exit 14
fi
if [ -z "$3" ]; then
  rm -f current || exit 14
  exit 0
fi
[ -d "$3" ] || exit 17
new=current.$2
rm -f "$new"
ln -s "$3" "$new" || exit 14
# rename(2) replaces the link in one step. mv without -T would move into the directory behind it: then the link is made in
# a directory of its own, and moved from there under the name it has.
if ! mv -fT "$new" current 2>/dev/null; then
  rm -rf "$new" "$new.d"
  mkdir "$new.d" && ln -s "$3" "$new.d/current" && mv -f "$new.d/current" ./ || exit 14
  rmdir "$new.d"
fi
[ "$(readlink current)" = "$3" ] || exit 14
