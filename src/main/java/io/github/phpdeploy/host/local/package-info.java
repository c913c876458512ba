/** This machine as a host: scripts run in its own {@code sh}, connections are opened directly. */
package io.github.phpdeploy.host.local;
