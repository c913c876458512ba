# Functions over the two masters of a site, in front of the other scripts of this folder. $1 is the deploy path in all of them.
# An address is a port, HOST:PORT, or the absolute path of a Unix socket.
export LC_ALL=C
root=$1
home=$root/.php-deploy/replace
sudo=

# put FILE TEXT: writes a file under a temporary name and gives it its own
put() {
  (umask 077 && printf '%s\n' "$2" >"$1.$$" && mv -f "$1.$$" "$1")
}

# context COLOR ADDRESS RELEASE: what the user's commands find in their variables
context() {
  color=$1 socket=$2 release=$3 releasePath=$root/releases/$3 port=
  case $2 in /*) ;; *) port=${2##*:} ;; esac
  export color socket port release releasePath
}

# order COMMAND: runs a command of the user's in the release's directory, and in a session of its own, so that what it starts
# outlives ours. It stands in no list of processes.
order() (
  cd "${releasePath:-/}" 2>/dev/null || cd /
  if command -v setsid >/dev/null 2>&1; then
    # shellcheck disable=SC2016
    ORDER="$sudo $1" setsid sh -c 'order=$ORDER; unset ORDER; eval "$order"'
  else
    eval "$sudo $1"
  fi
)

# sockets ADDRESS: "listen INODE" for each socket that listens there, "open INODE" for each connection to it
sockets() {
  case $1 in
    /*)
      [ ! -r /proc/net/unix ] || path=$1 awk '
        { at = $0; for (i = 0; i < 7; i++) { sub(/^ *[^ ]+ +/, "", at) } }
        at != ENVIRON["path"] { next }
        $4 == "00010000" { print "listen", $7; next }
        $6 == "03" || $6 == "02" { print "open", $7 }' /proc/net/unix
      ;;
    *)
      # the kernel lists all sockets, also those that are only waiting to be forgotten; ss has it leave those out
      if command -v ss >/dev/null 2>&1; then
        for state in listening established; do
          ss -Htane state "$state" "sport = :${1##*:}" | sed "s/^/$state /"
        done | sed 's/^listening .* ino:\([0-9]*\).*$/listen \1/; s/^established .* ino:\([0-9]*\).*$/open \1/; s/^listening .*/listen 0/
          s/^established .*/open 0/'
      elif [ -r /proc/net/tcp ]; then
        cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | hex=$(printf '%04X' "${1##*:}") awk '
          { split($2, local, ":") }
          local[2] != ENVIRON["hex"] { next }
          $4 == "0A" { print "listen", $10 }
          $4 == "01" { print "open", $10 }'
      else
        netstat -an | port=${1##*:} awk '
          $1 ~ /^tcp/ && $4 ~ ("[.:]" ENVIRON["port"] "$") {
            if ($NF ~ /^LISTEN/) { print "listen 0" }
            if ($NF == "ESTABLISHED") { print "open 0" }
          }'
      fi
      ;;
  esac
}

listens() {
  sockets "$1" | grep -q '^listen'
}

# holder ADDRESS: the process that listens there and whose parent does not; nothing where that cannot be seen
holder() {
  holders=$(ls -l /proc/[0-9]*/fd 2>/dev/null | inodes=$(sockets "$1" | sed -n 's/^listen //p') awk '
    BEGIN { count = split(ENVIRON["inodes"], list, /[ \n]+/); for (i = 1; i <= count; i++) { want["socket:[" list[i] "]"] = 1 } }
    /^\/proc\// { split($0, part, "/"); next }
    $NF in want { print part[3] }' | sort -un | tr '\n' ' ')
  for one in $holders; do
    parent=$(sed 's/^.*) //' "/proc/$one/stat" 2>/dev/null | cut -d ' ' -f 2)
    case " $holders" in
      *" $parent "*) ;;
      *)
        echo "$one"
        break
        ;;
    esac
  done
}

# processes: "PID PARENT START" of all, the start in clock ticks since boot
processes() {
  if [ -r /proc/self/stat ]; then
    cat /proc/[0-9]*/stat 2>/dev/null | sed -n 's/^\([0-9]*\) (.*) [^ ]* /\1 /p' | awk '{ print $1, $2, $20 }'
  else
    ps -A -o pid= -o ppid= -o lstart= | awk '{ print $1, $2, $4 $5 $6 $7 }'
  fi
}

# title PID: how a process calls itself, or was started
title() {
  if [ -r "/proc/$1/cmdline" ]; then
    tr '\0' ' ' <"/proc/$1/cmdline" 2>/dev/null
  else
    ps -o args= -p "$1" 2>/dev/null
  fi
}

# pause: a moment
pause() {
  sleep 0.1 2>/dev/null || sleep 1
}
