package io.github.phpdeploy.runtime.modphp;

import java.time.Duration;
import java.util.Optional;

import io.github.phpdeploy.runtime.resident.ResidentSettings;

/**
 * How an Apache with mod_php is found, asked and reloaded.
 *
 * @param control how its master is found and reloaded
 * @param showing where and how it shows which release it executes
 * @param longestRequest how long the longest request takes that must be waited for; empty where nobody said
 * @param allowDrops whether to go on where requests would be lost
 */
public record ModPhpSettings(
        Control control, ResidentSettings.Showing showing, Optional<Duration> longestRequest, boolean allowDrops) {

    /**
     * How the master is found and reloaded. With neither service nor pid file the only one that runs is meant.
     *
     * @param service its systemd unit
     * @param pidFile where it writes its process id
     * @param command a command that reloads it gracefully, instead of the service's reload or a signal
     * @param test a command that tests its configuration, instead of its own {@code -t}
     * @param sudo whether all these go through {@code sudo -n}
     * @param limit how long a reload may take until the last old child is gone
     */
    public record Control(
            Optional<String> service,
            Optional<String> pidFile,
            Optional<String> command,
            Optional<String> test,
            boolean sudo,
            Duration limit) {}
}
