# finish.sh ROOT ID BASE DIGEST STREAMS: makes the clone of BASE (none when BASE is empty) and what the STREAMS streams
# brought into one tree, writes its manifest, whose SHA-256 must be DIGEST, holds the tree against it, and gives the tree its
# place under releases/. Says "!<path>" for each path that is not as the manifest says; the tree then stays where it is.
set -u
meta=$1/.php-deploy
stage=$meta/staging/$2
cd "$stage" || exit 31

if [ -d tree ]; then
  # drop: what is gone or new, relative to the clone; "in" holds all that is new
  for list in ctl*/drop; do
    [ ! -s "$list" ] || (cd tree && xargs -0 rm -rf <"../$list") || exit 33
  done
  if [ -d in ]; then
    cp -al in/. tree/ 2>complaints || cp -a in/. tree/ 2>complaints || { cat complaints >&2; exit 32; }
    rm -rf in
  fi
else
  mv in tree || exit 32
fi

# The manifest travels as its difference to BASE's.
if [ ! -f manifest ]; then
  if [ -f ctl1/manifest ]; then
    mv ctl1/manifest manifest
  else
    {
      head -n 1 "$meta/manifests/$3"
      {
        gone=ctl1/gone awk -F '\t' '
          BEGIN { while ((getline line < ENVIRON["gone"]) > 0) { gone[line] = 1 } }
          NR > 1 {
            key = $1 == "l" || $1 == "L" ? $2 : substr($0, length($1) + 2)
            if (!(key in gone)) { print }
          }
        ' "$meta/manifests/$3"
        cat ctl1/added
      } | sort -t "$tab" -k 2
    } >manifest.new && mv manifest.new manifest || exit 36
  fi
fi
[ "$(printf 'manifest\0' | hashes)" = "$4" ] || { rm -f manifest; exit 36; }

# A tree that is just what its manifest says: names, kinds, sizes, executable bits, link targets.
index tree >index || exit 37
awk -F '\t' '
  function key() { return substr($0, length($1) + 2) }
  NR == FNR {
    if (FNR > 1 && $1 !~ /^[A-Z]/) {
      split($1, word, " ")
      want[key()] = word[1] == "f" ? "f " word[2] " " word[3] : $1
    }
    next
  }
  FNR == 1 { next }
  {
    is = $1
    if (split($1, stat, " ") > 1) {
      is = "f " (substr(stat[2], length(stat[2]) - 2, 1) % 2 ? "x" : "-") " " stat[3]
    }
    k = key()
    if (!(k in want)) { sub(/\t.*/, "", k); print "+" k; next }
    if (want[k] != is) { sub(/\t.*/, "", k); print "!" k }
    delete want[key()]
  }
  END { for (k in want) { sub(/\t.*/, "", k); print "!" k } }
' manifest index >verdict || exit 37
if grep -q '^+' verdict; then
  # the running application wrote into the release while it was cloned
  sed -n 's|^+||p' verdict | (cd tree && paths_to_nul | xargs -0 rm -rf) || exit 33
fi
if grep '^!' verdict; then
  exit 38
fi
if grep -q '^+' verdict; then
  index tree >index
fi

mkdir -p "$1/releases" "$meta/manifests" || exit 31
[ ! -e "$1/releases/$2" ] || exit 39
mv manifest "$meta/manifests/$2" && mv index "$meta/manifests/$2.stat" && mv tree "$1/releases/$2" || exit 40
cd / && rm -rf "$stage"
