# start.sh ROOT COLOR ADDRESS RELEASE STATE SUDO SECONDS PROGRAM CONFIG COMMAND: writes down STATE and what the master is to
# serve, runs the COMMAND that starts it, and waits until somebody listens at ADDRESS. Says "master PID". Exit codes: 14 the
# deploy path cannot be written, 17 the release is not there, 24 the command failed, 25 nobody listens after SECONDS; standard
# error then has what was printed.
set -u
context "$2" "$3" "$4"
[ "$6" = 0 ] || sudo='sudo -n'
seconds=$7 program=$8 config=$9
export program config
(umask 077 && mkdir -p "$home") || exit 14

# quoted TEXT: as systemd's EnvironmentFile has it
quoted() {
  printf '"%s"' "$(printf '%s' "$1" | sed 's/[\\"$`]/\\&/g')"
}
environment="RELEASE=$(quoted "$release")
RELEASE_PATH=$(quoted "$releasePath")
PORT=$(quoted "$port")
SOCKET=$(quoted "$socket")
COLOR=$(quoted "$color")"
for name in "$color" $port; do
  put "$home/$name.env" "$environment" || exit 14
done
put "$home/state" "$5" || exit 14
log=$home/$color.log
(umask 077 && : >"$log") || exit 14
[ -d "$releasePath" ] || exit 17
shift 9
# the output goes into a file: whatever stays behind would else keep us waiting for its end
if ! order "$1" </dev/null >>"$log" 2>&1; then
  tail -n 20 "$log" >&2
  exit 24
fi
deadline=$(($(date +%s) + seconds))
until listens "$socket"; do
  if [ "$(date +%s)" -ge "$deadline" ]; then
    tail -n 20 "$log" >&2
    exit 25
  fi
  pause
done
printf 'master %s\n' "$(holder "$socket")"
