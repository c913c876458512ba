# fetch.sh ROOT RELEASE DIGITS [DIGEST]...: the manifest of a release, or of the current one when RELEASE is empty: a line "RELEASE
# DIGEST", with the SHA-256 that the manifest has, and then, gzipped, the manifest: briefly, or, when DIGITS is 0, whole; nothing
# more where DIGEST is one of those that the client knows. A brief one that settle.sh has left is taken, if it is of this manifest.
# Exit code 20 says that there is none.
release=$2
[ -n "$release" ] || release=$(readlink "$1/current" 2>/dev/null)
release=${release##*/}
manifest=$1/.php-deploy/manifests/$release
[ -n "$release" ] && [ -f "$manifest" ] || exit 20
digest=$(printf '%s\0' "$manifest" | hashes)
printf '%s %s\n' "$release" "$digest"
digits=$3
shift 3
for known; do
  [ "$known" != "$digest" ] || exit 0
done
if [ "$digits" = 0 ]; then
  exec gzip -c "$manifest"
fi
if [ -f "$manifest.brief" ]; then
  exec 3<"$manifest.brief"
  IFS= read -r made <&3
  [ "$made" != "$digits $digest" ] || exec cat <&3
fi
brief "$digits" "$manifest" -6
