# Functions for SHA-256, in front of the other scripts of this folder.

# paths_to_nul: lines with paths become a list for xargs -0; no path looks like an option
paths_to_nul() {
  sed 's|^|./|' | tr '\n' '\0'
}

# hashes: the SHA-256 of each file that a NUL-separated list on standard input names, a line each, in the same order
hashes() {
  if command -v sha256sum >/dev/null 2>&1; then
    xargs -0 sha256sum
  elif command -v shasum >/dev/null 2>&1; then
    xargs -0 shasum -a 256
  elif command -v openssl >/dev/null 2>&1; then
    xargs -0 openssl dgst -sha256 -r
  else
    xargs -0 sha256 -r
  fi | sed 's/^\\//' | cut -c 1-64
}

# hashes_below DIR LIST: the same of the files below DIR that the lines of LIST name; where there are many, by two processes
hashes_below() {
  [ -s "$2" ] || return 0
  count=$(grep -c '' "$2")
  if [ "$count" -lt 1000 ]; then
    paths_to_nul <"$2" | (cd "$1" && hashes)
    return
  fi
  half=$((count / 2))
  tail -n +$((half + 1)) "$2" | paths_to_nul | (cd "$1" && hashes) >"$2.hashes" &
  other=$!
  head -n "$half" "$2" | paths_to_nul | (cd "$1" && hashes)
  wait "$other"
  cat "$2.hashes"
}
