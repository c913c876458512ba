#!/bin/sh
# Sees to it that the programs are there which the tests use: real servers, and tools to look at what was deployed.
# On Debian and its kin it installs what is missing when it runs as root; elsewhere, or as somebody else, it says what to do.
# Nothing that is installed is started here: the tests start servers of their own, on loopback, and stop them.
# With a directory as argument it also unpacks a real application there, Debian's MediaWiki, without installing it.
set -eu

missing=
need() { # need PACKAGE PROGRAM...
  package=$1
  shift
  for program; do
    if ! command -v "$program" >/dev/null 2>&1 && [ ! -e "$program" ]; then
      missing="$missing $package"
      return
    fi
  done
}

PATH=$PATH:/usr/sbin:/sbin
library=$(find /usr/lib /usr/lib64 -name 'libnss_wrapper.so*' 2>/dev/null | head -n 1)
need openssh-server sshd
need openssh-client ssh-keygen ssh-agent
need nginx-light nginx
need apache2-bin apache2
ls /usr/lib/apache2/modules/libphp*.so >/dev/null 2>&1 || missing="$missing libapache2-mod-php"
need caddy caddy
need php-cli php
ls /usr/sbin/php-fpm* >/dev/null 2>&1 || missing="$missing php-fpm"
need libnss-wrapper "${library:-/no/such/library}"
clock=$(find /usr/lib /usr/lib64 -name libfaketime.so.1 2>/dev/null | head -n 1)
need libfaketime "${clock:-/no/such/library}"
need acl setfacl
need busybox busybox
need composer composer
need fish fish
need git git
need libarchive-tools bsdtar
need perl perl
need procps ps
need python3 python3
need rsync rsync
need shellcheck shellcheck
need sudo sudo
need tcsh tcsh
need toybox toybox
need util-linux flock
need zstd zstd
if command -v php >/dev/null 2>&1; then
  for extension in intl mbstring xml sqlite3; do
    php -m | grep -qi "^$extension\$" || missing="$missing php-$extension"
  done
else
  missing="$missing php-intl php-mbstring php-xml php-sqlite3"
fi

unpack() { # unpack DIRECTORY PACKAGE...
  directory=$1
  shift
  if [ -d "$directory/usr" ] || ! command -v apt-get >/dev/null 2>&1; then return; fi
  mkdir -p "$directory"
  (
    cd "$directory"
    apt-get download -qq "$@" 2>/dev/null || { apt-get update -qq && apt-get download -qq "$@"; }
    for archive in *.deb; do dpkg-deb -x "$archive" .; done
    rm -f ./*.deb
  )
}

if [ -z "$missing" ]; then
  [ $# -eq 0 ] || unpack "$1" mediawiki mediawiki-classes
  exit 0
fi

if ! command -v apt-get >/dev/null 2>&1 || [ "$(id -u)" != 0 ]; then
  echo "The tests need programs that are not installed:$missing" >&2
  echo "Install them (Debian: sudo apt-get install --no-install-recommends$missing), then run this again." >&2
  exit 1
fi

echo "Installing what the tests need:$missing"
# keeps the packages from starting their services, unless the machine has a policy of its own
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod 755 "$policy"
  trap 'rm -f "$policy"' EXIT
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
# shellcheck disable=SC2086
apt-get install -y -qq --no-install-recommends $missing
[ $# -eq 0 ] || unpack "$1" mediawiki mediawiki-classes
