/**
 * Real servers for tests: sshd, php-fpm and nginx from the system's packages, on loopback, each with a configuration of its
 * own in a temporary folder, stopped by process id.
 */
package io.github.phpdeploy.it;
