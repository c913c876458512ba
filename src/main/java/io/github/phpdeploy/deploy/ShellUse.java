package io.github.phpdeploy.deploy;

import java.util.ArrayList;
import java.util.List;

import io.github.phpdeploy.PhpDeployException;
import io.github.phpdeploy.host.Printable;
import io.github.phpdeploy.runtime.Runtime;

/**
 * What of the user's settings needs a host that runs commands.
 *
 * @param settings as the user writes them; empty when SFTP alone will do
 */
record ShellUse(List<String> settings) {

    static ShellUse of(DeployRequest request) {
        List<String> settings = new ArrayList<>(of(request.runtime()).settings);
        if (!request.hooks().beforeActivation().isEmpty()
                || !request.hooks().afterActivation().isEmpty()) {
            settings.add("<hooks>");
        }
        if (request.rollout().drain().isPresent()) {
            settings.add("php.drain");
        }
        if (request.lint()) {
            settings.add("php.lint");
        }
        if (!request.writable().users().isEmpty()) {
            settings.add("<writable><acl>");
        }
        return new ShellUse(settings);
    }

    static ShellUse of(Runtime runtime) {
        return new ShellUse(runtime.runsCommands() ? List.of("php.runtime=" + runtime.name()) : List.of());
    }

    static ShellUse none() {
        return new ShellUse(List.of());
    }

    /**
     * Refuses a host that runs no commands, where they are needed.
     *
     * @param why how it is known that it runs none
     */
    void refuse(String host, String why) {
        if (!settings.isEmpty()) {
            throw new PhpDeployException(
                    String.join(" and ", settings) + (settings.size() == 1 ? " needs" : " need") + " a shell on " + host
                            + ", and nothing can be run there (" + Printable.line(why) + ")",
                    "leave that out for this host (with <writable><mode> instead of <acl>, and php.runtime none), or give"
                            + " the account a shell there");
        }
    }
}
