# receive.sh ROOT ID N UNPACK: unpacks the N-th stream, a compressed tar on standard input, into the staging area of release
# ID, and checks each file in it by its SHA-256. The tar holds "ctl<N>/..." (lists) and "in/..." (new content).
# Says "bad <number>" for each file that did not arrive as it was sent, counted from 1 in the order of ctl<N>/hashes.
set -u
stage=$1/.php-deploy/staging/$2
mkdir -p "$stage/in" && cd "$stage" || exit 31
$4 -dc | tar -xopf - || exit 34
[ -f "ctl$3/end" ] || exit 34
cd in || exit 34
{
  [ ! -s "../ctl$3/files" ] || hashes <"../ctl$3/files"
  # a name with a line break would tear the hasher's output: such files are read from standard input
  [ ! -s "../ctl$3/odd" ] || xargs -0 -n 1 sh -c 'sha256sum <"$0" || shasum -a 256 <"$0" || sha256 -q <"$0"' \
    <"../ctl$3/odd" 2>/dev/null | cut -c 1-64
} >"../ctl$3/arrived"
cmp -s "../ctl$3/hashes" "../ctl$3/arrived" && exit 0
paste "../ctl$3/hashes" "../ctl$3/arrived" | awk -F '\t' '$1 != $2 { print "bad " NR }'
exit 35
