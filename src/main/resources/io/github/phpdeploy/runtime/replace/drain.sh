# drain.sh ROOT ADDRESS SECONDS [WORKER...]: waits, SECONDS at most, until no connection to ADDRESS is open and every WORKER
# ("PID:START") of the proxy is gone that could make one; where no WORKER is known, until there was none for a second. Says
# "open COUNT" and "workers COUNT", of what is left.
set -u
address=$2
deadline=$(($(date +%s) + $3))
shift 3
# how often in a row there must be nothing
needed=3
[ $# -gt 0 ] || needed=11
quiet=0
old=$(for worker; do echo "$worker"; done)
while :; do
  left=$({ printf '%s\n' "$old" | sed 's/^/o /'; processes | sed 's/^/p /'; } | awk '
    $1 == "o" { old[$2] = 1; next }
    ($2 ":" $4) in old { left++ }
    END { print left + 0 }')
  open=$(sockets "$address" | grep -c '^open')
  if [ "$left" = 0 ] && [ "$open" = 0 ]; then
    quiet=$((quiet + 1))
    [ "$quiet" -lt "$needed" ] || break
  else
    quiet=0
  fi
  [ "$(date +%s)" -lt "$deadline" ] || break
  pause
done
printf 'open %s\nworkers %s\n' "$open" "$left"
