# settle.sh ROOT CURRENT: empties the trash and then renews what is known of the files of release CURRENT: removing other
# links to a file changes its change time. Both go on after this script has ended; nobody waits for them.
set -u
meta=$1/.php-deploy
index=$meta/manifests/$2.stat
stage=$meta/staging/settle.$$
mkdir -p "$stage" || exit
# what was killed here, long ago
find "$meta/staging" -name 'settle.*' -prune -mmin +120 -exec rm -rf {} + 2>/dev/null
(
  trap '' HUP
  [ ! -f "$index" ] || scan "$1/releases/$2" >"$stage/before"
  rm -rf "$meta/trash"
  if [ -f "$index" ]; then
    index "$1/releases/$2" >"$stage/after"
    # only of a file that had not been touched before is the new state believed
    awk -F '\t' -v OFS='\t' '
      function key() { return substr($0, length($1) + 2) }
      FNR == 1 { file++ }
      file == 1 { before[key()] = $1; next }
      file == 2 { if (FNR == 1) { head = $0 } else { after[key()] = $1 } next }
      FNR == 1 { print head; next }
      { k = key(); print (before[k] == $1 && k in after ? after[k] : $1), k }
    ' "$stage/before" "$stage/after" "$index" >"$stage/index" && mv "$stage/index" "$index"
  fi
  rm -rf "$stage"
) </dev/null >/dev/null 2>&1 9>&- &
