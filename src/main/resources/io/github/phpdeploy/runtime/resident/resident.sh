# resident.sh inspect|workers|reload|await PIDFILE PIDCOMMAND SUDO ROOT DEPTH PORT SIGNAL SECONDS [MASTER REPEAT (old|kept) PID:START ...]:
# looks at a PHP server that lives on between requests: a master, and its workers. DEPTH says where these are: 1 its
# children, 2 the children of one of its children, auto whichever there are.
#
# "inspect" says "current RELEASE", "switched EPOCH", "root DIRECTORY", "pidfile PATH", "master PID:START", "since EPOCH",
# "title COMMAND LINE", "cwd DIRECTORY", "base DIRECTORY" (APP_BASE_PATH), "file PATH" for what is open or mapped under the
# releases, "enable_cli VALUE", "listeners N", "deep 0|1" and "worker PID:START EPOCH TITLE" for each worker; "workers" says
# the master and its workers alone. "reload" sends SIGNAL to MASTER. "await" waits until every old worker is gone, and others are there than those and the kept ones, and says
# "gone N", "up N", "again N"; with REPEAT it sends SIGNAL again when nothing happens, because servers forget it during a reload.
# Exit codes: 20 no pid, 21 not a pid, 22 no such process, 23 not PHP, 24 the signal was refused, 25 old workers are still
# there after SECONDS, 26 the master is gone, 27 no new workers came.
set -u
export LC_ALL=C
action=$1 pid_file=$2 pid_command=$3 root=$5 depth=$6 port=$7 signal=$8 seconds=$9
sudo=
[ "$4" = 0 ] || sudo='sudo -n'
shift 9

# workers: of the processes that it reads, "PID:START" of each worker, and a line "deep 0|1"
workers() {
  awk -v master="$master" -v depth="$depth" '
    { parent[$1] = $2; start[$1] = $3 }
    END {
      for (p in parent) {
        if (parent[p] == master) { children++ }
        above = parent[p]
        if ((above in parent) && parent[above] == master && !(above in counted)) { counted[above] = 1; managers++; manager = above }
      }
      boss = master
      if (managers == 1 && (depth == 2 || (depth == "auto" && children == 1))) { boss = manager }
      print "deep", (boss == master ? 0 : 1)
      for (p in parent) { if (parent[p] == boss) { print p ":" start[p] } }
    }' | sort
}

# since START: the same in seconds since 1970; 0 where that is not known
since() {
  awk -v start="$1" -v hz="$(getconf CLK_TCK 2>/dev/null || echo 100)" '
    $1 == "btime" { boot = $2 }
    END { print (boot && start ~ /^[0-9]+$/ ? int(boot + start / hz) : 0) }' /proc/stat 2>/dev/null || echo 0
}

find_master() {
  if [ -n "$pid_file" ]; then
    [ -r "$pid_file" ] || exit 20
    found=$(cat "$pid_file") || exit 20
    # Laravel Octane writes it among other things
    case $found in
      *'"masterProcessId"'*) found=$(printf '%s\n' "$found" | sed -n 's/.*"masterProcessId": *\([0-9][0-9]*\).*/\1/p' | head -n 1) ;;
    esac
  else
    found=$(eval "$pid_command") || exit 20
  fi
  case $found in
    '' | 0) exit 20 ;;
    *[!0-9]*)
      printf '%s\n' "$found" | head -n 1
      exit 21
      ;;
  esac
}

