<?php
// What the two stand-ins for Swoole and Workerman share: HTTP answered by one process, as one of several that accept from the
// same socket. Made for the tests of this project, and good for nothing else.

namespace Prefork;

final class Visitor
{
    public string $input = '';
    public int $answered = 0;

    /** @param resource $stream */
    public function __construct(public $stream)
    {
    }
}

final class Loop
{
    /** Whether nothing is accepted any more, and the process ends when the last visitor is gone. */
    public bool $stopping = false;

    /** Whether visitors who have had an answer are sent away then. */
    public bool $sendsAway = false;

    /** @var array<int, Visitor> */
    private array $visitors = [];

    /**
     * @param resource $listener
     * @param callable(string $path, array<string, string> $fields, string $version): array{string, bool} $answer
     *     the whole answer, and whether the connection is closed after it
     */
    public function run($listener, callable $answer): void
    {
        stream_set_blocking($listener, false);
        while (!$this->stopping || $this->visitors !== []) {
            $read = array_map(fn (Visitor $visitor) => $visitor->stream, $this->visitors);
            if (!$this->stopping) {
                $read[-1] = $listener;
            }
            $write = $except = null;
            // a signal interrupts this
            if (@stream_select($read, $write, $except, 0, 100_000) > 0) {
                foreach ($read as $key => $stream) {
                    $key === -1 ? $this->accept($listener) : $this->read($key, $answer);
                }
            }
            if ($this->stopping && $this->sendsAway) {
                foreach ($this->visitors as $key => $visitor) {
                    if ($visitor->answered > 0 && $visitor->input === '') {
                        $this->close($key);
                    }
                }
            }
        }
    }

    /** @param resource $listener */
    private function accept($listener): void
    {
        // another process may have been quicker
        $stream = @stream_socket_accept($listener, 0);
        if ($stream !== false) {
            stream_set_blocking($stream, false);
            $this->visitors[(int) $stream] = new Visitor($stream);
        }
    }

    private function read(int $key, callable $answer): void
    {
        $visitor = $this->visitors[$key];
        $bytes = fread($visitor->stream, 65536);
        if ($bytes === false || $bytes === '') {
            if (feof($visitor->stream)) {
                $this->close($key);
            }
            return;
        }
        $visitor->input .= $bytes;
        while (($end = strpos($visitor->input, "\r\n\r\n")) !== false) {
            $lines = explode("\r\n", substr($visitor->input, 0, $end));
            $visitor->input = substr($visitor->input, $end + 4);
            [, $path, $version] = explode(' ', array_shift($lines));
            $fields = [];
            foreach ($lines as $line) {
                [$name, $value] = explode(':', $line, 2);
                $fields[strtolower($name)] = trim($value);
            }
            [$text, $last] = $answer($path, $fields, substr($version, 5));
            $visitor->answered++;
            stream_set_blocking($visitor->stream, true);
            for ($sent = 0; $sent < strlen($text); $sent += $n) {
                $n = @fwrite($visitor->stream, substr($text, $sent));
                if ($n === false || $n === 0) {
                    $last = true;
                    break;
                }
            }
            stream_set_blocking($visitor->stream, false);
            if ($last) {
                $this->close($key);
                return;
            }
        }
    }

    private function close(int $key): void
    {
        fclose($this->visitors[$key]->stream);
        unset($this->visitors[$key]);
    }
}

/** @param array<string, string> $fields */
function message(int $status, array $fields, string $body): string
{
    $fields += ['Content-Length' => (string) strlen($body)];
    $text = "HTTP/1.1 $status " . ($status === 200 ? 'OK' : 'Other') . "\r\n";
    foreach ($fields as $name => $value) {
        $text .= "$name: $value\r\n";
    }
    return $text . "\r\n" . $body;
}

/** @return resource */
function listen(string $host, int $port, bool $reusePort = false)
{
    $context = stream_context_create(['socket' => ['backlog' => 1024, 'so_reuseport' => $reusePort]]);
    $listener = stream_socket_server("tcp://$host:$port", $no, $why, STREAM_SERVER_BIND | STREAM_SERVER_LISTEN, $context);
    if ($listener === false) {
        fwrite(STDERR, "cannot listen on $host:$port: $why\n");
        exit(1);
    }
    return $listener;
}
