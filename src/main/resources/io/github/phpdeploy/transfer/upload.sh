# upload.sh ROOT ID N BASE: makes releases/ID, in the staging area .php-deploy/staging/ID, of a clone of release BASE (none
# when BASE is empty) and the N-th stream on standard input: a line with what unpacks it, gzip or zstd, and then a compressed
# tar: new content under "in/", parts of it under "fresh/", lists under "ctl<N>/". While the stream arrives the clone is made.
# Each new file is checked by its SHA-256, the tree by what its manifest says, and only then it gets its place.
#
# The lists: "added", the manifest's lines of what is new, sorted (without BASE and in the first stream the whole manifest);
# "gone", the paths of what is no more; "digest", the SHA-256 of the whole manifest; "odd" and "odd.hashes", NUL-separated
# paths and SHA-256 lines of files whose names hold a line break; "note", what becomes .php-deploy/releases/ID.json; "derived",
# the paths of what is made here of what the clone has, by "refs" and by "recipes" with "assemble.<interpreter>"; "end",
# empty, the last entry of the tar.
#
# Says "how <...>", how the clone was made. Exit code 35 says that files did not arrive as they were sent, "bad <path>" each;
# 36 that the manifest is not what it should be; 38 that something is missing in the tree, "!<path>" each: then N + 1 sends it,
# with an empty BASE, to the same staging area; 39 that ID is taken.
set -u
root=$1
meta=$root/.php-deploy
stage=$meta/staging/$2
ctl=ctl$3
mkdir -p "$stage/in" && cd "$stage" || exit 31
cloning=
if [ -n "$4" ]; then
  clone "$root" "$4" >cloned 2>clone.complaints </dev/null &
  cloning=$!
fi
IFS= read -r unpack
case $unpack in
  gzip | zstd) ;;
  *) exit 34 ;;
esac
"$unpack" -dc | tar -xopf -
unpacked=$?
if [ -n "$cloning" ] && ! wait "$cloning"; then
  cat clone.complaints >&2
  exit 32
fi
[ "$unpacked" -eq 0 ] && [ -f "$ctl/end" ] || exit 34

# What the clone has under another name is taken from there. What cannot be had is missing then, and sent.
true >underived
if [ -s "$ctl/derived" ]; then
  derive "$meta/manifests/$4" || exit 33
fi

# All that is new has arrived as it was read.
sed -n "s|^f . [0-9]* \([0-9a-f]*\)$tab|\1$tab|p" "$ctl/added" >expected
leave_out underived expected 1
cut -f 1 expected >expected.hashes
cut -f 2- expected >expected.paths
hashes_below in expected.paths >arrived.hashes
if ! cmp -s expected.hashes arrived.hashes; then
  cut -f 2- expected | paste expected.hashes arrived.hashes - |
    awk -F '\t' '$1 != $2 { print substr($0, length($1 $2) + 3) }' >bad
  if [ -s "$ctl/derived" ]; then
    only_in "$ctl/derived" bad | (cd in && paths_to_nul | xargs -0 rm -f) || exit 33
    leave_out "$ctl/derived" bad 0
  fi
  if [ -s bad ]; then
    sed 's/^/bad /' bad
    exit 35
  fi
fi
if [ -s "$ctl/odd" ]; then
  (cd in && xargs -0 -n 1 sh -c 'sha256sum <"$0" || shasum -a 256 <"$0" || sha256 -q <"$0"' <"../$ctl/odd") 2>/dev/null |
    cut -c 1-64 | cmp -s - "$ctl/odd.hashes" || {
    echo 'bad a file with a line break in its name'
    exit 35
  }
fi

# The clone and what is new become one tree.
if [ -d tree ]; then
  {
    cat "$ctl/gone"
    sed -n "s|^[fd][^$tab]*$tab||p; s|^l$tab\([^$tab]*\)$tab.*|\1|p" "$ctl/added"
  } | (cd tree && paths_to_nul | xargs -0 rm -rf) || exit 33
  if [ -n "$(ls -A in)" ]; then
    cp -al in/. tree/ 2>complaints || cp -a in/. tree/ 2>complaints || { cat complaints >&2; exit 32; }
  fi
  rm -rf in
else
  mv in tree || exit 32
fi

# The manifest travels as its difference to BASE's. Bringing it forward and looking at the tree go on at the same time.
bringing=
if [ ! -f manifest ]; then
  bring_forward "$4" </dev/null &
  bringing=$!
fi
[ -f expect ] || true >expect
cat ctl*/added >sent
index tree >index || exit 37
fast=
if [ -n "$4" ] && [ -s expect ]; then judge_changes "$4" >verdict && fast=1; fi
if [ -n "$bringing" ]; then
  wait "$bringing" && [ "$(printf 'manifest.new\0' | hashes)" = "$(cat "$ctl/digest")" ] || exit 36
  mv manifest.new manifest
fi
[ -n "$fast" ] || judge >verdict || exit 37

sed -n 's|^~||p' verdict | touched "$PWD/manifest" "$PWD/tree" "$PWD/touched" | sed 's|^|!|' >wrong
sed -n '/^!/p' verdict >>wrong
if grep -q '^+' verdict; then
  # the running application wrote into the release while it was cloned
  sed -n 's|^+||p' verdict | (cd tree && paths_to_nul | xargs -0 rm -rf) || exit 33
fi
if [ -s wrong ]; then
  cat wrong
  exit 38
fi
if grep -q '^+' verdict; then
  index tree >index
fi

mkdir -p "$root/releases" "$meta/manifests" "$meta/releases" || exit 31
[ ! -e "$root/releases/$2" ] || exit 39
built=tree
if ln index "$root/releases/.$2.new" 2>/dev/null; then
  rm -f "$root/releases/.$2.new"
else
  # maybe another file system: copied there under a hidden name first, so that the release appears in one step
  built=$root/releases/.$2.new
  rm -rf "$built"
  mv tree "$built" && index "$built" >index || exit 40
fi
mv ctl1/note "$meta/releases/$2.json" && mv manifest "$meta/manifests/$2" && mv index "$meta/manifests/$2.stat" && mv "$built" "$root/releases/$2" || exit 40
[ ! -f cloned ] || cat cloned
cd / && rm -rf "$stage"
