# clone.sh ROOT ID BASE: builds the staging area of release ID and in it, as "tree", a clone of release BASE that shares its
# bytes (reflinks where the file system has them, else hard links), without what BASE's manifest does not know.
# Says, a line each: "how <reflink|hardlink|copy>", and "!<path>" for each path that BASE's manifest has and the clone not.
set -u
meta=$1/.php-deploy
stage=$meta/staging/$2
base=$1/releases/$3
manifest=$meta/manifests/$3
mkdir -p "$stage" || exit 31

# What is not as we left it, before cloning: linking changes every file's change time.
scan "$base" >"$stage/scan"
if [ -f "$manifest.stat" ]; then
  differ "$manifest.stat" "$stage/scan" >"$stage/differ"
else
  # nothing is known of the files: all of them are read, and what is no file is held against the manifest in the end
  sed -n "s|^f [^$tab]*$tab|~|p; s|^o$tab|+|p" "$stage/scan" >"$stage/differ"
fi
sed -n 's|^~||p' "$stage/differ" | touched "$manifest" "$base" "$stage/touched" >"$stage/changed"

how=copy
if cp --reflink=always "$stage/scan" "$stage/probe" 2>/dev/null; then
  how=reflink
elif rm -f "$stage/probe" && ln "$stage/scan" "$stage/probe" 2>/dev/null; then
  how=hardlink
fi
rm -f "$stage/probe"
# What vanishes while it is cloned, or may not be linked, is missing then, and sent.
case $how in
  reflink) cp -a --reflink=always "$base" "$stage/tree" ;;
  hardlink) cp -al "$base" "$stage/tree" ;;
  copy) cp -a "$base" "$stage/tree" ;;
esac 2>"$stage/complaints"
if [ ! -d "$stage/tree" ]; then
  cat "$stage/complaints" >&2
  exit 32
fi

remove_odd "$stage/tree"
{
  sed -n 's|^+||p' "$stage/differ"
  cat "$stage/changed"
} >"$stage/remove"
[ ! -s "$stage/remove" ] || (cd "$stage/tree" && paths_to_nul <"$stage/remove" | xargs -0 rm -rf) || exit 33

echo "how $how"
sed 's|^|!|' "$stage/changed"
sed -n 's|^-|!|p' "$stage/differ"
