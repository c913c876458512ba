package io.github.phpdeploy.deploy;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

import io.github.phpdeploy.probe.HealthCheck;
import io.github.phpdeploy.runtime.Runtime;

/**
 * All that a rollback needs to know.
 *
 * @param targets where
 * @param fleet how many hosts at a time, and what to do without some of them
 * @param release the release to go to; empty for the newest good one that is older than the current
 * @param force whether to go to a release that is known to be bad or was never proved
 * @param initiator who does it
 * @param lockWait how long to wait for another deploy
 * @param runtime what runs the code
 * @param health how to find out whether it serves; empty not to
 */
public record RollbackRequest(
        List<Target> targets,
        FleetRules fleet,
        Optional<String> release,
        boolean force,
        Initiator initiator,
        Duration lockWait,
        Runtime runtime,
        Optional<HealthCheck> health) {}
