# state.sh ROOT FILE: says where Laravel Octane keeps its state, "file PATH", and what it is, by lines; FILE, or where Octane keeps it unless
# told otherwise: under current, or under shared. "current RELEASE" comes first. Exit code 20 where there is none.
set -u
export LC_ALL=C
root=$1
printf 'current %s\n' "$(basename "$(readlink "$root/current" 2>/dev/null)")"
for file in "$2" "$root/current/storage/logs/octane-server-state.json" "$root/shared/storage/logs/octane-server-state.json"; do
  if [ -n "$file" ] && [ -r "$file" ]; then
    printf 'file %s\n' "$file"
    cat "$file" || exit 20
    exit 0
  fi
  # one that was named is the only one that counts
  [ -z "$2" ] || exit 20
done
exit 20
