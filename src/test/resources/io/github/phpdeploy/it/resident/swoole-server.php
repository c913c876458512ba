<?php
// The start file of the tests' application on Swoole, or on its stand-in where there is none. How it finds its code is told by BOOT:
// well ("realpath", "clear"), or as in one of the traps.

if (!extension_loaded('swoole')) {
    require getenv('PREFORK') . '/prefork-swoole.php';
}
$boot = getenv('BOOT');
$current = getenv('CURRENT');
$app = $boot === 'early' ? require realpath($current) . '/app.php' : null;
$root = '';

$server = new Swoole\Http\Server('127.0.0.1', (int) getenv('PORT'), constant(getenv('MODE')));
$server->set(array_filter([
    'worker_num' => (int) getenv('WORKERS'),
    'max_wait_time' => (int) getenv('MAX_WAIT_TIME'),
    'pid_file' => getenv('PID_FILE'),
    'log_file' => getenv('PID_FILE') . '.log',
]));
$server->on('workerStart', function () use (&$app, &$root, $boot, $current) {
    if ($boot === 'clear' || $boot === 'early') {
        clearstatcache(true);
    }
    $root = match ($boot) {
        'dir' => __DIR__,
        'current' => $current,
        default => realpath($current),
    };
    $app ??= require $root . '/app.php';
});
$server->on('request', function ($request, $response) use (&$app, &$root, $server) {
    $body = $app($request->server['request_uri'], $root);
    if (getenv('SHOWS') !== 'nothing') {
        $response->header('X-Release', implode(' ', array_unique(preg_replace('#^.*/releases/([^/]+)/.*$#', '$1', preg_grep('#/releases/[^/]+/#', array_slice(get_included_files(), 1)))))
            . '; pid=' . getmypid() . '; workers=' . $server->setting['worker_num'] . '; mode=' . (getenv('SHOWS') === 'threads' ? 3 : $server->mode)
            . '; max_wait_time=' . ($server->setting['max_wait_time'] ?? 3) . '; enable_cli=' . (int) ini_get('opcache.enable_cli'));
    }
    $response->end($body);
});
$server->start();
