# Starts Laravel Octane of a release, in the background. Variables: "program", php; "config", the file in which this Octane is to keep
# its state; "server", which server it is to use, or nothing for what config/octane.php says. Whoever deploys may have been told by
# APP_BASE_PATH what to boot: that is not for the new one.
[ -n "$port" ] || { echo "Laravel Octane listens at ports alone: name two with php.replace.ports" >&2; exit 1; }
command -v "$program" >/dev/null || { echo "there is no program $program" >&2; exit 1; }
[ -f artisan ] || { echo "there is no artisan in $releasePath" >&2; exit 1; }
unset APP_BASE_PATH
rm -f "$config"
OCTANE_STATE_FILE=$config "$program" "$releasePath/artisan" octane:start --host=127.0.0.1 --port="$port" ${server:+--server="$server"} &
