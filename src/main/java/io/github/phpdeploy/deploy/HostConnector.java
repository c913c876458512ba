package io.github.phpdeploy.deploy;

import io.github.phpdeploy.host.Host;
import io.github.phpdeploy.host.local.LocalHost;
import io.github.phpdeploy.host.ssh.SshHost;

/** Makes the connection to a target's host. */
@FunctionalInterface
public interface HostConnector {

    /**
     * Connects.
     *
     * @param target where to
     * @return the host, to be closed
     * @throws io.github.phpdeploy.PhpDeployException when that cannot be done
     */
    Host connect(Target target);

    /** Over SSH, or this machine itself. */
    HostConnector STANDARD = target -> {
        if (target.ssh().isEmpty()) {
            return new LocalHost();
        }
        SshHost host = SshHost.connect(target.ssh().get());
        return target.transfer() == Transfer.SFTP ? host : host.expectScripts();
    };
}
