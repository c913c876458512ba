<?php
// A stand-in for Swoole's HTTP server, made for the tests of this project: the same processes (a master, a manager, workers; in
// mode SWOOLE_BASE no manager), the same signals and the same settings, and as much of its interface as the tests' application
// uses. USR1 replaces all workers at once; old ones finish for max_wait_time seconds and are killed then; a USR1 that comes during
// that is forgotten.

namespace {
    const SWOOLE_BASE = 1;
    const SWOOLE_PROCESS = 2;
    require_once __DIR__ . '/prefork.php';
}

namespace Swoole\Http {
    use Prefork\Loop;

    final class Request
    {
        /** @param array<string, string> $server */
        public function __construct(public array $server)
        {
        }
    }

    final class Response
    {
        /** @var array<string, string> */
        public array $fields = [];
        public int $status = 200;
        public string $body = '';

        public function header(string $name, string $value): void
        {
            $this->fields[$name] = $value;
        }

        public function status(int $status): void
        {
            $this->status = $status;
        }

        public function end(string $body): void
        {
            $this->body = $body;
        }
    }

    final class Server
    {
        /** @var array<string, mixed> */
        public array $setting = [];

        /** @var resource */
        private $listener;
        /** @var array<string, callable> */
        private array $callbacks = [];
        /** @var array<int, int> worker number of each process */
        private array $workers = [];
        /** @var array<int, true> processes that are to go */
        private array $leaving = [];
        private float $deadline = 0;
        private bool $running = true;
        private bool $told = false;

        public function __construct(string $host, int $port, public int $mode = SWOOLE_BASE)
        {
            $this->listener = \Prefork\listen($host, $port);
        }

        /** @param array<string, mixed> $setting */
        public function set(array $setting): void
        {
            $this->setting = $setting + $this->setting;
        }

        public function on(string $event, callable $callback): void
        {
            $this->callbacks[strtolower($event)] = $callback;
        }

        public function start(): void
        {
            pcntl_async_signals(true);
            // a signal to who is in the pid file would end it, had it no handler yet
            pcntl_sigprocmask(SIG_BLOCK, [SIGUSR1, SIGTERM]);
            if (isset($this->setting['pid_file'])) {
                file_put_contents($this->setting['pid_file'], (string) getmypid());
            }
            $single = $this->mode === SWOOLE_BASE && $this->setting['worker_num'] === 1;
            if ($single) {
                pcntl_signal(SIGUSR1, SIG_IGN);
                $this->work(0);
            } elseif ($this->mode === SWOOLE_BASE) {
                $this->manage();
            } else {
                $this->lead();
            }
        }

        /** The master: passes signals on. */
        private function lead(): void
        {
            $manager = pcntl_fork();
            if ($manager === 0) {
                $this->manage();
                exit(0);
            }
            pcntl_signal(SIGUSR1, fn () => posix_kill($manager, SIGUSR1));
            pcntl_signal(SIGTERM, fn () => posix_kill($manager, SIGTERM));
            pcntl_sigprocmask(SIG_UNBLOCK, [SIGUSR1, SIGTERM]);
            while (pcntl_waitpid($manager, $status, WNOHANG) === 0) {
                usleep(5_000);
            }
        }

        private function manage(): void
        {
            // what a handler forks would hear no signals itself
            pcntl_signal(SIGUSR1, function () {
                $this->told = true;
            });
            pcntl_signal(SIGTERM, function () {
                $this->running = false;
            });
            for ($i = 0; $i < $this->setting['worker_num']; $i++) {
                $this->spawn($i);
            }
            while ($this->running) {
                while (($process = pcntl_waitpid(-1, $status, WNOHANG)) > 0) {
                    $number = $this->workers[$process];
                    unset($this->workers[$process]);
                    if (!isset($this->leaving[$process])) {
                        $this->spawn($number);
                    }
                    unset($this->leaving[$process]);
                }
                if ($this->told) {
                    $this->told = false;
                    $this->reload();
                }
                if ($this->leaving !== [] && microtime(true) > $this->deadline) {
                    foreach ($this->leaving as $process => $yes) {
                        posix_kill($process, SIGKILL);
                    }
                }
                usleep(5_000);
            }
            foreach ($this->workers as $process => $number) {
                posix_kill($process, SIGTERM);
            }
        }

        private function reload(): void
        {
            if ($this->leaving !== []) {
                return;
            }
            $this->deadline = microtime(true) + ($this->setting['max_wait_time'] ?? 3);
            foreach ($this->workers as $process => $number) {
                $this->leaving[$process] = true;
                posix_kill($process, SIGTERM);
                $this->spawn($number);
            }
        }

        private function spawn(int $number): void
        {
            pcntl_sigprocmask(SIG_BLOCK, [SIGUSR1, SIGTERM]);
            $process = pcntl_fork();
            if ($process === 0) {
                $this->work($number);
                exit(0);
            }
            $this->workers[$process] = $number;
            pcntl_sigprocmask(SIG_UNBLOCK, [SIGUSR1, SIGTERM]);
        }

        private function work(int $number): void
        {
            $loop = new Loop();
            $loop->sendsAway = true;
            pcntl_signal(SIGUSR1, SIG_IGN);
            pcntl_signal(SIGTERM, function () use ($loop) {
                $loop->stopping = true;
            });
            pcntl_sigprocmask(SIG_UNBLOCK, [SIGUSR1, SIGTERM]);
            if (isset($this->callbacks['workerstart'])) {
                $this->callbacks['workerstart']($this, $number);
            }
            $loop->run($this->listener, function (string $path, array $fields, string $version): array {
                $response = new Response();
                $this->callbacks['request'](new Request(['request_uri' => $path]), $response);
                $last = $version === '1.0' || strtolower($fields['connection'] ?? '') === 'close';
                $response->fields += ['Connection' => $last ? 'close' : 'keep-alive'];
                return [\Prefork\message($response->status, $response->fields, $response->body), $last];
            });
        }
    }
}
