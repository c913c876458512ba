# fetch.sh ROOT RELEASE HASH [DIGEST]...: the manifest of a release, or of the current one when RELEASE is empty: a line "RELEASE
# DIGEST", with the SHA-256 that the manifest has, and then, gzipped, the manifest with the first HASH digits of each file's
# SHA-256, and without the lengths of chunks unless HASH is 64; nothing more where DIGEST is one of those that the client knows. Exit code 20 says that there is none.
release=$2
[ -n "$release" ] || release=$(readlink "$1/current" 2>/dev/null)
release=${release##*/}
manifest=$1/.php-deploy/manifests/$release
[ -n "$release" ] && [ -f "$manifest" ] || exit 20
digest=$(printf '%s\0' "$manifest" | hashes)
printf '%s %s\n' "$release" "$digest"
length=$3
shift 3
for known; do
  [ "$known" != "$digest" ] || exit 0
done
sed "s|^\([fF] . [0-9]* [0-9a-f]\{$length\}\)[0-9a-f]*|\1|; s|^c \([^ ]*\) [0-9a-f]*|c \1|" "$manifest" | gzip -c
