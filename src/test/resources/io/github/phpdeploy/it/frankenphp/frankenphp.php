#!/usr/bin/env php
<?php
// A stand-in for the program frankenphp, made for the tests of this project: "php-server" with --listen, --root and --worker, and "run"
// with a Caddyfile of one line that names the root by a variable. The release is found once, when it starts, and served by the
// tests' prefork server.

$options = [];
for ($i = 2; $i < $argc; $i += 2) {
    $options[substr($argv[$i], 2)] = $argv[$i + 1];
}
if ($argv[1] === 'run') {
    preg_match('/^root \{\$releasePath\}(\/\S+)$/m', file_get_contents($options['config']), $found);
    $root = getenv('releasePath') . $found[1];
    $port = getenv('port');
} else {
    $root = $options['root'];
    $port = preg_replace('/^.*:/', '', $options['listen']);
    if (isset($options['worker']) && !is_file($options['worker'])) {
        fwrite(STDERR, "worker file not found {$options['worker']}\n");
        exit(1);
    }
}
pcntl_exec(PHP_BINARY, [dirname(realpath($root)) . '/prefork-server.php', $port, '4']);
