package io.github.phpdeploy.host.ssh;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.github.phpdeploy.PhpDeployException;
import net.schmizz.sshj.SSHClient;
import net.schmizz.sshj.transport.TransportException;
import net.schmizz.sshj.userauth.UserAuthException;
import net.schmizz.sshj.userauth.method.AuthKeyboardInteractive;
import net.schmizz.sshj.userauth.method.AuthMethod;
import net.schmizz.sshj.userauth.method.AuthPassword;
import net.schmizz.sshj.userauth.method.PasswordResponseProvider;
import net.schmizz.sshj.userauth.password.PasswordFinder;
import net.schmizz.sshj.userauth.password.Resource;

/**
 * Proves to a host who we are, in OpenSSH's order: the key that was named, or else the agent's keys and then the default
 * files; a password last, unless it is all that was given.
 */
final class Authentication {

    private static final List<String> DEFAULT_FILES = List.of("id_ed25519", "id_ecdsa", "id_rsa");

    private final SshSettings settings;
    private final Map<String, String> environment;
    private final Path sshDirectory;
    private final List<String> tried = new ArrayList<>();

    /**
     * Authentication for one connection.
     *
     * @param environment where SSH_AUTH_SOCK is looked up
     * @param sshDirectory where the default key files lie
     */
    Authentication(SshSettings settings, Map<String, String> environment, Path sshDirectory) {
        this.settings = settings;
        this.environment = environment;
        this.sshDirectory = sshDirectory;
    }

    /** The same keys and agents, for another host. */
    Authentication to(SshSettings other) {
        return new Authentication(other, environment, sshDirectory);
    }

    /**
     * Authenticates.
     *
     * @throws PhpDeployException when the host accepts nothing that we have, or a key cannot be used
     * @throws TransportException when the connection is lost, also because the host has seen too many attempts
     */
    void authenticate(SSHClient client) throws TransportException {
        boolean accepted;
        if (settings.identityFile().isPresent()) {
            accepted = withFile(client, settings.identityFile().get()) || withPassword(client);
        } else if (settings.password().isPresent()) {
            accepted = withPassword(client) || withAgent(client) || withDefaultFiles(client);
        } else {
            accepted = withAgent(client) || withDefaultFiles(client);
        }
        if (!accepted) {
            throw refused(client);
        }
    }

    private PhpDeployException refused(SSHClient client) {
        String what = tried.isEmpty()
                ? "there is no key and no password to show to it"
                : "it accepted none of: " + String.join(", ", tried);
        String allowed = String.join(", ", client.getUserAuth().getAllowedMethods());
        return new PhpDeployException(
                settings.address() + " did not let " + settings.user() + " in: " + what
                        + (allowed.isEmpty() ? "" : " (it offers " + allowed + ")"),
                "try by hand with: " + settings.commandLine()
                        + " ; then name the key with -Dphp.identityFile, or a <server> of settings.xml with"
                        + " -Dphp.serverId");
    }

    private boolean withFile(SSHClient client, Path file) throws TransportException {
        tried.add("the key " + file);
        return attempt(client, new FileKeyAuth(KeyFiles.read(file, settings.passphrase())));
    }

    private boolean withDefaultFiles(SSHClient client) throws TransportException {
        for (String name : DEFAULT_FILES) {
            Path file = sshDirectory.resolve(name);
            if (!Files.isReadable(file)) {
                continue;
            }
            try {
                if (withFile(client, file)) {
                    return true;
                }
            } catch (PhpDeployException unusable) {
                // a default key was not asked for: say in the end why it did not serve
                tried.set(tried.size() - 1, unusable.what());
            }
        }
        return false;
    }

    private boolean withAgent(SSHClient client) throws TransportException {
        Optional<AgentClient> agent = AgentClient.connect(environment);
        if (agent.isEmpty()) {
            return false;
        }
        try (AgentClient open = agent.get()) {
            for (AgentClient.Identity identity : open.identities()) {
                tried.add("the agent's key " + KnownHosts.fingerprint(identity.key()));
                if (attempt(client, new AgentAuth(open, identity))) {
                    return true;
                }
            }
        } catch (TransportException lost) {
            throw lost;
        } catch (IOException e) {
            tried.add("ssh-agent, which does not answer");
        }
        return false;
    }

    private boolean withPassword(SSHClient client) throws TransportException {
        if (settings.password().isEmpty()) {
            return false;
        }
        tried.add("the password");
        PasswordFinder finder = new PasswordFinder() {
            @Override
            public char[] reqPassword(Resource<?> resource) {
                return settings.password().get().reveal();
            }

            @Override
            public boolean shouldRetry(Resource<?> resource) {
                return false;
            }
        };
        return attempt(client, new AuthPassword(finder))
                || (client.getUserAuth().getAllowedMethods().contains("keyboard-interactive")
                        && attempt(client, new AuthKeyboardInteractive(new PasswordResponseProvider(finder))));
    }

    private boolean attempt(SSHClient client, AuthMethod method) throws TransportException {
        try {
            client.auth(settings.user(), method);
            return true;
        } catch (UserAuthException rejected) {
            if (!client.getTransport().isRunning()) {
                throw new TransportException("the host hung up after too many attempts", rejected);
            }
            return false;
        }
    }
}
