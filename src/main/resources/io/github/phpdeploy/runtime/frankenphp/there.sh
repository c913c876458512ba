# there.sh PROGRAM: whether a program is there. Exit code 20 where it is not.
set -u
command -v "$1" >/dev/null || exit 20
