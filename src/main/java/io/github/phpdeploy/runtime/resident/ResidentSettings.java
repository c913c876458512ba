package io.github.phpdeploy.runtime.resident;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How a resident server is found, asked, and brought to run another release.
 *
 * @param control how its master is found and reloaded
 * @param showing where and how it shows which release it executes
 * @param strategy how it is brought to run another release
 * @param longestRequest how long the longest request takes that must not be lost; empty where nobody said
 * @param maxWaitTime how long the server waits for old workers at a reload, as its configuration has it; empty where nobody
 *     said
 * @param allowDrops whether to go on where requests would be lost
 */
public record ResidentSettings(
        Control control,
        Showing showing,
        Strategy strategy,
        Optional<Duration> longestRequest,
        Optional<Duration> maxWaitTime,
        boolean allowDrops) {

    /** The ways in which such a server can be brought to run another release. */
    public enum Strategy {
        /** Whatever loses nothing, by what was found. */
        AUTO,
        /** All workers are replaced, by signal. */
        RELOAD
    }

    /**
     * How the master is found and reloaded. One of the first two is given.
     *
     * @param pidFile where the server writes its master's process id
     * @param pidCommand a command that prints it, instead
     * @param kept what the command line of workers holds that no reload replaces; empty for none
     * @param sudo whether signals go through {@code sudo -n}
     * @param limit how long a reload may take until the last old worker is gone
     */
    public record Control(
            Optional<String> pidFile,
            Optional<String> pidCommand,
            Optional<Pattern> kept,
            boolean sudo,
            Duration limit) {}

    /**
     * Where and how the server shows which release it executes.
     *
     * @param url an http or https address, asked from the host
     * @param header the header field that names the release; see {@link Sighting}
     * @param body what finds the release in the body, instead: group {@code release}, or else the first
     * @param limit how long it may take to show the new release
     */
    public record Showing(URI url, String header, Optional<Pattern> body, Duration limit) {

        /** The header field, unless somebody says another. */
        public static final String HEADER = "X-Release";
    }
}
