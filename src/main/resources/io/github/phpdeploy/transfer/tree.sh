# Functions over trees and manifests, in front of the other scripts of this folder. They keep to what GNU, busybox and
# BSD userlands share. Names with a line break, and links with a tab in name or target, are "odd": tools that work line by
# line cannot tell them, so they are left out here, removed from clones and sent anew each time.
export LC_ALL=C
nl='
'
tab=$(printf '\t')

# The words that make stat(1) print what is known of a file, GNU and busybox or BSD; the change time comes last.
if stat -c %a / >/dev/null 2>&1; then
  stat_option=-c stat_format="f %a %s %i %y;%z$tab%n"
else
  stat_option=-f stat_format="f %Lp %z %i %Fm;%Fc$tab%N"
fi

# scan DIR: what lies below DIR, a line each, in any order:
#   f <octal mode> <size> <inode> <mtime>;<ctime>TAB<path>     d TAB<path>     l TAB<path>TAB<target>     o TAB<path>
scan() (
  cd "$1" || exit 30
  if find . -prune -printf '' 2>/dev/null; then
    find . -mindepth 1 -name "*$nl*" -prune -o \
      -type l \( -path "*$tab*" -o -lname "*[$tab$nl]*" \) -prune -o \
      -type f -printf 'f %m %s %i %T@;%C@\t%P\n' -o \
      -type d -printf 'd\t%P\n' -o \
      -type l -printf 'l\t%P\t%l\n' -o \
      -printf 'o\t%P\n'
    exit
  fi
  find . -name "*$nl*" -prune -o -type f -exec stat "$stat_option" "$stat_format" {} + | sed "s|$tab\./|$tab|"
  find . -name "*$nl*" -prune -o -type d -print | sed "/^\.\$/d; s|^\./|d$tab|"
  find . -name "*$nl*" -prune -o ! -type d ! -type f ! -type l -print | sed "s|^\./|o$tab|"
  find . -name "*$nl*" -prune -o -type l ! -path "*$tab*" -exec sh -c '
    for l; do
      t=$(readlink "$l"; echo x)
      t=${t%?x}
      case $t in *"$0"*) ;; *) printf "l\t%s\t%s\n" "${l#./}" "$t" ;; esac
    done' "$tab" {} + | awk -F '\t' 'NF == 3 && $1 == "l"'
)

# index DIR: the scan of DIR behind a header with the time of the file system's clock when it began
index() {
  stamp=$stage/now
  true >"$stamp"
  if find "$stamp" -printf '' 2>/dev/null; then
    find "$stamp" -printf 'php-deploy-index 1;%C@\n'
  else
    stat "$stat_option" "$stat_format" "$stamp" | sed "s|^.*;\([^;]*\)$tab.*|php-deploy-index 1;\1|"
  fi
  rm -f "$stamp"
  scan "$1"
}

# remove_odd DIR: removes from below DIR what scan leaves out
remove_odd() (
  cd "$1" || exit 30
  find . -name "*$nl*" -prune -exec rm -rf {} +
  find . -type l -exec sh -c '
    for l; do
      case $l$(readlink "$l") in *"$0"* | *"$1"*) rm -f "$l" ;; esac
    done' "$tab" "$nl" {} +
)

# differ INDEX SCAN: what is not as it was: "+path" is new, "-path" is gone, "~path" is a file that may have changed
differ() {
  awk -F '\t' '
    function key() { return substr($0, length($1) + 2) }
    function name(k, kind) { if (kind == "l") { sub(/\t.*/, "", k) } return k }
    function ctime(stat) { sub(/^.*;/, "", stat); return stat "" }
    NR == 1 { taken = ctime($0); next }
    NR == FNR { was[key()] = $1; next }
    {
      k = key()
      if (!(k in was)) { print "+" name(k, $1); next }
      old = was[k]
      delete was[k]
      if (old != $1) {
        if (substr(old, 1, 1) == "f" && substr($1, 1, 1) == "f") { print "~" k; next }
        print "+" name(k, $1)
        print "-" name(k, old)
        next
      }
      # changed in the very tick in which it was scanned, and maybe once more since: git calls this racily clean
      if (substr($1, 1, 1) == "f" && ctime($1) >= taken) { print "~" k }
    }
    END { for (k in was) { print "-" name(k, was[k]) } }
  ' "$1" "$2"
}

# touched MANIFEST DIR WORK: of the paths on standard input, all files below DIR, those whose content or executable bit is
# not what MANIFEST says, and those that it does not know
touched() (
  cat >"$3.paths"
  [ -s "$3.paths" ] || exit 0
  cd "$2" || exit 30
  while IFS= read -r path; do
    if [ -x "$path" ]; then echo x; else echo -; fi
  done <"$3.paths" >"$3.bits"
  paths_to_nul <"$3.paths" | hashes >"$3.hashes"
  paste -d ' ' "$3.bits" "$3.hashes" "$3.paths" | manifest=$1 awk '
    BEGIN {
      while ((getline line < ENVIRON["manifest"]) > 0) {
        if (substr(line, 1, 2) == "f ") {
          tab = index(line, "\t")
          split(substr(line, 1, tab - 1), word, " ")
          want[substr(line, tab + 1)] = word[2] " " word[4]
        }
      }
    }
    { path = substr($0, 68); if (want[path] != substr($0, 1, 66)) { print path } }
  '
)
