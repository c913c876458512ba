# stop.sh ROOT COLOR ADDRESS RELEASE STATE SUDO SECONDS SIGNAL PIDFILE COMMAND: stops a master, by the COMMAND or by SIGNAL, waits until
# nobody listens at ADDRESS any more, and writes down STATE. Exit codes: 14 the deploy path cannot be written, 24 the command
# or the signal failed, 25 somebody still listens after SECONDS, 26 it is not known which process it is.
set -u
context "$2" "$3" "$4"
state=$5 seconds=$7 signal=$8 pid_file=$9
[ "$6" = 0 ] || sudo='sudo -n'
shift 9

# lives PID: whether a process is there, and not only its remains that nobody has taken notice of
lives() {
  case $(sed 's/^.*) //' "/proc/$1/stat" 2>/dev/null) in '' | Z* | X*) return 1 ;; esac
}

if [ -n "$1" ]; then
  # one that does not listen may be on its way all the same
  if listens "$socket"; then there=1; else there=; fi
  order "$1" </dev/null >&2 || [ -z "$there" ] || exit 24
elif listens "$socket"; then
  pid=$(holder "$socket")
  # who may not see whose socket it is goes by what the master wrote
  [ -n "$pid" ] || [ -z "$pid_file" ] || pid=$(cat "$pid_file" 2>/dev/null)
  case $pid in '' | *[!0-9]*) exit 26 ;; esac
  $sudo kill "-$signal" "$pid" || exit 24
fi
deadline=$(($(date +%s) + seconds))
while listens "$socket" || { [ -n "${pid:-}" ] && lives "$pid"; }; do
  [ "$(date +%s)" -lt "$deadline" ] || exit 25
  pause
done
put "$home/state" "$state" || exit 14
