# Functions for upload.sh, in a staging area: the manifest of the new release, and whether the tree is what it says.

# bring_forward BASE: "manifest.new" is the manifest of BASE with what the lists say, or, without BASE, the list itself
bring_forward() {
  [ -f "$ctl/chunks" ] || true >"$ctl/chunks"
  if [ -z "$1" ]; then
    cp "$ctl/added" manifest.new
    return
  fi
  awk -F '\t' '
    function key() { return $1 == "l" ? $2 : substr($0, length($1) + 2) }
    FILENAME == ARGV[1] { if ($1 !~ /^[A-Z]/) { gone[key()] = 1 } next }
    FILENAME == ARGV[2] { gone[$0] = 1; next }
    FNR == 1 { print >"manifest.new"; next }
    # what is odd is sent, and listed, each time
    $1 !~ /^[A-Z]/ && !(key() in gone)
  ' "$ctl/added" "$ctl/gone" "$meta/manifests/$1" | sort -m -t "$tab" -k 2 - "$ctl/added" "$ctl/chunks" >manifest.rest &&
    cat manifest.rest >>manifest.new
}

# judge: what of the tree, as "index" has it, is not what "manifest" says: "+path" is too much, "!path" is missing or wrong,
# "~path" is a file that does not look as it did when the clone was made, and must be read
judge() {
  awk -F '\t' '
    function key() { return substr($0, length($1) + 2) }
    function name(k, kind) { if (kind == "l") { sub(/\t.*/, "", k) } return k }
    function ctime(stat) { sub(/^.*;/, "", stat); return stat "" }
    FILENAME == ARGV[1] {
      if (FNR > 1 && $1 !~ /^[A-Zc]/) {
        if (substr($1, 1, 1) == "f") { split($1, word, " "); want[key()] = "f " word[2] " " word[3] } else { want[key()] = $1 }
      }
      next
    }
    FILENAME == ARGV[2] { sent[key()] = 1; next }
    FILENAME == ARGV[3] { if (FNR == 1) { taken = ctime($0) } else { was[key()] = $1 } next }
    FNR == 1 { next }
    {
      is = $1
      if (split($1, stat, " ") > 1) {
        is = "f " (substr(stat[2], length(stat[2]) - 2, 1) % 2 ? "x" : "-") " " stat[3]
      }
      k = key()
      if (!(k in want)) { print "+" name(k, $1); next }
      if (want[k] != is) { print "!" name(k, $1) }
      else if (taken != "" && is != $1 && !(k in sent) && (was[k] != $1 || ctime($1) >= taken)) { print "~" k }
      delete want[k]
    }
    END { for (k in want) { print "!" name(k, want[k]) } }
  ' manifest sent expect index
}

# judge_changes BASE: the same by what is not as "expect" has it, which is what the clone of BASE looked like when it was held
# against its manifest: nearly all lines are the same, and the manifest need not be read. Fails where that cannot be known.
judge_changes() {
  [ "$(grep -c '^[fdl]' "$meta/manifests/$1")" = "$(sed 1d expect | grep -c '')" ] || return
  awk '
    FILENAME == ARGV[1] { if (FNR > 1) { was[$0] } next }
    FNR == 1 { next }
    $0 in was { delete was[$0]; next }
    { print ">" $0 }
    END { for (line in was) { print "<" line } }
  ' expect index >moved
  awk -F '\t' '
    function key() { return substr($0, length($1) + 2) }
    function name(k, kind) { if (substr(kind, 2, 1) == "l") { sub(/\t.*/, "", k) } return k }
    # what a manifest knows of what an index says
    function known(stat) {
      if (split(stat, word, " ") < 2) { return substr(stat, 2) }
      return "f " (substr(word[2], length(word[2]) - 2, 1) % 2 ? "x" : "-") " " word[3]
    }
    FILENAME == ARGV[1] {
      if ($1 ~ /^[A-Zc]/ || $0 ~ /^php-deploy-manifest /) { next }
      added[name(key(), "<" $1)] = 1
      if (substr($1, 1, 1) == "f") { split($1, word, " "); want[key()] = "f " word[2] " " word[3] } else { want[key()] = $1 }
      next
    }
    FILENAME == ARGV[2] { gone[$0] = 1; next }
    substr($1, 1, 1) == "<" { before[key()] = $1; next }
    { after[key()] = $1 }
    END {
      for (k in want) {
        # it was there already, just so
        if (!(k in after)) { exit 1 }
      }
      for (k in after) {
        if (k in want) { if (want[k] != known(after[k])) { print "!" name(k, after[k]) } }
        else if (!(k in before) || name(k, after[k]) in gone) { print "+" name(k, after[k]) }
        else if (known(before[k]) != known(after[k])) { print "!" name(k, after[k]) }
        else { print "~" k }
      }
      for (k in before) {
        n = name(k, before[k])
        if (!(k in after) && !(n in added) && !(n in gone)) { print "!" n }
      }
    }
  ' "$ctl/added" "$ctl/gone" moved
}
