package io.github.phpdeploy.deploy;

import java.util.List;

import io.github.phpdeploy.PhpDeployException;

/** How a deploy or a rollback ended. */
public sealed interface DeployResult {

    /**
     * What was done.
     *
     * @return {@code deploy} or {@code rollback}
     */
    String action();

    /**
     * The release it was about.
     *
     * @return its name; empty when it failed before it had one
     */
    String release();

    /**
     * How long it took.
     *
     * @return milliseconds
     */
    long millis();

    /**
     * How it ended on each host, in the order in which they were named.
     *
     * @return the outcomes
     */
    List<HostOutcome> hosts();

    /** Every host serves the release. */
    record Success(String action, String release, long millis, List<HostOutcome> hosts) implements DeployResult {}

    /** No host serves the release: it failed, and what was done was undone. */
    record Failure(String action, String release, long millis, List<HostOutcome> hosts, PhpDeployException cause)
            implements DeployResult {}

    /** It was only said what would be done. */
    record Planned(String action, String release, long millis, List<HostOutcome> hosts) implements DeployResult {}

    /**
     * The outcome over all hosts.
     *
     * @return the worst of them, as users and files have it
     */
    default String outcome() {
        if (this instanceof Success) {
            return HostOutcome.Outcome.SUCCESS.word();
        }
        if (this instanceof Planned) {
            return HostOutcome.Outcome.PLANNED.word();
        }
        boolean undone = hosts().stream().anyMatch(host -> host.outcome() == HostOutcome.Outcome.ROLLED_BACK);
        return (undone ? HostOutcome.Outcome.ROLLED_BACK : HostOutcome.Outcome.FAILED).word();
    }
}
