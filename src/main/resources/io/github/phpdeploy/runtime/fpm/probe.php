<?php
// Asked over FastCGI by php-maven-plugin, and taken away at once. It answers nobody who does not know the token: what an HTTP
// client sends never gets a name like this. It says what this pool's OPcache and this worker have of a site, as JSON.
error_reporting(0);
ini_set('display_errors', '0');
set_time_limit(60);
if (PHP_SAPI !== 'fpm-fcgi' || getenv('PHP_DEPLOY_TOKEN') !== '@TOKEN@') {
    http_response_code(404);
    exit;
}
$answer = array('pid' => getmypid(), 'php' => PHP_VERSION);
$root = getenv('PHP_DEPLOY_ROOT');
// the path that OPcache has: nothing here may resolve "current" by realpath before it is time, because workers remember that
$real = realpath($root);
$real = $real === false ? $root : $real;
$release = getenv('PHP_DEPLOY_RELEASE');
$files = json_decode((string) getenv('PHP_DEPLOY_FILES'), true);
$files = is_array($files) ? $files : array();

// A fatal error while compiling ends this script: then this is what is said.
register_shutdown_function(function () use (&$answer) {
    $error = error_get_last();
    if (!isset($answer['done']) && $error !== null) {
        $answer['fatal'] = $error['message'] . ' in ' . $error['file'] . ':' . $error['line'];
    }
    while (ob_get_level() > 0) {
        ob_end_clean();
    }
    if (!headers_sent()) {
        http_response_code(200);
        header('Content-Type: application/json');
    }
    echo json_encode($answer, defined('JSON_INVALID_UTF8_SUBSTITUTE') ? JSON_INVALID_UTF8_SUBSTITUTE : 0);
});

/** Whether OPcache has something under the path that "current" gives, unresolved: how the web server passes it then. */
function by_link($root, $real, $file)
{
    return opcache_is_script_cached("$root/current/$file")
        || ($real !== $root && opcache_is_script_cached("$real/current/$file"));
}

function look(&$answer, $root, $real)
{
    $link = @readlink("$root/current");
    $answer['current'] = $link === false ? '' : basename($link);
    foreach (array('open_basedir', 'opcache.restrict_api', 'opcache.preload', 'opcache.validate_timestamps',
        'opcache.revalidate_freq', 'opcache.revalidate_path', 'realpath_cache_ttl', 'realpath_cache_size',
        'max_execution_time', 'opcache.max_accelerated_files', 'opcache.file_cache', 'auto_prepend_file', 'auto_append_file',
        'include_path') as $name) {
        $answer['ini'][$name] = (string) ini_get($name);
    }
    $answer['ini']['php.ini'] = (string) php_ini_loaded_file();
    $answer['real'] = $real;
    $answer['realpathCache'] = realpath_cache_size();
    $status = function_exists('opcache_get_status') ? opcache_get_status(true) : false;
    $answer['opcache'] = is_array($status) && !empty($status['opcache_enabled']);
    $answer['opcacheMeant'] = (string) ini_get('opcache.enable') === '1';
    if (!$answer['opcache']) {
        return;
    }
    $counts = $status['opcache_statistics'];
    $answer['keys'] = array('used' => $counts['num_cached_keys'], 'max' => $counts['max_cached_keys']);
    $answer['memory'] = array(
        'free' => $status['memory_usage']['free_memory'],
        'wasted' => $status['memory_usage']['wasted_memory'],
    );
    $answer['full'] = $status['cache_full'];
    $answer['pending'] = $status['restart_pending'] || $status['restart_in_progress'];
    $answer['restarts'] = $counts['manual_restarts'] + $counts['oom_restarts'] + $counts['hash_restarts'];
    $answer['releases'] = array();
    $linked = array();
    $seen = array();
    foreach (isset($status['scripts']) ? $status['scripts'] : array() as $script) {
        $path = $script['full_path'];
        if (strpos($path, "$real/releases/") !== 0) {
            continue;
        }
        $parts = explode('/', substr($path, strlen("$real/releases/")), 2);
        $of = &$answer['releases'][$parts[0]];
        $of['scripts'] = isset($of['scripts']) ? $of['scripts'] + 1 : 1;
        $of['memory'] = (isset($of['memory']) ? $of['memory'] : 0) + $script['memory_consumption'];
        $of['hits'] = (isset($of['hits']) ? $of['hits'] : 0) + $script['hits'];
        unset($of);
        if (isset($parts[1]) && !isset($seen[$parts[1]])) {
            $seen[$parts[1]] = true;
            if (by_link($root, $real, $parts[1])) {
                $linked[] = $parts[1];
            }
        }
    }
    $answer['linkedCount'] = count($linked);
    $answer['linked'] = array_slice($linked, 0, 20);
}

