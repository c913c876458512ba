/**
 * A host behind SSH, by sshj and the JDK's own cryptography. One connection serves a whole deploy; every script has a
 * channel of its own in it. Host keys are checked strictly against {@code known_hosts}; keys come from files, from
 * {@code ssh-agent}, passwords from Maven's settings. Nothing here runs a local program or logs a line.
 */
package io.github.phpdeploy.host.ssh;
