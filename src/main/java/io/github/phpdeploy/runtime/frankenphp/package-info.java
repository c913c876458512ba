/**
 * FrankenPHP. Its workers cannot be brought to run another release: the worker script's path is resolved once, when FrankenPHP is
 * started, and a restart of workers goes on with it ({@code newWorker} in its worker.go); a reload with {@code --force} shuts PHP down
 * first and loses requests. So a new one is started beside the old one. Without workers, the current release may be found at each
 * request; that is believed only when the site shows it.
 */
package io.github.phpdeploy.runtime.frankenphp;
