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
else
  exit 31
fi
