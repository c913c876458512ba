# fpm.sh inspect|reload|await SERVICE PIDFILE COMMAND TEST SUDO SECONDS [MASTER ONDEMAND WORKER...]: looks at a PHP-FPM master.
# "inspect" and "reload" test its configuration and say "account NAME" of who does, "master PID", "worker PID:START" for each worker, "owner ACCOUNT", "cwd DIRECTORY",
# "file PATH" for each file of the configuration, "somaxconn N", and "config LINE" for each line of what "php-fpm -tt" shows; "reload" then has it reload. "await" waits until every WORKER is gone that MASTER
# had, and says "gone N" and "up N". Exit codes: 20 no master, 21 several, 22 not FPM's process, 23 the configuration is
# broken, 24 the reload failed, 25 old workers are still there after SECONDS, 26 the master is gone, 27 no new workers came.
set -u
export LC_ALL=C
action=$1 service=$2 pid_file=$3 command=$4 test=$5 seconds=$7
sudo=
[ "$6" = 0 ] || sudo='sudo -n'

# workers: "PID:START" of each child of the master
workers() {
  processes | awk -v master="$master" '$2 == master { print $1 ":" $3 }'
}

# find: the master's process id; several lines when there are several
find_master() {
  if [ -n "$pid_file" ]; then
    cat "$pid_file" || exit 20
  elif [ -n "$service" ]; then
    systemctl show -p MainPID --value "$service" | grep -vx 0 || exit 20
  else
    # a master is an FPM whose parent is none; so is a worker whose master was killed, but by its title
    found=$(processes | awk '
      $4 ~ /^php-fpm/ { parent[$1] = $2 }
      END { for (p in parent) { if (!(parent[p] in parent)) { print p } } }')
    for process in $found; do
      case $(tr '\0' ' ' <"/proc/$process/cmdline" 2>/dev/null) in
        *': pool '*) ;;
        *) echo "$process" ;;
      esac
    done
  fi
}

# A reload with a broken configuration ends the master: it is tested as the master would read it.
check() {
  if [ -n "$test" ]; then
    said=$(eval "$sudo $test" 2>&1) || failed
    case $said in *'[global]'*) return 0 ;; esac
  fi
  program=$(link "/proc/$master/exe")
  [ -n "$program" ] || program=$(command -v "$name" || command -v php-fpm || ls /usr/sbin/php-fpm* 2>/dev/null | head -n 1)
  # the master's title: "php-fpm: master process (/etc/php/8.2/fpm/php-fpm.conf)"
  config=$(tr -d '\0' <"/proc/$master/cmdline" 2>/dev/null | sed -n 's/^.*master process (\(.*\)).*$/\1/p')
  set -- -tt
  [ -z "$config" ] || set -- -tt -y "$config"
  # what the master was told may be relative to where it was started
  directory=$(link "/proc/$master/cwd")
  said=$(cd "${directory:-/}" 2>/dev/null; $sudo "${program:-php-fpm}" "$@" 2>&1) && return 0
  # the test that the user named has passed, so the dump is only what there is to know
  [ -z "$test" ] || return 0
  printf 'test %s %s\n' "${program:-php-fpm}" "$(echo "$@" | sed 's/^-tt/-t/')"
  # the dump of the configuration is no part of what is wrong with it
  said=$(printf '%s\n' "$said" | grep -v 'NOTICE:')
  failed
}

# bound: "cwd DIRECTORY" that the master was started in, and "file PATH" of each configuration file that it reads
bound() {
  printf 'cwd %s\n' "$(link "/proc/$master/cwd")"
  config=$(tr -d '\0' <"/proc/$master/cmdline" 2>/dev/null | sed -n 's/^.*master process (\(.*\)).*$/\1/p')
  [ -n "$config" ] || return 0
  printf 'file %s\n' "$config"
  { cat "$config" 2>/dev/null || $sudo cat "$config" 2>/dev/null; } | sed -n 's/^[ 	]*include[ 	]*=[ 	]*"\{0,1\}\(\/[^"]*\).*$/file \1/p'
}

failed() {
  printf '%s\n' "$said" >&2
  exit 23
}


if [ "$action" != await ]; then
  printf 'account %s\n' "$(id -un)"
  master=$(find_master) || exit 20
  case $master in
    '') exit 20 ;;
    *[!0-9]*)
      printf '%s\n' "$master" | tr '\n' ' '
      exit 21
      ;;
  esac
  name=$(processes | awk -v master="$master" '$1 == master { print $4 }')
  case $name in
    '') echo "process $master"; exit 20 ;;
    php-fpm*) ;;
    *) echo "process $master, $name"; exit 22 ;;
  esac
  check
  printf 'master %s\n' "$master"
  workers | sed 's/^/worker /'
  bound
  printf 'owner %s\n' "$(stat -c %U "/proc/$master" 2>/dev/null)"
  printf 'somaxconn %s\n' "$(cat /proc/sys/net/core/somaxconn 2>/dev/null)"
  printf '%s\n' "$said" | sed -n 's/^.*NOTICE: /config /p'
  [ "$action" = reload ] || exit 0
  if [ -n "$command" ]; then
    eval "$sudo $command" >&2 || exit 24
  elif [ -n "$service" ]; then
    $sudo systemctl reload "$service" >&2 || exit 24
  else
    $sudo kill -USR2 "$master" || exit 24
  fi
  exit 0
fi

# await: what follows are the master, whether it makes workers on demand only, and its old workers
master=$8 ondemand=$9
shift 9
old=$(for worker; do echo "$worker"; done)
# A master in the foreground keeps its process id and start time over a reload, one that is a daemon gets a new one: only
# workers show that it has ended.
gone=0
deadline=$(($(date +%s) + seconds))
while :; do
  left=$({ printf '%s\n' "$old" | sed 's/^/o /'; processes | sed 's/^/p /'; } | awk -v master="$master" '
    $2 == "" { next }
    $1 == "o" { old[$2] = 1; next }
    ($2 ":" $4) in old { left++; next }
    $3 == master { new++ }
    END { print left + 0, new + 0 }')
  case $left in
    '0 0')
      # with pm = ondemand there are none until somebody asks
      if [ -z "$old" ] || [ "$ondemand" = 1 ]; then break; fi
      ;;
    '0 '*) break ;;
  esac
  name=$(processes | awk -v master="$master" '$1 == master { print $4 }')
  case $name in
    php-fpm*) gone=0 ;;
    *)
      # a daemon writes its new process id at the end of its start
      next=$(find_master 2>/dev/null)
      case $next in
        '' | *[!0-9]* | "$master") gone=$((gone + 1)) ;;
        *) master=$next ;;
      esac
      [ "$gone" -lt 50 ] || exit 26
      ;;
  esac
  if [ "$(date +%s)" -ge "$deadline" ]; then
    [ "${left% *}" != 0 ] || exit 27
    echo "left ${left% *}"
    exit 25
  fi
  sleep 0.1 2>/dev/null || sleep 1
done
printf 'gone %s\nup %s\n' "$(printf '%s' "$old" | grep -c .)" "${left#* }"
