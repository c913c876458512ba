# apache.sh inspect|reload|await|left SERVICE PIDFILE COMMAND TEST SUDO ROOT SECONDS [MASTER CHILD...]: looks at an
# Apache that executes PHP in its children.
#
# "inspect" and "reload" say "current RELEASE", "root DIRECTORY", "account NAME" of who asks, "master PID:START",
# "title COMMAND LINE", "cwd DIRECTORY", "worker PID:START" for each child; they test the configuration, and say
# "set DIRECTIVE VALUE" for what matters in it, "module NAME", and "names FILE:LINE RELEASE" where it names a release. "reload" then
# has the master reload gracefully, and says "late PID:START" for children that may still be of the old generation though they were
# not there before: a signal wakes the master, and it sees to its children once more before it heeds that.
# "await" waits until every CHILD is gone, and others are there, and says "gone N" and "up N"; "left" says "late PID:START" for each that lives.
# Exit codes: 20 no master, 21 several, 22 not Apache's process, 23 the configuration is broken, 24 the reload failed, 25 old
# children are still there after SECONDS, 26 the master is gone, 27 no new children came.
set -u
export LC_ALL=C
action=$1 service=$2 pid_file=$3 command=$4 test=$5 root=$7 seconds=$8
sudo=
[ "$6" = 0 ] || sudo='sudo -n'

# find_master: its process id; several lines when there are several
find_master() {
  if [ -n "$pid_file" ]; then
    cat "$pid_file" || exit 20
  elif [ -n "$service" ]; then
    systemctl show -p MainPID --value "$service" | grep -vx 0 || exit 20
  else
    processes | awk '
      $4 ~ /^(apache2|httpd)/ { parent[$1] = $2 }
      END { for (p in parent) { if (!(parent[p] in parent)) { print p } } }'
  fi
}

# children: "PID:START" of each that is Apache too, and no logger that it writes to
children() {
  processes | awk -v master="$master" '$2 == master && $4 ~ /^(apache2|httpd)/ { print $1 ":" $3 }'
}

# configuration WORD...: runs Apache with the words that the master was started with, and these; with $say, only says how
configuration() {
  # Debian's apache2ctl knows the variables that its configuration is written with
  program=$(command -v apache2ctl || ls /usr/sbin/apache2ctl 2>/dev/null)
  [ -n "$program" ] || program=$(tr '\0' '\n' <"/proc/$master/cmdline" 2>/dev/null | sed -n '1{/^\//p;}')
  [ -n "$program" ] || program=$(link "/proc/$master/exe")
  [ -n "$program" ] || program=$(command -v httpd || command -v apache2 || command -v apachectl || echo httpd)
  more=$# skip=''
  while IFS= read -r word; do
    case ${skip}$word in
      '' | -k?* | -X | -DFOREGROUND | -DNO_DETACH) ;;
      -k) skip='after ' ;;
      'after '*) skip='' ;;
      *) set -- "$@" "$word" ;;
    esac
  done <<END
$(tr '\0' '\n' <"/proc/$master/cmdline" 2>/dev/null | tail -n +2)
END
  while [ "$more" -gt 0 ]; do
    set -- "$@" "$1"
    shift
    more=$((more - 1))
  done
  if [ -n "${say:-}" ]; then
    echo "$program $*"
  else
    $sudo "$program" "$@"
  fi
}

# A reload with a broken configuration ends the master.
check() {
  if [ -n "$test" ]; then
    said=$(eval "$sudo $test" 2>&1) && return 0
    tested=$test
  else
    said=$(configuration -t 2>&1) && return 0
    tested=$(say=1 configuration -t)
  fi
  printf 'test %s\n' "$tested"
  printf '%s\n' "$said" | grep -v 'AH00558' >&2
  exit 23
}

# settings: what of its configuration matters, as it would be read now
settings() {
  dump=$(configuration -t -D DUMP_INCLUDES -D DUMP_MODULES 2>/dev/null || {
    sudo=
    configuration -t -D DUMP_INCLUDES -D DUMP_MODULES 2>/dev/null
  })
  printf '%s\n' "$dump" | sed -n 's/^ *\([a-z0-9_]*_module\) (.*/module \1/p'
  printf '%s\n' "$dump" | sed -n 's/^ *([0-9*]*) \(\/.*\)$/\1/p' | awk '!seen[$0]++' | while IFS= read -r file; do
    { cat "$file" 2>/dev/null || $sudo cat "$file" 2>/dev/null; } |
      awk -v file="$file" -v real="${real:-$root}/releases/" -v root="$root/releases/" '
        /^[ \t]*#/ { next }
        tolower($1) ~ /^(keepalivetimeout|keepalive|listencoresbucketsratio)$/ { print "set", tolower($1), $2 }
        {
          at = index($0, real)
          start = length(real)
          if (!at) { at = index($0, root); start = length(root) }
          if (at) {
            name = substr($0, at + start)
            sub(/[^A-Za-z0-9._-].*$/, "", name)
            if (name != "") { print "names", file ":" NR, name }
          }
        }'
  done
}

