package io.github.phpdeploy.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * OpenSSH's server on a port of its own, with host keys of its own and one user key that it lets in, for the account that
 * runs the test: with an empty home and /bin/sh, by nss_wrapper. As root it can also let in accounts that exist nowhere
 * else ({@link Builder#account}).
 */
public final class Sshd extends Server {

    private static final String NSS_WRAPPER = "libnss_wrapper.so";

    private final Path folder;
    private final int port;

    private Sshd(Path folder, int port, List<String> command, Map<String, String> environment) {
        super(command, environment, folder.resolve("sshd.log"), () -> listens(port));
        this.folder = folder;
        this.port = port;
    }

    /** How a server is to be. */
    public static final class Builder {

        private final Path folder;
        private final List<String> options = new ArrayList<>();
        private final StringBuilder accounts = new StringBuilder();
        private List<String> hostKeys = List.of("ed25519");

        private Builder(Path folder) {
            this.folder = folder;
        }

        /** A line of sshd_config. */
        public Builder option(String line) {
            options.add(line);
            return this;
        }

        /** The kinds of host keys: ed25519, ecdsa, rsa. */
        public Builder hostKeys(String... kinds) {
            hostKeys = List.of(kinds);
            return this;
        }

        /** An account that only this server knows; the test must run as root. */
        public Builder account(String name, int uid, String password, String shell) {
            String hash =
                    password.isEmpty() ? "*" : run("perl", "-e", "print crypt($ARGV[0], '$6$saltsalt$')", password);
            Path home = folder.resolve("home-" + name);
            try {
                Files.createDirectories(home.resolve(".ssh"));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            accounts.append(name + ":" + hash + ":" + uid + ":" + uid + "::" + home + ":" + shell + "\n");
            return this;
        }

        /** Starts it. */
        public Sshd start() {
            Path userKey = folder.resolve("user_key");
            if (!Files.exists(userKey)) {
                run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", userKey.toString());
            }
            int port = freePort();
            StringBuilder config = new StringBuilder();
            config.append("ListenAddress 127.0.0.1\nPort " + port + "\nPidFile none\nUsePAM no\nStrictModes no\n");
            config.append("AuthorizedKeysFile " + folder.resolve("user_key.pub") + " " + folder.resolve("more_keys")
                    + "\nLogLevel VERBOSE\nPermitRootLogin yes\nSubsystem sftp internal-sftp\n");
            for (String kind : hostKeys) {
                Path key = folder.resolve("host_" + kind);
                if (!Files.exists(key)) {
                    run("ssh-keygen", "-q", "-t", kind, "-N", "", "-f", key.toString());
                }
                config.append("HostKey " + key + "\n");
            }
            options.forEach(option -> config.append(option).append('\n'));
            Path file = write(folder.resolve("sshd_config"), config.toString());
            if (isRoot()) {
                run("mkdir", "-p", "/run/sshd");
            }
            // whatever start-up files the account that runs the tests has, they do not run
            Path home = folder.resolve("home");
            String me = System.getProperty("user.name") + ":x:"
                    + run("id", "-u").strip() + ":" + run("id", "-g").strip() + "::" + home + ":/bin/sh\n";
            write(home.resolve(".hushlogin"), "");
            write(folder.resolve("passwd"), me + accounts + run("cat", "/etc/passwd"));
            if (!accounts.isEmpty()) {
                // sshd reads the authorized keys as the account
                run("chmod", "755", folder.toString(), folder.getParent().toString());
            }
            Map<String, String> environment = Map.of(
                    "LD_PRELOAD",
                    NSS_WRAPPER,
                    "NSS_WRAPPER_PASSWD",
                    folder.resolve("passwd").toString(),
                    "NSS_WRAPPER_GROUP",
                    "/etc/group");
            String program = Files.exists(Path.of("/usr/sbin/sshd"))
                    ? "/usr/sbin/sshd"
                    : run("which", "sshd").strip();
            Sshd sshd = new Sshd(folder, port, List.of(program, "-D", "-e", "-f", file.toString()), environment);
            StringBuilder known = new StringBuilder();
            for (String kind : hostKeys) {
                String[] key = sshd.hostKey(kind).split(" ");
                known.append("[127.0.0.1]:" + port + " " + key[0] + " " + key[1] + "\n");
            }
            write(sshd.knownHosts(), known.toString());
            return sshd;
        }
    }

    /** A server whose files lie in a folder. */
    public static Builder in(Path folder) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Builder(folder);
    }

    /** Its port on 127.0.0.1. */
    public int port() {
        return port;
    }

    /** What {@code php.hosts} would be. */
    public String address() {
        return System.getProperty("user.name") + "@127.0.0.1:" + port;
    }

    /** The private key that it lets in. */
    public Path userKey() {
        return folder.resolve("user_key");
    }

    /** A known_hosts file with its host keys. */
    public Path knownHosts() {
        return folder.resolve("known_hosts");
    }

    /** Lets another key in. */
    public void authorize(String publicKey) {
        Path more = folder.resolve("more_keys");
        try {
            write(more, (Files.exists(more) ? Files.readString(more) : "") + publicKey.strip() + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A host key's public half. */
    public String hostKey(String kind) {
        try {
            return Files.readString(folder.resolve("host_" + kind + ".pub")).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
