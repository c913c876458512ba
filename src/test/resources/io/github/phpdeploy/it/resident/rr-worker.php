<?php
// The worker of the tests' application on the stand-in for RoadRunner: a line with a path comes in, a line of JSON goes out.

$app = require __DIR__ . '/app.php';
echo "ready\n";
while (($path = fgets(STDIN)) !== false) {
    $body = $app(trim($path), __DIR__);
    $shows = implode(' ', array_unique(preg_replace('#^.*/releases/([^/]+)/.*$#', '$1', preg_grep('#/releases/[^/]+/#', get_included_files()))))
        . '; pid=' . getmypid() . '; workers=' . getenv('WORKERS');
    echo json_encode(['fields' => getenv('SHOWS') === 'nothing' ? [] : ['X-Release' => $shows], 'body' => $body]), "\n";
}