# ticks: now, as processes tell their start
ticks() {
  read -r uptime rest </proc/uptime 2>/dev/null || uptime=0
  awk -v uptime="$uptime" -v hz="$(getconf CLK_TCK 2>/dev/null || echo 100)" 'BEGIN { print int(uptime * hz) }'
}

if [ "$action" = inspect ] || [ "$action" = reload ]; then
  printf 'account %s\n' "$(id -un)"
  printf 'current %s\n' "$(basename "$(readlink "$root/current" 2>/dev/null)")"
  real=$(cd "$root" 2>/dev/null && pwd -P)
  printf 'root %s\n' "${real:-$root}"
  master=$(find_master) || exit 20
  case $master in
    '') exit 20 ;;
    *[!0-9]*)
      printf 'masters %s\n' "$(printf '%s\n' "$master" | tr '\n' ' ')"
      exit 21
      ;;
  esac
  self=$(processes | awk -v master="$master" '$1 == master { print $3, $4 }')
  [ -n "$self" ] || { echo "process $master"; exit 20; }
  case ${self#* } in
    apache2* | httpd*) ;;
    *) echo "process $master, ${self#* }"; exit 22 ;;
  esac
  printf 'master %s:%s\n' "$master" "${self%% *}"
  check
  printf 'title %s\n' "$(title "$master" | tr '\n' ' ')"
  printf 'cwd %s\n' "$(link "/proc/$master/cwd")"
  before=$(children)
  for child in $before; do
    echo "worker $child"
  done
  if [ "$action" = inspect ]; then
    settings
    exit 0
  fi
  if [ -n "$command" ]; then
    eval "$sudo $command" >&2 || exit 24
  elif [ -n "$service" ]; then
    $sudo systemctl reload "$service" >&2 || exit 24
  else
    $sudo kill -USR1 "$master" || exit 24
    # The next generation must read its configuration first. A command of others may have taken as long, so nothing can be told then.
    now=$(ticks)
    sleep 0.1 2>/dev/null || sleep 1
    { printf '%s\n' "$before" | sed 's/^/old /'; children | sed 's/^/new /'; } | awk -v now="$now" '
      $1 == "old" { old[$2] = 1; next }
      !($2 in old) { split($2, part, ":"); if (part[2] ~ /^[0-9]+$/ && part[2] + 0 <= now) { print "late", $2 } }'
  fi
  exit 0
fi

# await and left: what follows are the master and children of it
master=${9%%:*} start=${9#*:}
shift 9
old=$(for child; do echo "$child"; done)
if [ "$action" = left ]; then
  { printf '%s\n' "$old"; children | sed 's/$/ lives/'; } | awk '
    $2 == "" { asked[$1] = 1; next }
    $1 in asked { print "late", $1 }'
  exit 0
fi
deadline=$(($(date +%s) + seconds))
while :; do
  now=$({ printf '%s\n' "$old" | sed 's/^/o /'; processes | sed 's/^/p /'; } | awk -v master="$master" -v start="$start" '
    $1 == "o" { old[$2] = 1; next }
    {
      id = $2 ":" $4
      if (id in old) { left++ } else if ($3 == master && $5 ~ /^(apache2|httpd)/) { up++ }
      if (id == master ":" start) { alive = 1 }
    }
    END { print left + 0, alive + 0, up + 0 }')
  up=${now##* }
  case $now in
    *' 0 '*) exit 26 ;;
    '0 1 0') ;;
    '0 1 '*) break ;;
  esac
  if [ "$(date +%s)" -ge "$deadline" ]; then
    [ "${now%% *}" != 0 ] || exit 27
    echo "left ${now%% *}"
    exit 25
  fi
  sleep 0.1 2>/dev/null || sleep 1
done
printf 'gone %s\nup %s\n' "$(printf '%s' "$old" | grep -c .)" "$up"
