# pair.sh ROOT COLOR SOCKET RELEASE PROGRAM CONFIG TEMPLATE TEST SUDO: makes the configuration of a PHP-FPM master, from TEMPLATE where
# there is one, else it is CONFIG, and tests it. Says "program PATH", "file PATH", and "config LINE" for each line of what
# "php-fpm -tt" shows. Exit codes: 14 it cannot be written, 18 there is no TEMPLATE or CONFIG, 19 there is no php-fpm, 23 the
# configuration is broken, and standard error says why.
set -u
export LC_ALL=C
root=$1 color=$2 socket=$3 release=$4 program=$5 file=$6 template=$7 test=$8
home=$root/.php-deploy/replace
sudo=
[ "$9" = 0 ] || sudo='sudo -n'
[ -n "$program" ] || program=$(command -v php-fpm || ls /usr/sbin/php-fpm* 2>/dev/null | tail -n 1)
[ -n "$program" ] || exit 19
if [ -n "$template" ]; then
  [ -r "$template" ] || exit 18
  file=$home/$color.conf
  (umask 077 && mkdir -p "$home") || exit 14
  export root color socket release
  {
    awk '
      BEGIN {
        value["socket"] = ENVIRON["socket"]
        value["color"] = ENVIRON["color"]
        value["release"] = ENVIRON["release"]
        value["releasePath"] = ENVIRON["root"] "/releases/" ENVIRON["release"]
        value["port"] = ENVIRON["socket"]
        sub(/^.*:/, "", value["port"])
      }
      {
        rest = $0
        line = ""
        while ((at = index(rest, "${")) > 0) {
          end = index(substr(rest, at), "}")
          if (!end) { break }
          name = substr(rest, at + 2, end - 3)
          line = line substr(rest, 1, at - 1) ((name in value) ? value[name] : substr(rest, at, end))
          rest = substr(rest, at + end)
        }
        print line rest
      }' "$template" >"$file.$$" && mv -f "$file.$$" "$file"
  } || exit 14
fi
[ -f "$file" ] || exit 18
printf 'program %s\nfile %s\n' "$program" "$file"
if [ -n "$test" ]; then
  said=$(
    config=$file
    export config color
    eval "$sudo $test" 2>&1
  ) || failed=1
else
  said=$($sudo "$program" -tt -y "$file" 2>&1) || failed=1
fi
if [ -n "${failed:-}" ]; then
  printf '%s\n' "$said" | grep -v 'NOTICE:' >&2
  exit 23
fi
printf '%s\n' "$said" | sed -n 's/^.*NOTICE: /config /p'
