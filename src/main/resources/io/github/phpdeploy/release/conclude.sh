# conclude.sh ROOT TOKEN JOURNAL N [ID RECORD]... [RELEASE]...: writes N records, appends JOURNAL (unless empty) to the journal,
# and takes the releases out of the way, each in one step, but for those that a process still uses. What is taken lies in
# .php-deploy/trash until it is emptied. Says "removed ID" or "used ID BY".
set -u
guard "$2"
journal=$3
records=$4
shift 4

# discard PATH NAME: out of sight in one step, to be removed later; at once where there is no room left for that
discard() {
  [ -d "$1" ] || return 0
  mkdir -p "$meta/trash" 2>/dev/null && mv "$1" "$meta/trash/$2" 2>/dev/null || rm -rf "$1"
}

# Uploads that were left go first, and at once: they may be what fills the disk.
skip=$((records * 2))
for id; do
  skip=$((skip - 1))
  [ "$skip" -ge 0 ] || rm -rf "$meta/staging/${id:?}" "$root/releases/.$id.new"
done

mkdir -p "$meta/releases" || exit 14
while [ "$records" -gt 0 ]; do
  put "$meta/releases/$1.json" "$2" || exit 14
  records=$((records - 1))
  shift 2
done
if [ -n "$journal" ]; then
  (umask 077 && printf '%s\n' "$journal" >>"$meta/journal.jsonl") || exit 14
fi
[ $# -gt 0 ] || exit 0

rest=
for id; do
  if [ -d "$root/releases/$id" ]; then rest=1; fi
done

real=$(cd -P "$root" && pwd -P)

# What processes have as program, working directory, open or mapped file, or argument. Only root sees it of all; arguments
# everybody sees. Directories of open files are listed, not the files one by one: those may be too many for a command line.
uses=$meta/uses.$$
if [ -n "$rest" ]; then true >"$uses" || exit 14; fi
[ -z "$rest" ] || {
  # shellcheck disable=SC2012
  ls -l /proc/[0-9]*/cwd /proc/[0-9]*/exe /proc/[0-9]*/fd | awk '
    /^\/proc\/[0-9]+\/fd:$/ { split($0, part, "/"); process = part[3]; next }
    {
      at = index($0, " -> ")
      if (!at) { next }
      link = substr($0, 1, at - 1)
      if (match(link, /\/proc\/[0-9]+\/(cwd|exe)$/)) { split(substr(link, RSTART), part, "/"); process = part[3] }
      print process, substr($0, at + 4)
    }'
  grep -F "$real/releases/" /dev/null /proc/[0-9]*/maps | sed -n 's|^/proc/\([0-9]*\)/maps:[^/]*\(/.*\)$|\1 \2|p'
  if ! ps -A -o pid= -o args= && ! ps -o pid,args; then
    for process in /proc/[0-9]*; do
      printf '%s %s\n' "${process#/proc/}" "$(tr '\0\n' '  ' <"$process/cmdline")"
    done
  fi
} >"$uses" 2>/dev/null
for id; do
  by=
  [ -z "$rest" ] || by=$(real=$real/releases/$id awk '
    {
      at = index($0 "/", ENVIRON["real"] "/")
      if (!at) { at = index($0 " ", ENVIRON["real"] " ") }
      if (at) { print $1; exit }
    }' "$uses")
  if [ -n "$by" ]; then
    printf 'used %s %s\n' "$id" "$by"
    continue
  fi
  discard "$root/releases/$id" "$id.$$" || exit 14
  rm -f "$meta/releases/$id.json" "$meta/manifests/$id" "$meta/manifests/$id.stat" "$meta/manifests/$id.times" \
    "$meta/manifests/$id.brief"
  printf 'removed %s\n' "$id"
done
rm -f "$uses"
