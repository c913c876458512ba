package io.github.phpdeploy.host.ssh;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

import io.github.phpdeploy.host.HostAddress;
import io.github.phpdeploy.host.Secret;

/**
 * How to reach a host and who to be there.
 *
 * @param address where it is; not this machine
 * @param user the account
 * @param identityFile the private key to use; without it the agent's keys and OpenSSH's default files are tried
 * @param passphrase what unlocks the private key, where it is locked
 * @param password the account's password, tried when no key was accepted
 * @param knownHostsFile the host keys that are trusted, in the format of sshd(8)
 * @param connectTimeout how long each step of connecting may take
 */
public record SshSettings(
        HostAddress address,
        String user,
        Optional<Path> identityFile,
        Optional<Secret> passphrase,
        Optional<Secret> password,
        Path knownHostsFile,
        Duration connectTimeout) {

    /** SSH's port where the address names none. */
    private static final int DEFAULT_PORT = 22;

    int port() {
        return address.port().orElse(DEFAULT_PORT);
    }

    /** The name under which known_hosts files a host: sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT". */
    String knownHostsName() {
        String host = address.host().toLowerCase(java.util.Locale.ROOT);
        return port() == DEFAULT_PORT ? host : "[" + host + "]:" + port();
    }

    /** What to type to reach the same host by hand. */
    String commandLine() {
        return "ssh " + (port() == DEFAULT_PORT ? "" : "-p " + port() + " ") + user + "@" + address.host();
    }
}
