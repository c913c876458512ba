/**
 * Apache that executes PHP in its children (mod_php). Old children keep the code that OPcache and PHP's cache of paths found by way of
 * {@code current}, so each switch is followed by a graceful reload: the listening sockets stay, old children finish what they do, and
 * the next generation begins with empty caches.
 */
package io.github.phpdeploy.runtime.modphp;
