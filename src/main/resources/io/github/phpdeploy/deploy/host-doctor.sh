# host-doctor.sh ROOT ACCOUNT [DIRECTORY]... : what of a host makes deploys fail or slow. Says "account NAME"; "unwritable PATH" for
# what this account should be able to write; "mv plain" where mv cannot replace a link to a directory; "kibibytes N" and "inodes N"
# of the current release; and "bare DIRECTORY" for those that have no default ACL for ACCOUNT. Changes nothing but a directory of
# its own among the temporary ones.
set -u
export LC_ALL=C
root=$1
writer=$2
shift 2
me=$(id -un)
printf 'account %s\n' "$me"

near=$root
while [ ! -e "$near" ] && [ "$near" != / ] && [ -n "$near" ]; do near=${near%/*}; done
for path in "${near:-/}" "$root/releases" "$root/shared" "$root/.php-deploy"; do
  if [ -e "$path" ] && { [ ! -w "$path" ] || [ ! -x "$path" ]; }; then printf 'unwritable %s\n' "$path"; fi
done

own=$(mktemp -d 2>/dev/null) && {
  mkdir "$own/a" "$own/b" && ln -s a "$own/link" && ln -s b "$own/new"
  mv -fT "$own/new" "$own/link" 2>/dev/null
  [ "$(readlink "$own/link")" = b ] || echo 'mv plain'
  rm -rf "$own"
}

if [ -d "$root/current/" ]; then
  du -sk "$root/current/." 2>/dev/null | sed -n '1s/^\([0-9]*\).*$/kibibytes \1/p'
  printf 'inodes %s\n' "$(find "$root/current/." 2>/dev/null | wc -l)"
fi

[ -n "$writer" ] && [ "$writer" != "$me" ] && command -v getfacl >/dev/null 2>&1 || exit 0
for directory; do
  [ -d "$directory" ] || continue
  getfacl -cp "$directory" 2>/dev/null | grep -q "^default:user:$writer:rw" || printf 'bare %s\n' "$directory"
done
