package io.github.phpdeploy.runtime.roadrunner;

import java.time.Duration;
import java.util.Optional;

import io.github.phpdeploy.runtime.Preview;
import io.github.phpdeploy.runtime.resident.ResidentSettings;

/**
 * How RoadRunner is found, asked and reset.
 *
 * @param program the name or path of {@code rr} on the host
 * @param config the absolute path of its configuration there, which names the address that {@code rr} speaks to the server at
 * @param sudo whether {@code rr} goes through {@code sudo -n}
 * @param limit how long a reset may take until the last old worker is gone
 * @param page where and how it shows which release it executes
 * @param trial what a release must pass before it becomes current; empty for nothing
 * @param longestRequest how long the longest request takes that must not be lost; empty where nobody said
 * @param allowDrops whether to go on where requests would be lost
 */
public record RoadRunnerSettings(
        String program,
        String config,
        boolean sudo,
        Duration limit,
        ResidentSettings.Showing page,
        Optional<Preview> trial,
        Optional<Duration> longestRequest,
        boolean allowDrops) {

    /** The program, unless somebody says another. */
    public static final String PROGRAM = "rr";
}
