# shared.sh ROOT RELEASE OWN PORT: whether a release's Octane keeps its state where other releases' do too, though it should in OWN. Says
# "shared PATH" where it does, and a process lives that the file names; with PORT only where it names that port.
set -u
export LC_ALL=C
[ -n "$3" ] && [ -s "$3" ] && exit 0
file=$1/releases/$2/storage/logs/octane-server-state.json
[ -r "$file" ] || exit 0
real=$(readlink -f "$file" 2>/dev/null || echo "$file")
home=$(cd "$1/releases/$2" 2>/dev/null && pwd -P)
case $real in "$home"/*) exit 0 ;; esac
value() {
  tr ',' '\n' <"$file" | sed -n "s/.*\"$1\": *\"\{0,1\}\([0-9][0-9]*\).*/\1/p" | head -n 1
}
[ -z "$4" ] || [ "$(value port)" = "$4" ] || exit 0
master=$(value masterProcessId)
if [ -n "$master" ] && { [ -d "/proc/$master" ] || kill -0 "$master" 2>/dev/null; }; then
  printf 'shared %s\n' "$real"
fi
