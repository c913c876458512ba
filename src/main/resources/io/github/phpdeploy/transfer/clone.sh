# clone BASE: puts a clone of release BASE, as "tree", into the staging area in which it runs: the one that was made after the
# last deploy, with what its files looked like then as "expect"; or else one that shares BASE's bytes (reflinks where the file
# system has them, else hard links), without what BASE's manifest does not know. Says "how <warm|reflink|hardlink|copy>".
clone() {
  base=$1/releases/$2
  manifest=$1/.php-deploy/manifests/$2
  warm=$1/.php-deploy/warm/$2
  if [ -d "$warm" ] && mv "$warm.stat" expect && mv "$warm" tree; then
    echo 'how warm'
    return
  fi
  rm -f expect

  # What is not as we left it, before cloning: linking changes every file's change time.
  scan "$base" >scan || return
  if [ -f "$manifest.stat" ]; then
    differ "$manifest.stat" scan >differ
  else
    # nothing is known of the files: all of them are read, and what is no file is held against the manifest in the end
    sed -n "s|^f [^$tab]*$tab|~|p; s|^o$tab|+|p" scan >differ
  fi
  sed -n 's|^~||p' differ | touched "$manifest" "$base" "$PWD/touched" >changed

  how=copy
  if cp --reflink=always scan probe 2>/dev/null; then
    how=reflink
  elif rm -f probe && ln "$base/$(sed -n "s|^f [^$tab]*$tab||p" scan | head -n 1)" probe 2>/dev/null; then
    # releases may lie on another file system than we do
    how=hardlink
  fi
  rm -f probe
  # What vanishes while it is cloned, or may not be linked, is missing then, and sent.
  case $how in
    reflink) cp -a --reflink=always "$base" tree ;;
    hardlink) cp -al "$base" tree ;;
    copy) cp -a "$base" tree ;;
  esac 2>complaints
  if [ ! -d tree ]; then
    cat complaints >&2
    return 1
  fi

  remove_odd tree
  {
    sed -n 's|^+||p' differ
    cat changed
  } >remove
  [ ! -s remove ] || (cd tree && paths_to_nul <../remove | xargs -0 rm -rf) || return
  echo "how $how"
}
