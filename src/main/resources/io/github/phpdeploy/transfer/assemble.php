<?php
// assemble.php MANIFEST CTL: what assemble.perl does, and says, for hosts without perl
[, $manifest, $ctl] = $argv;
$lines = file("$ctl/recipes", FILE_IGNORE_NEW_LINES);
$entries = fopen($manifest, 'rb');
$list = fopen("$ctl/chunks", 'wb');
if ($lines === false || !$entries || !$list) {
    exit(1);
}
$time = filemtime("$ctl/recipes");
$sources = [];
foreach ($lines as $line) {
    if ($line[0] === 'S') {
        $sources[substr($line, 2)] = null;
    }
}
while (($line = fgets($entries)) !== false) {
    $tab = strpos($line, "\t");
    $path = substr($line, (int) $tab + 1, -1);
    if ($line[0] === 'c' && array_key_exists($path, $sources)) {
        [, $digests, $lengths] = explode(' ', substr($line, 0, $tab));
        $offsets = [0];
        foreach (str_split($lengths, 4) as $i => $length) {
            $offsets[] = $offsets[$i] + hexdec($length);
        }
        $sources[$path] = [$digests, $lengths, $offsets];
    }
}

$file = null;

function copyBytes($from, int $left): void
{
    global $file;
    while ($left > 0 && $file['whole']) {
        $bytes = $from ? fread($from, min($left, 1048576)) : '';
        $file['whole'] = $bytes !== false && $bytes !== '' && fwrite($file['out'], $bytes) === strlen($bytes);
        $left -= strlen((string) $bytes);
    }
}

function finish(): void
{
    global $file, $list, $time;
    if ($file === null) {
        return;
    }
    $whole = $file['out'] && fclose($file['out']) && $file['whole'];
    fwrite($list, "c {$file['digests']} {$file['lengths']}\t{$file['path']}\n");
    if ($whole) {
        chmod("in/{$file['path']}", $file['executable'] ? 0755 : 0644);
        touch("in/{$file['path']}", $time);
    } else {
        @unlink("in/{$file['path']}");
    }
}

$source = null;
$in = false;
foreach ($lines as $line) {
    switch ($line[0]) {
        case 'F':
            finish();
            [$head, $path] = explode("\t", $line, 2);
            [, $number, $mode] = explode(' ', $head);
            @mkdir(dirname("in/$path"), 0755, true);
            $out = @fopen("in/$path", 'wb');
            $fresh = @fopen("fresh/$number", 'rb');
            $file = ['path' => $path, 'executable' => $mode === 'x', 'digests' => '', 'lengths' => '',
                'out' => $out, 'fresh' => $fresh, 'whole' => $out && $fresh];
            break;
        case 'S':
            $source = $sources[substr($line, 2)];
            $in = @fopen('tree/' . substr($line, 2), 'rb');
            break;
        case 'R':
            [, $first, $count] = array_map('intval', explode(' ', $line));
            if ($source === null) {
                fwrite(STDERR, "$manifest: no chunks\n");
                exit(1);
            }
            $offset = $source[2][$first];
            $file['digests'] .= substr($source[0], $first * 7, $count * 7);
            $file['lengths'] .= substr($source[1], $first * 4, $count * 4);
            $file['whole'] = $file['whole'] && $in && fseek($in, $offset) === 0;
            copyBytes($in, $source[2][$first + $count] - $offset);
            break;
        case 'N':
            [, $digests, $lengths] = explode(' ', $line);
            $file['digests'] .= $digests;
            $file['lengths'] .= $lengths;
            copyBytes($file['fresh'], array_sum(array_map('hexdec', str_split($lengths, 4))));
            break;
    }
}
finish();
exit(fclose($list) ? 0 : 1);
