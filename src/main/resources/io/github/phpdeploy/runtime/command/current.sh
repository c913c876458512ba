# current.sh ROOT: says "current RELEASE" where there is one
if current=$(readlink "$1/current"); then
  printf 'current %s\n' "$(basename "$current")"
fi
