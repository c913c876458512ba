# command.sh COMMAND SUDO: runs the command that reloads a runtime
if [ "$2" = 1 ]; then
  eval "sudo -n $1" </dev/null
else
  eval "$1" </dev/null
fi
