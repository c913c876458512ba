<?php
// A stand-in for the artisan of an application with Laravel Octane, made for the tests of this project: "octane:start" notes the server
// in a state file of the same form, starts the stand-in for Swoole with APP_BASE_PATH and in a directory of this release, and
// when that server has ended runs what "octane:stop" is: it kills whom the state file names by then. config/octane.php says where that file is.

['PREFORK' => $prefork, 'state_file' => $stateFile] = require __DIR__ . '/config/octane.php';
$options = [];
foreach (array_slice($argv, 2) as $argument) {
    [$name, $value] = explode('=', substr($argument, 2), 2);
    $options[$name] = $value;
}
$server = $options['server'] ?? 'swoole';

function state(string $file): array
{
    return is_file($file) ? (array) json_decode((string) file_get_contents($file), true) : [];
}

function stop(string $file): void
{
    $master = state($file)['masterProcessId'] ?? 0;
    $manager = state($file)['managerProcessId'] ?? 0;
    if ($manager && posix_kill($manager, 0)) {
        $workers = array_filter(explode("\n", (string) shell_exec('pgrep -P ' . $manager)));
        foreach ([$master, $manager, ...$workers] as $process) {
            posix_kill((int) $process, SIGKILL);
        }
    }
    @unlink($file);
}

if ($argv[1] !== 'octane:start') {
    fwrite(STDERR, "There is no command $argv[1].\n");
    exit(1);
}
$manager = state($stateFile)['managerProcessId'] ?? 0;
if ($manager && posix_kill($manager, 0)) {
    echo "Server is already running.\n";
    exit(1);
}
pcntl_async_signals(true);
pcntl_signal(SIGTERM, function () use ($stateFile) {
    stop($stateFile);
    exit(0);
});
$note = [
    'masterProcessId' => null,
    'managerProcessId' => null,
    'state' => [
        'appName' => 'Laravel',
        'host' => $options['host'],
        'port' => $options['port'],
        'workers' => 2,
        'storagePath' => __DIR__ . '/storage',
        'defaultServerOptions' => ['worker_num' => 2, 'daemonize' => false],
        'octaneConfig' => ['server' => 'roadrunner', 'swoole' => ['options' => ['max_wait_time' => 10]]],
    ],
];
@mkdir(dirname($stateFile), 0777, true);
file_put_contents($stateFile, json_encode($note, JSON_PRETTY_PRINT));
$pidFile = $stateFile . '.pid';
@unlink($pidFile);
$process = proc_open(['php', 'swoole-server.php'], [STDIN, STDOUT, STDERR], $pipes, realpath(__DIR__ . '/bin'), [
    'APP_BASE_PATH' => getenv('APP_BASE_PATH') ?: __DIR__,
    'PATH' => getenv('PATH'),
    'PORT' => $options['port'],
    'MODE' => 'SWOOLE_PROCESS',
    'MAX_WAIT_TIME' => '10',
    'WORKERS' => '2',
    'PID_FILE' => $pidFile,
    'BOOT' => 'realpath',
    'CURRENT' => getenv('APP_BASE_PATH') ?: __DIR__,
    'PREFORK' => $prefork,
]);
$noted = false;
while (proc_get_status($process)['running']) {
    $master = is_file($pidFile) ? (int) file_get_contents($pidFile) : 0;
    if (!$noted && $master && ($manager = (int) shell_exec('pgrep -P ' . $master))) {
        file_put_contents($stateFile, json_encode(['masterProcessId' => $master, 'managerProcessId' => $manager] + state($stateFile), JSON_PRETTY_PRINT));
        $noted = true;
    }
    usleep($noted ? 200_000 : 5_000);
}
stop($stateFile);
