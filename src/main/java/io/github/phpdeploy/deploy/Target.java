package io.github.phpdeploy.deploy;

import java.util.Optional;

import io.github.phpdeploy.PhpDeployException;
import io.github.phpdeploy.host.HostAddress;
import io.github.phpdeploy.host.Printable;
import io.github.phpdeploy.host.ssh.SshSettings;

/**
 * One place that a release goes to.
 *
 * @param address the host
 * @param ssh how to reach it; empty for this machine
 * @param deployPath absolute directory there
 * @param transfer how what is new gets there
 * @param labels what the user says of it
 */
public record Target(
        HostAddress address, Optional<SshSettings> ssh, String deployPath, Transfer transfer, Labels labels) {

    private static final int SSH_PORT = 22;

    /** A target with a deploy path that makes sense. */
    public Target {
        if (!deployPath.startsWith("/")) {
            throw new PhpDeployException(
                    "the deploy path \"" + Printable.line(deployPath) + "\" for " + address + " is not absolute",
                    "set php.deployPath to a directory that begins with a slash, such as /srv/shop");
        }
        if (deployPath.chars().anyMatch(c -> c < ' ') || ("/" + deployPath + "/").contains("/../")) {
            throw new PhpDeployException(
                    "the deploy path \"" + Printable.line(deployPath) + "\" for " + address
                            + " holds \"..\" or a control character",
                    "write php.deployPath as a plain absolute path");
        }
        deployPath = deployPath.length() > 1 ? deployPath.replaceAll("/+$", "") : deployPath;
        if (deployPath.isEmpty() || deployPath.equals("/")) {
            throw new PhpDeployException(
                    "the deploy path for " + address + " is the root directory",
                    "set php.deployPath to a directory of its own, such as /srv/shop");
        }
        if (transfer == Transfer.SFTP && ssh.isEmpty()) {
            throw new PhpDeployException(
                    "php.transfer is sftp, and " + address + " is no host behind SSH",
                    "set it to auto, or name a host as user@host");
        }
    }

    /**
     * A target that is reached in whatever way it allows.
     *
     * @param address the host
     * @param ssh how to reach it; empty for this machine
     * @param deployPath absolute directory there
     */
    public Target(HostAddress address, Optional<SshSettings> ssh, String deployPath) {
        this(address, ssh, deployPath, Transfer.AUTO);
    }

    /**
     * A target of which nothing else is said.
     *
     * @param address the host
     * @param ssh how to reach it; empty for this machine
     * @param deployPath absolute directory there
     * @param transfer how what is new gets there
     */
    public Target(HostAddress address, Optional<SshSettings> ssh, String deployPath, Transfer transfer) {
        this(address, ssh, deployPath, transfer, Labels.NONE);
    }

    /**
     * Whether this is the same directory of the same account's host.
     *
     * @param other another target
     * @return true where both would disturb each other
     */
    public boolean isSamePlace(Target other) {
        return address.host().equals(other.address.host())
                && address.port().orElse(SSH_PORT) == other.address.port().orElse(SSH_PORT)
                && ssh.flatMap(SshSettings::jump).equals(other.ssh.flatMap(SshSettings::jump))
                && deployPath.equals(other.deployPath);
    }

    /**
     * What the user calls this host.
     *
     * @return its address
     */
    public String name() {
        return address.toString();
    }
}
