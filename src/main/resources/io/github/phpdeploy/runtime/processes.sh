# Functions for scripts that look at a master process and its workers. With $sudo, what only root may see is asked for by it.

# processes: "PID PARENT START NAME" of all that live, the start in clock ticks since boot
processes() {
  if [ -r /proc/self/stat ]; then
    cat /proc/[0-9]*/stat 2>/dev/null | sed -n 's/^\([0-9]*\) (\(.*\)) \(.*\)$/\1 \3 (\2/p' |
      awk '$2 != "Z" { print $1, $3, $21, substr($0, index($0, "(") + 1) }'
  else
    ps -A -o pid= -o ppid= -o lstart= -o comm= | awk '{ print $1, $2, $4 $5 $6 $7, $8 }'
  fi
}

# title PID: its command line, or what it made of it
title() {
  if [ -r "/proc/$1/cmdline" ]; then
    tr '\0' ' ' <"/proc/$1/cmdline"
  else
    ps -p "$1" -o args= 2>/dev/null
  fi
}

# link PATH: where a link of /proc leads that only the process's own account may follow
link() {
  readlink "$1" 2>/dev/null || $sudo readlink "$1" 2>/dev/null
}
