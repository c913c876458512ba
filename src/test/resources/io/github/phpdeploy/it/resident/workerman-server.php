<?php
// The start file of the tests' application on Workerman, or on its stand-in where there is none. How it finds its code is told by
// BOOT: well ("realpath", "clear"), or as in one of the traps.

use Workerman\Connection\TcpConnection;
use Workerman\Protocols\Http\Request;
use Workerman\Protocols\Http\Response;
use Workerman\Worker;

if (getenv('WORKERMAN') === false) {
    require getenv('PREFORK') . '/prefork-workerman.php';
} else {
    spl_autoload_register(function (string $class) {
        $source = getenv('WORKERMAN');
        $name = str_replace(['Workerman\\Coroutine\\', 'Workerman\\'], '', $class);
        foreach (["$source/src", "$source/../coroutine/src"] as $folder) {
            $file = $folder . '/' . str_replace('\\', '/', $name) . '.php';
            if (is_file($file)) {
                require $file;
                return;
            }
        }
    });
}
$boot = getenv('BOOT');
$current = getenv('CURRENT');
$app = $boot === 'early' ? require realpath($current) . '/app.php' : null;
$root = '';

Worker::$pidFile = getenv('PID_FILE');
Worker::$logFile = getenv('PID_FILE') . '.log';
$worker = new Worker('http://127.0.0.1:' . getenv('PORT'));
$worker->name = 'shop';
$worker->count = (int) getenv('WORKERS');
$worker->reusePort = getenv('REUSE_PORT') === '1';
$worker->onWorkerStart = function () use (&$app, &$root, $boot, $current) {
    if ($boot === 'clear' || $boot === 'early') {
        clearstatcache(true);
    }
    $root = match ($boot) {
        'dir' => __DIR__,
        'current' => $current,
        default => realpath($current),
    };
    $app ??= require $root . '/app.php';
};
$worker->onMessage = function (TcpConnection $connection, Request $request) use (&$app, &$root, $worker) {
    $body = $app($request->path(), $root);
    $fields = [];
    if (getenv('SHOWS') !== 'nothing') {
        $fields['X-Release'] = implode(' ', array_unique(preg_replace('#^.*/releases/([^/]+)/.*$#', '$1', preg_grep('#/releases/[^/]+/#', array_slice(get_included_files(), 1)))))
            . '; pid=' . getmypid() . '; workers=' . $worker->count . '; enable_cli=' . (int) ini_get('opcache.enable_cli')
            . '; drains=' . (int) (getenv('DRAINS') === '1');
    }
    $stopping = getenv('DRAINS') === '1' && Worker::getStatus() === Worker::STATUS_SHUTDOWN;
    $last = $stopping || $request->protocolVersion() === '1.0' || strtolower($request->header('connection') ?? '') === 'close';
    if ($last) {
        $connection->close(new Response(200, $fields + ['Connection' => 'close'], $body));
    } else {
        $connection->send(new Response(200, $fields, $body));
    }
};
if (getenv('MONITOR') === '1') {
    $monitor = new Worker();
    $monitor->name = 'monitor';
    $monitor->reloadable = false;
}
Worker::runAll();
