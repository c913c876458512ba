# hold.sh, behind lock.sh: holds the lock as long as its input is open and speaks, a line every few seconds; "unlock" gives it
# back. When the client is killed its connection ends, and so does this; when the connection hangs, a second process ends it.
# The file "alive" tells those who lock by SFTP, and see no process, that somebody is there.
echo holding
true >"$meta/beat"
(
  silent=0
  while sleep 5; do
    kill -0 $$ 2>/dev/null || exit
    if [ -f "$meta/beat" ]; then
      rm -f "$meta/beat"
      silent=0
    else
      silent=$((silent + 1))
      [ "$silent" -lt 9 ] || kill $$
    fi
  done
) </dev/null >/dev/null 2>&1 9>&- &
watchdog=$!
while IFS= read -r word; do
  true >"$meta/beat"
  { true >"$meta/alive"; } 2>/dev/null
  if [ "$word" = unlock ]; then
    : >"$lock"
    break
  fi
done
kill "$watchdog" 2>/dev/null
rm -f "$meta/beat" "$meta/alive"
