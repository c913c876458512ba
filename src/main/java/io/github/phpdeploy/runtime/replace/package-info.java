/**
 * Two masters, one of which serves: the new release's is started beside the old one, on another port or socket, and asked; then
 * the proxy's upstream is switched, the old master is drained, and stopped. For whatever cannot be reloaded in place.
 */
package io.github.phpdeploy.runtime.replace;
