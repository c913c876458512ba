<?php
// A stand-in for Workerman, made for the tests of this project: the same processes (a master, workers), the same signals, and as
// much of its interface as the tests' application uses. USR2 replaces one worker after the other, each when its last connection is
// gone; a USR2 that comes during that is forgotten.

namespace {
    require_once __DIR__ . '/prefork.php';
}

namespace Workerman\Protocols\Http {
    final class Request
    {
        /** @param array<string, string> $fields */
        public function __construct(private string $path, private array $fields, private string $version)
        {
        }

        public function path(): string
        {
            return $this->path;
        }

        public function header(string $name): ?string
        {
            return $this->fields[$name] ?? null;
        }

        public function protocolVersion(): string
        {
            return $this->version;
        }
    }

    final class Response
    {
        /** @param array<string, string> $fields */
        public function __construct(public int $status, public array $fields, public string $body)
        {
        }
    }
}

namespace Workerman\Connection {
    use Workerman\Protocols\Http\Response;

    final class TcpConnection
    {
        public ?Response $response = null;
        public bool $last = false;

        public function send(Response $response): void
        {
            $this->response = $response;
        }

        public function close(Response $response): void
        {
            $this->response = $response;
            $this->last = true;
        }
    }
}

namespace Workerman {
    use Prefork\Loop;
    use Workerman\Connection\TcpConnection;
    use Workerman\Protocols\Http\Request;

    final class Worker
    {
        public const STATUS_RUNNING = 2;
        public const STATUS_SHUTDOWN = 4;

        public static string $pidFile = '';
        public static string $logFile = '';

        public string $name = 'none';
        public int $count = 1;
        public bool $reloadable = true;
        public bool $reusePort = false;
        /** @var callable */
        public $onWorkerStart;
        /** @var callable */
        public $onMessage;

        /** @var list<Worker> */
        private static array $all = [];
        /** @var array<int, Worker> */
        private static array $running = [];
        /** @var array<int, int> processes that are to go, by process id */
        private static array $leaving = [];
        private static int $status = self::STATUS_RUNNING;

        private string $host = '';
        private int $port = 0;
        /** @var resource|null */
        private $listener;

        public function __construct(private string $address = '')
        {
            if ($address !== '') {
                ['host' => $this->host, 'port' => $this->port] = parse_url($address);
            }
            self::$all[] = $this;
        }

        public static function getStatus(): int
        {
            return self::$status;
        }

        public static function runAll(): void
        {
            pcntl_async_signals(true);
            cli_set_process_title('WorkerMan: master process  start_file=' . get_included_files()[0]);
            // a signal to who is in the pid file would end it, had it no handler yet
            pcntl_sigprocmask(SIG_BLOCK, [SIGUSR2]);
            file_put_contents(self::$pidFile, (string) getmypid());
            pcntl_signal(SIGUSR2, function () {
                if (self::$leaving !== []) {
                    return;
                }
                $reloadable = array_filter(self::$running, fn (Worker $worker) => $worker->reloadable);
                self::$leaving = array_combine(array_keys($reloadable), array_keys($reloadable));
                self::next();
            });
            foreach (self::$all as $worker) {
                if ($worker->port !== 0 && !$worker->reusePort) {
                    $worker->listener = \Prefork\listen($worker->host, $worker->port);
                }
                for ($i = 0; $i < $worker->count; $i++) {
                    $worker->spawn();
                }
            }
            pcntl_sigprocmask(SIG_UNBLOCK, [SIGUSR2]);
            while (true) {
                while (($process = pcntl_waitpid(-1, $status, WNOHANG)) > 0) {
                    pcntl_sigprocmask(SIG_BLOCK, [SIGUSR2]);
                    $worker = self::$running[$process];
                    unset(self::$running[$process]);
                    $worker->spawn();
                    if (isset(self::$leaving[$process])) {
                        unset(self::$leaving[$process]);
                        self::next();
                    }
                    pcntl_sigprocmask(SIG_UNBLOCK, [SIGUSR2]);
                }
                usleep(5_000);
            }
        }

        private static function next(): void
        {
            if (self::$leaving !== []) {
                posix_kill(current(self::$leaving), SIGUSR2);
            }
        }

        private function spawn(): void
        {
            $process = pcntl_fork();
            if ($process === 0) {
                $this->work();
                exit(0);
            }
            self::$running[$process] = $this;
        }

        private function work(): void
        {
            cli_set_process_title("WorkerMan: worker process  {$this->name} " . ($this->address ?: 'none'));
            if ($this->reusePort) {
                $this->listener = \Prefork\listen($this->host, $this->port, true);
            }
            // Workerman removes files of its own, and unlink() makes PHP forget where links led
            clearstatcache(true);
            $loop = new Loop();
            pcntl_signal(SIGUSR2, function () use ($loop) {
                if ($this->reloadable) {
                    self::$status = self::STATUS_SHUTDOWN;
                    $loop->stopping = true;
                }
            });
            pcntl_sigprocmask(SIG_UNBLOCK, [SIGUSR2]);
            if ($this->onWorkerStart) {
                ($this->onWorkerStart)($this);
            }
            if ($this->listener === null) {
                while (!$loop->stopping) {
                    usleep(100_000);
                }
                return;
            }
            $loop->run($this->listener, function (string $path, array $fields, string $version): array {
                $connection = new TcpConnection();
                ($this->onMessage)($connection, new Request($path, $fields, $version));
                $response = $connection->response;
                $response->fields += ['Connection' => 'keep-alive'];
                return [\Prefork\message($response->status, $response->fields, $response->body), $connection->last];
            });
        }
    }
}
