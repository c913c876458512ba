/**
 * PHP servers that live on between requests: what Swoole, Workerman and their kin have in common. A master keeps workers,
 * code is read when a worker starts, and a signal has the master replace all workers. Which code they then read hangs on how the
 * application was written and started, so it is never believed before the site itself has shown it.
 */
package io.github.phpdeploy.runtime.resident;