/** Has this pool read and compile a file, without running it. */
function compile(&$answer, $file)
{
    if (!is_file($file) || !is_readable($file)) {
        $answer['problem'] = is_file($file) ? 'unreadable' : 'missing';
        return;
    }
    // what is wrong with it is said to the output only
    error_reporting(E_ALL);
    ini_set('display_errors', '1');
    ini_set('html_errors', '0');
    ob_start();
    try {
        if (function_exists('opcache_compile_file') && !empty($answer['opcache'])) {
            if (!opcache_compile_file($file)) {
                $lines = array_values(array_filter(array_map('trim', explode("\n", (string) ob_get_contents()))));
                $answer['problem'] = isset($lines[0]) ? $lines[0] : 'not compiled';
            }
        } elseif (function_exists('token_get_all') && defined('TOKEN_PARSE')) {
            token_get_all(file_get_contents($file), TOKEN_PARSE);
        }
    } catch (Throwable $e) {
        $answer['problem'] = $e->getMessage() . ' in ' . $e->getFile() . ':' . $e->getLine();
    }
    ob_end_clean();
    error_reporting(0);
}

/**
 * Which release OPcache executes for a path through "current". It never looks at the path again once it has it, so it is asked
 * by taking away what it has of the other releases: what vanishes with them was theirs. Requests lose nothing by that.
 */
function owners(&$answer, $root, $real, $release, $files)
{
    $answer['stale'] = array();
    $others = array();
    foreach ((array) scandir("$real/releases") as $name) {
        if ($name[0] !== '.' && $name !== $release) {
            $others[] = $name;
        }
    }
    foreach ($files as $file) {
        if (!by_link($root, $real, $file)) {
            continue;
        }
        foreach ($others as $other) {
            opcache_invalidate("$real/releases/$other/$file", true);
        }
        if (!by_link($root, $real, $file)) {
            $answer['stale'][] = $file;
        }
    }
}

switch (getenv('PHP_DEPLOY_ASK')) {
    case 'look':
        look($answer, $root, $real);
        break;
    case 'compile':
        look($answer, $root, $real);
        foreach (count($files) ? $files : array('index.php') as $file) {
            if (is_file("$real/releases/$release/$file")) {
                $answer['entry'] = $file;
                compile($answer, "$real/releases/$release/$file");
                break;
            }
        }
        if (!isset($answer['entry'])) {
            $answer['problem'] = is_readable("$real/releases/$release") ? 'missing' : 'unreadable';
        }
        break;
    case 'serve':
        // what this worker makes of the path as the web server passes it
        foreach ($files as $file) {
            $answer['resolved'][$file] = (string) realpath("$root/current/$file");
        }
        $link = @readlink("$root/current");
        $answer['current'] = $link === false ? '' : basename($link);
        $answer['real'] = $real;
        break;
    case 'owners':
        look($answer, $root, $real);
        if ($answer['opcache']) {
            owners($answer, $root, $real, $release, $files);
        }
        break;
    case 'writes':
        $account = function_exists('posix_geteuid') ? posix_getpwuid(posix_geteuid()) : false;
        $answer['account'] = $account === false ? '' : $account['name'];
        $answer['refused'] = array();
        foreach ($files as $file) {
            if (is_dir($file) && !is_writable($file)) {
                $answer['refused'][] = $file;
            }
        }
        break;
    case 'reset':
        $answer['reset'] = function_exists('opcache_reset') && opcache_reset();
        look($answer, $root, $real);
        break;
}
$answer['done'] = true;
