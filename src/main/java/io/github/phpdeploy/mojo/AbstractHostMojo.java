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

    /**
     * Where to: a comma-separated list of {@code local} (this machine), {@code user@host}, {@code user@host:port} or
     * {@code ssh://user@host:port}; or {@code <host>} elements with {@code address}, {@code serverId}, {@code labels},
     * {@code deployPath}, {@code identityFile} and {@code jump}. {@code web[01:50].example.com} stands for fifty hosts, and
     * {@code db-[a:c]} for three. {@code local} unless set.
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
     * Which of the hosts, by their {@code <labels>}: {@code role=web & stage!=dr}, with {@code &}, {@code |}, {@code !} and
     * parentheses. All unless set.
     */
    @Parameter(property = "php.on")
    private String on;

    /**
     * The host that others are reached through, {@code user@bastion} or {@code user@bastion:port}; or several, separated by
     * commas, the nearest first. A {@code <host>} says its own by {@code <jump>}; {@code none} for none. Only connections are
     * passed on there, nothing is run, and what goes through them cannot be read there.
     */
    @Parameter(property = "php.jump")
    private String jump;

    /** The id of a {@code <server>} in settings.xml for the hosts of {@code php.jump}. */
    @Parameter(property = "php.jumpServerId")
    private String jumpServerId;

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
        for (HostBean host : HostChoice.of(hosts, hostNames, on)) {
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

    private Target local(HostBean host, HostAddress address) {
        String path = deployPath(host);
        Path directory = Path.of(project.getBuild().getDirectory()).resolve("php-site");
        return new Target(
                address,
                Optional.empty(),
                path == null ? directory.toAbsolutePath().toString() : path,
                Transfer.of(transfer),
                HostChoice.labels(host));
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
                seconds("php.connectTimeout", connectTimeout),
                jump(first(host.jump(), jump), servers));
        return new Target(address, Optional.of(ssh), path, Transfer.of(transfer), HostChoice.labels(host));
    }

    /** The last of the hosts to go through, each reached through the one before. */
    private Optional<SshSettings> jump(String list, Servers servers) {
        Optional<SshSettings> last = Optional.empty();
        if (list == null || list.strip().equals("none")) {
            return last;
        }
        Servers.Credentials credentials = servers.credentials(jumpServerId);
        for (String one : list.split(",")) {
            HostAddress address = HostAddress.parse(one);
            if (address.isLocal()) {
                throw new PhpDeployException(
                        "php.jump names local, which is no host to go through", "write user@host, or none");
            }
            last = Optional.of(new SshSettings(
                    address,
                    address.user().or(credentials::user).orElse(System.getProperty("user.name")),
                    identityFile == null ? credentials.privateKey() : Optional.of(identityFile.toPath()),
                    credentials.passphrase(),
                    credentials.password(),
                    knownHostsFile.toPath(),
                    seconds("php.connectTimeout", connectTimeout),
                    last));
        }
        return last;
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