if [ "$action" = inspect ] || [ "$action" = workers ]; then
  printf 'current %s\n' "$(basename "$(readlink "$root/current" 2>/dev/null)")"
  printf 'switched %s\n' "$(stat -c %Y "$root/current" 2>/dev/null || stat -f %m "$root/current" 2>/dev/null)"
  real=$(cd "$root" 2>/dev/null && pwd -P)
  printf 'root %s\n' "${real:-$root}"
  if [ -n "$pid_file" ]; then
    printf 'pidfile %s\n' "$(readlink -f "$pid_file" 2>/dev/null || echo "$pid_file")"
  fi
  find_master
  master=$found
  all=$(processes)
  self=$(printf '%s\n' "$all" | awk -v master="$master" '$1 == master { print $3, $4 }')
  [ -n "$self" ] || { echo "process $master"; exit 22; }
  name=${self#* }
  case $name in
    *php* | *swoole*) ;;
    *) echo "process $master, $name"; exit 23 ;;
  esac
  printf 'master %s:%s\nsince %s\n' "$master" "${self%% *}" "$(since "${self%% *}")"
  printf '%s\n' "$all" | workers | while read -r worker more; do
    if [ "$worker" = deep ]; then
      echo "deep $more"
    else
      printf 'worker %s %s %s\n' "$worker" "$(since "${worker#*:}")" "$(title "${worker%%:*}" | tr '\n' ' ')"
    fi
  done
fi

if [ "$action" = inspect ]; then
  printf 'title %s\n' "$(title "$master" | tr '\n' ' ')"
  printf 'cwd %s\n' "$(link "/proc/$master/cwd")"
  printf 'base %s\n' "$(cat "/proc/$master/environ" 2>/dev/null | tr '\0' '\n' | sed -n 's/^APP_BASE_PATH=//p' | head -n 1)"
  {
    for open in "/proc/$master"/fd/*; do
      link "$open"
    done
    sed -n 's/^[^/]* \(\/.*\)$/\1/p' "/proc/$master/maps" 2>/dev/null
  } | awk -v below="${real:-$root}/releases/" 'index($0, below) == 1 && !seen[$0]++ && n++ < 20 { print "file " $0 }'
  program=$(link "/proc/$master/exe")
  printf 'enable_cli %s\n' "$("${program:-php}" -r 'echo ini_get("opcache.enable_cli");' 2>/dev/null </dev/null)"
  # a port that is listened on several times at one address: each worker has a queue of its own
  printf 'listeners %s\n' "$(cat /proc/net/tcp /proc/net/tcp6 2>/dev/null |
    awk -v port="$(printf ':%04X' "$port")" '$4 == "0A" && substr($2, length($2) - 4) == port { if (++n[$2] > most) { most = n[$2] } } END { print most + 0 }')"
fi
case $action in inspect | workers) exit 0 ;; esac

# reload and await: the master is the one that was found before
start=${1#*:} master=${1%%:*} repeat=$2
shift 2
if [ "$action" = reload ]; then
  processes | grep -q "^$master [0-9]* $start " || exit 26
  $sudo kill "-$signal" "$master" || exit 24
  exit 0
fi

listed=$(while [ $# -gt 1 ]; do echo "$1 $2"; shift 2; done)
old=$(printf '%s\n' "$listed" | grep -c '^old ')
again=0 before='' asked='' changed=$(date +%s)
deadline=$((changed + seconds))
while :; do
  all=$(processes)
  now=$({ printf '%s\n' "$listed"; printf '%s\n' "$all" | sed 's/^/p /'; printf '%s\n' "$all" | workers; } | awk -v master="$master" -v start="$start" '
    $1 == "old" || $1 == "kept" { kind[$2] = $1; next }
    $1 == "p" { id = $2 ":" $4; if ((id in kind) && kind[id] == "old") { left++ } if (id == master ":" start) { alive = 1 } next }
    $1 == "deep" { next }
    !($1 in kind) { up++; fresh = fresh " " $1 }
    END { print left + 0, up + 0, alive + 0, fresh }')
  left=${now%% *} rest=${now#* }
  up=${rest%% *} rest=${rest#* }
  alive=${rest%% *} fresh=${rest#* }
  clock=$(date +%s)
  if [ "$left" = 0 ] && [ "$up" != 0 ]; then
    # the last one's successor may be on its way
    if [ "$up" -ge "$old" ] || [ "$clock" -ge "$deadline" ]; then break; fi
    if [ "$now" = "$before" ] && [ $((clock - changed)) -ge 2 ]; then break; fi
  fi
  [ "$alive" = 1 ] || exit 26
  if [ "$clock" -ge "$deadline" ]; then
    [ "$left" != 0 ] || exit 27
    echo "left $left"
    for worker in $(printf '%s\n' "$listed" | sed -n 's/^old //p'); do
      if processes | grep -q "^${worker%%:*} [0-9]* ${worker#*:} "; then
        echo "worker ${worker%%:*} $(title "${worker%%:*}" | tr '\n' ' ')"
      fi
    done
    exit 25
  fi
  if [ "$now" != "$before" ]; then
    # when all are gone that were new as the signal was sent again, it was heard; what is still old then, no reload replaces
    heard=${asked:+1}
    for worker in $asked; do
      case " $fresh " in *" $worker "*) heard='' ;; esac
    done
    [ -z "$heard" ] || repeat=0
    before=$now changed=$clock
  elif [ "$repeat" = 1 ] && [ "$up" -lt "$old" ] && [ $((clock - changed)) -ge 2 ]; then
    again=$((again + 1)) asked=$fresh changed=$clock
    $sudo kill "-$signal" "$master" || exit 24
  fi
  sleep 0.1 2>/dev/null || sleep 1
done
printf 'gone %s\nup %s\nagain %s\n' "$old" "$up" "$again"
