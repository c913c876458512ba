# settle.sh ROOT CURRENT WARM DIGITS: empties the trash and then renews what is known of the files of release CURRENT: removing other
# links to a file changes its change time. With WARM = 1 it leaves a clone of CURRENT under .php-deploy/warm, for the next
# release to start from, where clones share their bytes. All of it goes on after this script has ended; nobody waits for it.
set -u
root=$1
meta=$root/.php-deploy
index=$meta/manifests/$2.stat
stage=$meta/staging/settle.$$
mkdir -p "$stage" || exit
# what was killed here, long ago
find "$meta/staging" -name 'settle.*' -prune -mmin +120 -exec rm -rf {} + 2>/dev/null

# renew BEFORE AFTER INDEX MARK: INDEX, with the state AFTER of each file that BEFORE has as INDEX does, and that since then got
# other links, or is a clone, but was not written. With MARK = 1, what changed in the very tick in which AFTER began, and maybe
# once more since, gets a state that no file has.
renew() {
  awk -F '\t' -v OFS='\t' -v mark="$4" '
    function key() { return substr($0, length($1) + 2) }
    function written(stat) { split(stat, word, " "); sub(/;.*/, "", word[5]); return word[2] " " word[3] " " word[5] }
    FILENAME == ARGV[1] { before[key()] = $1; next }
    function ctime(stat) { sub(/^.*;/, "", stat); return stat "" }
    FILENAME == ARGV[2] { if (FNR == 1) { head = $0; taken = ctime($0) } else { after[key()] = $1 } next }
    FNR == 1 { print head; next }
    {
      k = key()
      known = before[k] == $1 && k in after
      now = known && written($1) == written(after[k]) ? after[k] : $1
      if (mark && substr($1, 1, 1) == "f" && ctime(now) >= taken) { now = now "?" }
      print now, k
    }
  ' "$1" "$2" "$3"
}

(
  trap '' HUP
  cd "$stage" || exit
  manifest=$meta/manifests/$2
  if [ -f "$manifest" ] && printf '%s %s\n' "$4" "$(printf '%s\0' "$manifest" | hashes)" >brief && brief "$4" "$manifest" -9 >>brief; then
    mv brief "$manifest.brief"
  fi
  [ ! -f "$index" ] || scan "$root/releases/$2" >before
  rm -rf "$meta/trash" "$meta/warm"
  if [ -f "$index" ]; then
    true >probe
    if [ "$3" = 1 ] && cp --reflink=always probe probe2; then
      cp -a --reflink=always "$root/releases/$2" warm || rm -rf warm
    elif [ "$3" = 1 ] && rm -f probe2 && ln probe probe2; then
      cp -al "$root/releases/$2" warm || rm -rf warm
    fi
    index "$root/releases/$2" >after
    renew before after "$index" 0 >renewed
    if [ -d warm ]; then
      # what the application, and we, have put into the release since
      scan warm | awk -F '\t' '
        function key() { return substr($0, length($1) + 2) }
        FILENAME == ARGV[1] { known[key()] = 1; next }
        !(key() in known) { k = key(); if ($1 == "l") { sub(/\t.*/, "", k) } print k }
      ' "$index" - >foreign
      [ ! -s foreign ] || (cd warm && sed 's|^|./|' ../foreign | tr '\n' '\0' | xargs -0 rm -rf)
    fi
    if [ -d warm ] && remove_odd warm && index warm >after.warm && renew before after.warm "$index" 1 >warm.stat; then
      # the directory comes last: where it is, all is
      mkdir -p "$meta/warm" && mv warm.stat "$meta/warm/$2.stat" && mv warm "$meta/warm/$2"
    fi
    mv renewed "$index"
  fi
  cd / && rm -rf "$stage"
) </dev/null >/dev/null 2>&1 9>&- &
