/**
 * Asks a site how it is. A {@link io.github.phpdeploy.probe.HealthCheck} says what is asked and what counts as healthy; it
 * is asked from the host itself, through the connection that the deploy has anyway, so that a loopback address means the
 * host's own and no firewall stands between.
 */
package io.github.phpdeploy.probe;
