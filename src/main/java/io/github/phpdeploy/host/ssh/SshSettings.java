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
 * @param jump the host that it is reached through, where it is not reached from here
 */
public record SshSettings(
        HostAddress address,
        String user,
        Optional<Path> identityFile,
        Optional<Secret> passphrase,
        Optional<Secret> password,
        Path knownHostsFile,
        Duration connectTimeout,
        Optional<SshSettings> jump) {

    /** SSH's port where the address names none. */
    private static final int DEFAULT_PORT = 22;

    /**
     * How to reach a host from here.
     *
     * @param address where it is; not this machine
     * @param user the account
     * @param identityFile the private key to use; without it the agent's keys and OpenSSH's default files are tried
     * @param passphrase what unlocks the private key, where it is locked
     * @param password the account's password, tried when no key was accepted
     * @param knownHostsFile the host keys that are trusted, in the format of sshd(8)
     * @param connectTimeout how long each step of connecting may take
     */
    public SshSettings(
            HostAddress address,
            String user,
            Optional<Path> identityFile,
            Optional<Secret> passphrase,
            Optional<Secret> password,
            Path knownHostsFile,
            Duration connectTimeout) {
        this(address, user, identityFile, passphrase, password, knownHostsFile, connectTimeout, Optional.empty());
    }

    /**
     * The same host, reached through another.
     *
     * @param host the one to go through, which may itself be reached through another; empty to go there from here
     * @return how to reach it
     */
    public SshSettings through(Optional<SshSettings> host) {
        return new SshSettings(address, user, identityFile, passphrase, password, knownHostsFile, connectTimeout, host);
    }

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
        return "ssh " + jump.map(host -> "-J " + host.jumpList() + " ").orElse("")
                + (port() == DEFAULT_PORT ? "" : "-p " + port() + " ") + user + "@" + address.host();
    }

    /** As ssh(1) takes it behind -J: the host nearest to here first. */
    private String jumpList() {
        String host = address.host().indexOf(':') >= 0 ? "[" + address.host() + "]" : address.host();
        return jump.map(before -> before.jumpList() + ",").orElse("") + user + "@" + host
                + (port() == DEFAULT_PORT ? "" : ":" + port());
    }
}
