# proxy.sh ROOT check|switch|settle FILE TEST SERVICE PIDFILE COMMAND SUDO SECONDS STATE [COLOR ADDRESS RELEASE TEXT | MASTER WORKER...]:
# what stands in front of the masters. "check" tests the configuration of nginx and says "master PID", "retiring WORKER" for each
# worker that is on its way out, and "unread FILE" when nginx does not include FILE. "switch" writes down STATE, puts TEXT into
# FILE, tests, and has nginx reload, or runs COMMAND; says "master PID" and "worker WORKER" for those that are to go; where it fails,
# FILE is as it was. "settle" waits until each WORKER of MASTER is gone or takes no more connections, and writes down STATE. Exit
# codes: 14 nothing can be written, 20 no nginx, 23 the configuration is broken, 24 the reload failed, 25 old workers still take
# connections after SECONDS.
set -u
action=$2 file=$3 test=$4 service=$5 pid_file=$6 command=$7 seconds=$9
[ "$8" = 0 ] || sudo='sudo -n'
shift 9
state=$1
shift

# find_master: nginx's, where there is one that we know of
find_master() {
  master=
  if [ -n "$pid_file" ]; then
    master=$(cat "$pid_file") || exit 20
  elif [ -n "$service" ]; then
    master=$(systemctl show -p MainPID --value "$service" | grep -vx 0) || exit 20
  else
    return 0
  fi
  case $master in '' | *[!0-9]*) exit 20 ;; esac
  # a pid file may be stale
  case $(title "$master") in
    *nginx*) ;;
    *)
      echo "process $master is no nginx" >&2
      exit 20
      ;;
  esac
}

# tested: whether nginx would take its configuration, as the master was started. What it says is in $said.
tested() {
  said=
  if [ -n "$test" ]; then
    said=$(order "$test" 2>&1)
    return
  fi
  [ -n "$master" ] || return 0
  program=
  next=
  set -f
  # the master's title: "nginx: master process /usr/sbin/nginx -c FILE"
  for word in $(title "$master" | sed -n 's/^.*master process //p'); do
    case $next in
      -c) config=$word ;;
      -p) prefix=$word ;;
    esac
    next=$word
    [ -n "$program" ] || program=$word
  done
  set +f
  set -- -T
  [ -z "${config:-}" ] || set -- "$@" -c "$config"
  [ -z "${prefix:-}" ] || set -- "$@" -p "$prefix"
  # what the master was told may be relative to where it was started
  directory=$(readlink "/proc/$master/cwd" 2>/dev/null || $sudo readlink "/proc/$master/cwd" 2>/dev/null)
  said=$(cd "${directory:-/}" 2>/dev/null; $sudo "${program:-nginx}" "$@" 2>&1) || {
    said=$(printf '%s\n' "$said" | grep -F '[emerg]' || printf '%s\n' "$said" | tail -n 3)
    return 1
  }
  # the dump names each file that was read
  [ -z "$file" ] || reads || echo "unread $file"
}

# reads: whether nginx reads that very file, by whatever path
reads() {
  printf '%s\n' "$said" | sed -n "s/^# configuration file \(.*\):\$/\1/p" | (
    while IFS= read -r one; do
      [ "$one" != "$file" ] || exit 0
      [ "${one##*/}" != "${file##*/}" ] || [ "$(readlink -f "$one")" != "$(readlink -f "$file")" ] || exit 0
    done
    exit 1
  )
}

broken() {
  printf '%s\n' "$said" >&2
  exit 23
}

# workers: "PID:START RETIRING" of each child of the master, RETIRING 1 when it takes no more connections
workers() {
  processes | awk -v master="$master" '$2 == master { print $1, $1 ":" $3 }' | while read -r pid worker; do
    case $(title "$pid") in
      *'shutting down'*) echo "$worker 1" ;;
      *worker*) echo "$worker 0" ;;
    esac
  done
}

case $action in
  check)
    find_master
    tested || broken
    [ -n "$master" ] || exit 0
    printf 'master %s\n' "$master"
    workers | sed -n 's/ 1$//p' | sed 's/^/retiring /'
    ;;
  switch)
    context "$1" "$2" "$3"
    find_master
    (umask 077 && mkdir -p "$home") && put "$home/state" "$state" || exit 14
    if [ -n "$file" ]; then
      # hidden names, which no "include *.conf" finds
      new=${file%/*}/.${file##*/}.$$
      rm -f "$new.old"
      [ ! -f "$file" ] || cp -p "$file" "$new.old" || exit 14
      { printf '%s\n' "$4" >"$new" && mv -f "$new" "$file"; } || exit 14
      # back: the file as it was
      back() {
        if [ -f "$new.old" ]; then mv -f "$new.old" "$file"; else rm -f "$file"; fi
      }
      tested || {
        back
        broken
      }
    fi
    [ -z "$master" ] || workers | sed -n 's/ 0$//p' | sed 's/^/worker /'
    printf 'master %s\n' "$master"
    if [ -n "$command" ]; then
      order "$command" </dev/null >&2
    elif [ -n "$service" ]; then
      $sudo systemctl reload "$service" >&2
    else
      $sudo kill -HUP "$master"
    fi || {
      [ -z "$file" ] || back
      exit 24
    }
    [ -z "$file" ] || rm -f "$new.old"
    ;;
  settle)
    master=$1
    shift
    old=$(for worker; do echo "$worker"; done)
    deadline=$(($(date +%s) + seconds))
    while [ -n "$master" ]; do
      left=$({ printf '%s\n' "$old" | sed 's/^/o /'; workers | sed 's/^/w /'; } | awk '
        $1 == "o" { old[$2] = 1; next }
        $3 == 0 { if ($2 in old) { left++ } else { new++ } }
        END { print left + 0, new + 0 }')
      case $left in
        '0 0') ;;
        '0 '*) break ;;
      esac
      if [ "$(date +%s)" -ge "$deadline" ]; then
        echo "left $left"
        exit 25
      fi
      pause
    done
    put "$home/state" "$state" || exit 14
    ;;
esac
