# bridge.sh SOCKET: connects standard input and output to a Unix socket, after a line that says "open". Ends when one side
# does. Exit codes: 31 there is no program that could do it, 32 it cannot connect, and standard error says why.
if command -v perl >/dev/null 2>&1; then
  exec perl -e '
    use Socket; $| = 1;
    socket($s, PF_UNIX, SOCK_STREAM, 0) && connect($s, sockaddr_un($ARGV[0])) or do { print STDERR "$!\n"; exit 32 };
    syswrite(STDOUT, "open\n");
    while (1) {
      my $r = ""; vec($r, 0, 1) = 1; vec($r, fileno($s), 1) = 1;
      select($r, undef, undef, undef);
      for ([0, *STDIN, $s], [fileno($s), $s, *STDOUT]) {
        next unless vec($r, $$_[0], 1);
        sysread($$_[1], $b, 65536) or exit 0;
        for ($o = 0; $o < length $b; $o += $n) { $n = syswrite($$_[2], $b, length($b) - $o, $o) or exit 0 }
      }
    }' "$1"
elif command -v php >/dev/null 2>&1; then
  exec php -n -d display_errors=0 -r '
    $s = stream_socket_client("unix://" . $argv[1], $no, $why, 10);
    if (!$s) { fwrite(STDERR, $why . "\n"); exit(32); }
    fwrite(STDOUT, "open\n");
    while (true) {
      $r = array(STDIN, $s); $w = null; $e = null;
      if (stream_select($r, $w, $e, 3600) === false) { exit(0); }
      foreach ($r as $from) {
        $b = fread($from, 65536);
        if ($b === "" || $b === false) { exit(0); }
        $to = $from === $s ? STDOUT : $s;
        for ($o = 0; $o < strlen($b); $o += $n) { $n = fwrite($to, substr($b, $o)); if (!$n) { exit(0); } }
      }
    }' -- "$1"
elif command -v python3 >/dev/null 2>&1; then
  exec python3 -c '
import os, select, socket, sys
s = socket.socket(socket.AF_UNIX)
try:
    s.connect(sys.argv[1])
except OSError as e:
    sys.stderr.write(e.strerror + "\n")
    sys.exit(32)
os.write(1, b"open\n")
while True:
    for f in select.select([0, s.fileno()], [], [])[0]:
        b = os.read(f, 65536)
        if not b:
            sys.exit(0)
        if f == 0:
            s.sendall(b)
        while f != 0 and b:
            b = b[os.write(1, b):]
' "$1"
else
  exit 31
fi
