/** PHP-FPM: how its master is found, its configuration tested, and its workers replaced. */
package io.github.phpdeploy.runtime.fpm;
