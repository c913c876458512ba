# hook.sh ROOT RELEASE PREVIOUS COMMAND: runs a command of the user's in the release's directory. The command sees no input;
# ours stays open as long as somebody waits for the command: when it ends, the command is ended.
PHP_DEPLOY_PATH=$1
PHP_RELEASE=$2
PHP_RELEASE_PATH=$1/releases/$2
PHP_PREVIOUS_RELEASE=$3
export PHP_DEPLOY_PATH PHP_RELEASE PHP_RELEASE_PATH PHP_PREVIOUS_RELEASE
cd "$PHP_RELEASE_PATH" || exit 43
exec 3<&0
# in a session of its own, where that can be had, so that all of it can be ended; the text does not show in the process list
PHP_HOOK=$4
export PHP_HOOK
run='command=$PHP_HOOK; unset PHP_HOOK; eval "$command"'
if command -v setsid >/dev/null 2>&1; then
  setsid sh -c "$run" </dev/null 2>&1 3<&- &
else
  sh -c "$run" </dev/null 2>&1 3<&- &
fi
hook=$!
(
  exec >/dev/null 2>&1
  read -r _ <&3
  kill -- "-$hook" || kill "$hook"
) &
guard=$!
exec 3<&-
wait "$hook"
status=$?
kill "$guard" 2>/dev/null
exit "$status"
