package io.github.phpdeploy.mojo;

import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import io.github.phpdeploy.PhpDeployException;
import io.github.phpdeploy.deploy.Target;
import io.github.phpdeploy.deploy.Transfer;
import io.github.phpdeploy.host.HostAddress;
import io.github.phpdeploy.host.ssh.SshSettings;
import org.apache.maven.plugins.annotations.Parameter;
import org.apache.maven.settings.crypto.SettingsDecrypter;

/** What all goals that go to hosts have in common: which hosts, and how they are reached. */
abstract class AbstractHostMojo extends AbstractPhpMojo {

    private static final String LOCAL = "local";

    /**
     * Where to: a comma-separated list of {@code local} (this machine), {@code user@host}, {@code user@host:port} or
     * {@code ssh://user@host:port}; or {@code <host>} elements with {@code address}, {@code serverId}, {@code labels},
     * {@code deployPath} and {@code identityFile}. {@code local} unless set.
     */
    @Parameter
    private HostList hosts;

    /**
     * Same as {@code <hosts>}, as a list; wins over it, and picks from its {@code <host>} elements, with all that they
     * say, those with the addresses that it names.
     */
    @Parameter(property = "php.hosts")
    private String hostNames;

    /**
     * The directory on the host that holds {@code current}, {@code releases} and {@code shared}; absolute. Required for
     * SSH; for {@code local} it is {@code target/php-site} unless set.
     */
    @Parameter(property = "php.deployPath")
    private String deployPath;

    /**
     * The id of a {@code <server>} in settings.xml, whose {@code username}, {@code password}, {@code privateKey} and
     * {@code passphrase} are used for hosts that name no other.
     */
    @Parameter(property = "php.serverId")
    private String serverId;

    /** The private key. Without it, ssh-agent's keys and OpenSSH's default files are tried. */
    @Parameter(property = "php.identityFile")
    private File identityFile;

    /** The file of host keys that are trusted. A host whose key is not in it is refused. */
    @Parameter(property = "php.knownHostsFile", defaultValue = "${user.home}/.ssh/known_hosts")
    private File knownHostsFile;

    /** How many seconds each step of connecting may take. */
    @Parameter(property = "php.connectTimeout", defaultValue = "15")
    private int connectTimeout;

    /**
     * How what is new gets to a host: {@code stream}, one compressed stream that the host unpacks; {@code sftp}, file by
     * file, without running anything there; {@code auto}, by a stream, and by SFTP where the host runs no commands or has no
     * {@code tar}.
     */
    @Parameter(property = "php.transfer", defaultValue = "auto")
    private String transfer;

    private final SettingsDecrypter decrypter;

    AbstractHostMojo(SettingsDecrypter decrypter) {
        this.decrypter = decrypter;
    }

    /** The targets, checked; nothing has been connected to yet. */
    List<Target> targets() {
        List<Target> targets = new ArrayList<>();
        Servers servers = new Servers(settings, decrypter);
        for (HostBean host : chosenHosts()) {
            if (host.address() == null || host.address().isBlank()) {
                throw new PhpDeployException("a <host> has no address", "write <host><address>…</address></host>");
            }
            HostAddress address = HostAddress.parse(host.address());
            Target target = address.isLocal() ? local(host, address) : remote(host, address, servers);
            if (targets.stream().anyMatch(target::isSamePlace)) {
                throw new PhpDeployException(
                        target.deployPath() + " on " + target.name() + " is named twice in php.hosts", "name it once");
            }
            targets.add(target);
        }
        if (targets.isEmpty()) {
            throw new PhpDeployException("php.hosts names no host", "set it to local or user@host");
        }
        if (settings.isOffline()) {
            targets.stream()
                    .filter(target -> target.ssh().isPresent())
                    .findFirst()
                    .ifPresent(target -> {
                        throw new PhpDeployException(
                                "Maven is offline (-o), and " + target.name() + " can only be reached over the network",
                                "run without -o, or skip this goal with -Dphp.skip");
                    });
        }
        return targets;
    }

    private List<HostBean> chosenHosts() {
        List<HostBean> configured = hosts == null ? List.of() : hosts.hosts();
        if (hostNames == null && hosts != null) {
            return configured;
        }
        HostList chosen = new HostList();
        chosen.set(hostNames == null ? LOCAL : hostNames);
        List<HostBean> picked = new ArrayList<>();
        for (HostBean wanted : chosen.hosts()) {
            picked.add(configured.stream()
                    .filter(host -> host.address() != null && isSame(host.address(), wanted.address()))
                    .findFirst()
                    .orElse(wanted));
        }
        return picked;
    }

    private static boolean isSame(String one, String other) {
        HostAddress a = HostAddress.parse(one);
        HostAddress b = HostAddress.parse(other);
        return a.equals(b)
                || (b.user().isEmpty() && b.port().isEmpty() && a.host().equals(b.host()));
    }

    private Target local(HostBean host, HostAddress address) {
        String path = deployPath(host);
        Path directory = Path.of(project.getBuild().getDirectory()).resolve("php-site");
        return new Target(
                address,
                Optional.empty(),
                path == null ? directory.toAbsolutePath().toString() : path,
                Transfer.of(transfer));
    }

    /** The command line's, the host's own, or the common one. */
    private String deployPath(HostBean host) {
        return first(session.getUserProperties().getProperty("php.deployPath"), first(host.deployPath(), deployPath));
    }

    private Target remote(HostBean host, HostAddress address, Servers servers) {
        String path = deployPath(host);
        if (path == null) {
            throw new PhpDeployException(
                    "there is no deploy path for " + address,
                    "set -Dphp.deployPath, or <deployPath> in the POM, to an absolute directory such as /srv/shop");
        }
        Servers.Credentials credentials = servers.credentials(first(host.serverId(), serverId));
        File key = host.identityFile() == null ? identityFile : host.identityFile();
        SshSettings ssh = new SshSettings(
                address,
                address.user().or(credentials::user).orElse(System.getProperty("user.name")),
                key == null ? credentials.privateKey() : Optional.of(key.toPath()),
                credentials.passphrase(),
                credentials.password(),
                knownHostsFile.toPath(),
                seconds("php.connectTimeout", connectTimeout));
        return new Target(address, Optional.of(ssh), path, Transfer.of(transfer));
    }

    /** A number of seconds that makes sense. */
    static Duration seconds(String property, int seconds) {
        if (seconds < 0 || seconds > Duration.ofDays(1).toSeconds()) {
            throw new PhpDeployException(
                    property + " is " + seconds, "set it to a number of seconds between 0 and 86400");
        }
        return Duration.ofSeconds(seconds);
    }

    private static String first(String one, String other) {
        return one == null || one.isBlank() ? (other == null || other.isBlank() ? null : other) : one;
    }
}
