package io.github.phpdeploy.deploy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

import io.github.phpdeploy.archive.Selection;
import io.github.phpdeploy.probe.HealthCheck;
import io.github.phpdeploy.runtime.Runtime;

/**
 * All that a deploy needs to know.
 *
 * @param application the application's root on this machine
 * @param selection what belongs to it
 * @param targets where it goes; at least one, the first that takes part is where once-only hooks run
 * @param fleet how many hosts at a time, and what to do without some of them
 * @param rollout in what order they are switched
 * @param release the release's name, if the user chose it
 * @param version the project's version; empty where there is none
 * @param initiator who does it
 * @param workDirectory where what saves time next time is kept on this machine
 * @param warm whether to leave a clone on the hosts for the next release to start from
 * @param keepReleases how many good releases are kept
 * @param lockWait how long to wait for another deploy
 * @param shared what survives releases
 * @param writable what the application writes into
 * @param hooks the user's commands
 * @param runtime what runs the code
 * @param health how to find out whether it serves; empty not to
 * @param lint whether hosts check the syntax of changed PHP files
 */
public record DeployRequest(
        Path application,
        Selection selection,
        List<Target> targets,
        FleetRules fleet,
        Rollout rollout,
        Optional<String> release,
        String version,
        Initiator initiator,
        Path workDirectory,
        boolean warm,
        int keepReleases,
        Duration lockWait,
        Shared shared,
        Writable writable,
        Hooks hooks,
        Runtime runtime,
        Optional<HealthCheck> health,
        boolean lint) {}
