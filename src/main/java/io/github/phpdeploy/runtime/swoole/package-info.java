/** Swoole, and what is built on it: what its server must be like to be reloaded in place without losing a request. */
package io.github.phpdeploy.runtime.swoole;
