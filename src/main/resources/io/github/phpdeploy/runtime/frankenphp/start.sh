# Starts a FrankenPHP of its own for a release, in the background. Variables: "program"; "socket", where it listens (a port, HOST:PORT or
# the path of a Unix socket); "config", a worker script, a document root that has none, or a Caddyfile, which finds "port", "socket",
# "release" and "releasePath" in its environment. php-server has no admin API, so that two never meet at its port.
command -v "$program" >/dev/null || { echo "there is no program $program" >&2; exit 1; }
[ -e "$config" ] || { echo "there is no $config" >&2; exit 1; }
case $socket in
  /*) listen=unix/$socket ;;
  *:*) listen=$socket ;;
  *) listen=127.0.0.1:$socket ;;
esac
case $config in
  *.php) "$program" php-server --listen "$listen" --root "${config%/*}" --worker "$config" & ;;
  *)
    if [ -d "$config" ]; then
      "$program" php-server --listen "$listen" --root "$config" &
    else
      "$program" run --config "$config" --adapter caddyfile &
    fi
    ;;
esac
