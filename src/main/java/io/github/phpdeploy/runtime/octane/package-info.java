/**
 * Laravel Octane, over Swoole, RoadRunner or FrankenPHP. It passes the release that it was started from to its workers
 * ({@code APP_BASE_PATH}), and runs in a directory of it, so that a reload goes on with that release; and it notes its server's
 * processes in a state file, which it goes by when it stops, by killing them: two that share one would kill each other.
 */
package io.github.phpdeploy.runtime.octane;
