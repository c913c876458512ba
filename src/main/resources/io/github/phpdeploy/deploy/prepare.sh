# prepare.sh ROOT RELEASE DIRS [DIR]... FILES [FILE]... WRITABLE [PATH]... MODE [USER]... : links the shared DIRS and FILES into the
# release, by relative links, making directories that are missing; and makes each PATH of it writable, by MODE (octal; empty to
# leave it) and by an ACL for each USER. DIRS, FILES and WRITABLE are counts. Exit code 41 says that a shared file is missing,
# 42 that there is no setfacl.
set -u
export LC_ALL=C
root=$1
release=$root/releases/$2
shift 2

# link PATH: PATH in the release becomes a link to the same path under shared/
link() {
  up=../..
  rest=$1
  while [ "$rest" != "${rest#*/}" ]; do
    up=$up/..
    rest=${rest#*/}
  done
  case $1 in
    */*) mkdir -p "$release/${1%/*}" || exit 43 ;;
  esac
  rm -rf "${release:?}/$1" && ln -s "$up/shared/$1" "$release/$1" || exit 43
}

count=$1
shift
while [ "$count" -gt 0 ]; do
  mkdir -p "$root/shared/$1" || exit 43
  link "$1"
  count=$((count - 1))
  shift
done
count=$1
shift
while [ "$count" -gt 0 ]; do
  if [ ! -e "$root/shared/$1" ]; then
    printf '%s\n' "$1"
    exit 41
  fi
  link "$1"
  count=$((count - 1))
  shift
done

count=$1
shift
# behind the paths: the mode, and the users
first=$((count + 1))
eval "mode=\${$first}"
index=0
for path; do
  index=$((index + 1))
  [ "$index" -le "$count" ] || break
  directory=$release/$path
  mkdir -p "$directory" || exit 43
  if [ -n "$mode" ]; then
    is=$(stat -c %a "$directory/." 2>/dev/null || stat -f %Lp "$directory/.")
    # somebody else's directory may have the right mode already, and could not be changed
    [ "${mode#0}" = "$is" ] || chmod "$mode" "$directory/." || exit 43
  fi
  number=0
  for user; do
    number=$((number + 1))
    [ "$number" -gt "$first" ] || continue
    command -v setfacl >/dev/null 2>&1 || exit 42
    setfacl -m "u:$user:rwX" -m "d:u:$user:rwX" -m "d:u:$(id -u):rwX" "$directory/." || exit 43
  done
done
