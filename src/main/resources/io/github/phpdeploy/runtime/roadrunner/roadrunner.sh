# roadrunner.sh inspect|workers|reset|await PROGRAM CONFIG SUDO ROOT SECONDS EXPECTED [PID:START ...]: looks at RoadRunner, by
# what its own "rr workers" names and what /proc knows of these processes.
#
# "inspect" says "current RELEASE", "root DIRECTORY", of a configuration that can be read "pool SECTION" and "time SECTION NAME
# VALUE", else "unread"; then "master PID:START", "title COMMAND LINE", and for each worker "worker PID:START PLUGIN",
# "cwd PID DIRECTORY", "script PID PATH" (what PHP was told to run) and "holds PID RELEASE" (what it has open). "workers" says
# the workers alone. "reset" runs "rr reset" to its end. "await" waits until the old workers are gone, and others are there,
# EXPECTED if they come, and says "gone N" and "up N".
# Exit codes: 20 no rr, 21 rr reset failed, 22 rr workers failed, 23 it names none, 24 those that it names are not here, 25 old
# workers are still there after SECONDS, 27 no new workers came.
set -u
export LC_ALL=C
action=$1 program=$2 config=$3 root=$5 seconds=$6 expected=$7
sudo=
[ "$4" = 0 ] || sudo='sudo -n'
shift 7

rr() {
  $sudo "$program" "$1" -c "$config" </dev/null
}

# listed: "PID PLUGIN" of each row of the tables that "rr workers" prints, with lines of ASCII or of boxes; "0 MESSAGE" of an error
listed() {
  awk '
    { gsub(/\033\[[0-9;]*m/, ""); gsub(/\342\224\202/, "|") }
    /^Workers of \[/ { plugin = $0; sub(/^Workers of \[/, "", plugin); sub(/\].*/, "", plugin); next }
    /^Jobs of \[/ { plugin = ""; next }
    split($0, cell, "|") > 2 {
      pid = cell[2]; gsub(/ /, "", pid)
      if (pid == "0") { print 0, cell[3] }
      if (pid ~ /^[1-9][0-9]*$/ && plugin != "") { print pid, plugin }
    }'
}

# identity PID: "START PARENT" of a process that lives, the start in clock ticks since boot
identity() {
  sed -n 's/^[0-9]* (.*) //p' "/proc/$1/stat" 2>/dev/null | awk '$1 != "Z" { print $20, $2 }'
}

# found: "PID:START PARENT PLUGIN" of each worker
found() {
  said=$(rr workers) || exit 22
  rows=$(printf '%s\n' "$said" | listed)
  case $rows in
    '0 '* | *'
0 '*)
      printf '%s\n' "$rows" | sed -n 's/^0 *//p' >&2
      exit 22
      ;;
  esac
  printf '%s\n' "$rows" | while read -r pid plugin; do
    who=$(identity "${pid:-0}")
    [ -z "$who" ] || echo "$pid:${who% *} ${who#* } $plugin"
  done
  [ -n "$rows" ] || exit 23
}

# link PATH: where a link of /proc leads that only the process's own account may follow
link() {
  readlink "$1" 2>/dev/null || $sudo readlink "$1" 2>/dev/null
}

# script PID: what PHP was told to run
script() {
  tr '\0\n' '\n ' <"/proc/$1/cmdline" 2>/dev/null | awk '
    NR == 1 { if ($0 !~ /php/) { exit } next }
    skip { skip = 0; next }
    /^-[cdz]$/ { skip = 1; next }
    /^-/ { next }
    { print; exit }'
}

command -v "$program" >/dev/null 2>&1 || [ -n "$sudo" ] || exit 20

case $action in
  inspect)
    if current=$(readlink "$root/current"); then
      printf 'current %s\n' "$(basename "$current")"
    fi
    case $config in
      *.yaml | *.yml)
        awk '
          { sub(/\r$/, ""); sub(/[ \t]#.*/, "") }
          /^[A-Za-z]/ { section = $0; sub(/:.*/, "", section); if (section == "include") { print "unread" } }
          /^[ \t]+pool:/ { print "pool", section; if ($0 ~ /{/) { print "unread" } }
          /^[ \t]+(reset|allocate)_timeout:/ {
            name = $1; sub(/:.*/, "", name)
            value = $0; sub(/^[^:]*:[ \t]*/, "", value); gsub(/["\047 \t]/, "", value)
            print "time", section, name, value
          }' "$config" 2>/dev/null || echo unread
        ;;
      *) echo unread ;;
    esac
    ;;
esac
real=$(cd "$root" 2>/dev/null && pwd -P)
real=${real:-$root}
case $action in
  inspect | workers)
    printf 'root %s\n' "$real"
    workers=$(found) || exit $?
    [ -n "$workers" ] || exit 24
    printf '%s\n' "$workers" | while read -r worker parent plugin; do
      pid=${worker%%:*}
      printf 'master %s\n' "$parent"
      printf 'worker %s %s\ncwd %s %s\nscript %s %s\n' "$worker" "$plugin" "$pid" "$(link "/proc/$pid/cwd")" "$pid" "$(script "$pid")"
      for open in "/proc/$pid/cwd" "/proc/$pid"/fd/*; do
        link "$open"
      done | awk -v below="$real/releases/" -v pid="$pid" 'index($0, below) == 1 {
        release = substr($0, length(below) + 1); sub(/\/.*/, "", release)
        if (!seen[release]++) { print "holds", pid, release }
      }'
    done
    ;;
esac
case $action in
  inspect)
    master=$(printf '%s\n' "$workers" | awk '{ print $2; exit }')
    printf 'title %s\n' "$(tr '\0\n' '  ' <"/proc/$master/cmdline" 2>/dev/null)"
    ;;
  reset)
    rr reset >&2 || exit 21
    ;;
  await)
    begun=$(date +%s) before='' emptied='' changed=''
    while :; do
      left='' up=0
      for worker in "$@"; do
        who=$(identity "${worker%%:*}")
        [ "${who% *}" != "${worker#*:}" ] || left="$left $worker"
      done
      clock=$(date +%s)
      if [ -z "$left" ]; then
        workers=$(found) || [ $? = 23 ] || exit 22
        for worker in $(printf '%s\n' "$workers" | awk 'NF && $3 != "service" { print $1 }'); do
          case " $* " in *" $worker "*) ;; *) up=$((up + 1)) ;; esac
        done
        [ -n "$emptied" ] || emptied=$clock
        if [ "$up" != "$before" ]; then
          before=$up changed=$clock
        fi
        # all were started together: who is not there soon does not come
        if [ "$up" -gt 0 ] && { [ "$up" -ge "$expected" ] || [ $((clock - changed)) -ge 2 ]; }; then break; fi
        if [ "$up" = 0 ] && [ $((clock - emptied)) -ge 2 ]; then exit 27; fi
      elif [ $((clock - begun)) -ge "$seconds" ]; then
        echo "left$left"
        exit 25
      fi
      sleep 0.1 2>/dev/null || sleep 1
    done
    printf 'gone %s\nup %s\n' "$#" "$up"
    ;;
esac
