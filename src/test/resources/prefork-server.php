<?php
// A stand-in for resident servers such as Swoole and Workerman, written for the tests: a master that forks workers, each of
// which has loaded the application once and answers HTTP/1.1 by itself. Like those it drops what it does on TERM.
// php prefork-server.php PORT [WORKERS]
$application = __DIR__;
$listener = stream_socket_server('tcp://127.0.0.1:' . $argv[1], $no, $why);
if (!$listener) {
    fwrite(STDERR, $why . "\n");
    exit(1);
}
$entry = require $application . '/entry.php';
$workers = array();
for ($i = 0; $i < (isset($argv[2]) ? (int) $argv[2] : 4); $i++) {
    $pid = pcntl_fork();
    if ($pid === 0) {
        serve($listener, $entry, $application);
    }
    $workers[$pid] = true;
}
pcntl_async_signals(true);
pcntl_signal(SIGTERM, function () use (&$workers) {
    foreach ($workers as $pid => $is) {
        posix_kill($pid, SIGKILL);
    }
    exit(0);
}, false);
while (pcntl_wait($status) > 0) {
}

/** One worker: all its connections at a time, one request after the other. */
function serve($listener, $entry, $application)
{
    $connections = array();
    $buffers = array();
    while (true) {
        $read = $connections;
        $read[] = $listener;
        $write = $except = null;
        if (!stream_select($read, $write, $except, 3600)) {
            continue;
        }
        foreach ($read as $one) {
            if ($one === $listener) {
                $new = @stream_socket_accept($listener, 0);
                if ($new) {
                    $connections[(int) $new] = $new;
                    $buffers[(int) $new] = '';
                }
                continue;
            }
            $bytes = fread($one, 65536);
            if ($bytes === '' || $bytes === false) {
                unset($connections[(int) $one], $buffers[(int) $one]);
                fclose($one);
                continue;
            }
            $buffers[(int) $one] .= $bytes;
            while (isset($buffers[(int) $one]) && ($end = strpos($buffers[(int) $one], "\r\n\r\n")) !== false) {
                $head = substr($buffers[(int) $one], 0, $end);
                $buffers[(int) $one] = substr($buffers[(int) $one], $end + 4);
                $line = explode(' ', $head);
                $close = stripos($head, "\r\nConnection: close") !== false || strpos($head, 'HTTP/1.0') !== false;
                $body = $entry($line[1]);
                fwrite($one, "HTTP/1.1 200 OK\r\nX-Release: " . basename(realpath($application)) . "\r\nContent-Length: "
                    . strlen($body) . "\r\nConnection: " . ($close ? 'close' : 'keep-alive') . "\r\n\r\n" . $body);
                if ($close) {
                    unset($connections[(int) $one], $buffers[(int) $one]);
                    fclose($one);
                }
            }
        }
    }
}
