package io.github.phpdeploy.deploy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

import io.github.phpdeploy.PhpDeployException;
import io.github.phpdeploy.probe.Health;
import io.github.phpdeploy.probe.HealthCheck;
import io.github.phpdeploy.probe.Prober;
import io.github.phpdeploy.release.JournalEntry;
import io.github.phpdeploy.release.Release;
import io.github.phpdeploy.release.ReleaseRecord;
import io.github.phpdeploy.release.ReleaseState;
import io.github.phpdeploy.release.Site;
import io.github.phpdeploy.runtime.Intent;
import io.github.phpdeploy.runtime.Place;
import io.github.phpdeploy.runtime.Runtime;

/**
 * What deploys and rollbacks have in common: hosts are switched to another release, the runtime is reloaded, the site is
 * proved healthy; and when that fails anywhere, all of it is undone everywhere.
 */
final class Switchover {

    private final String action;
    private final Fleet fleet;
    private final Runtime runtime;
    private final Optional<HealthCheck> health;
    private final Initiator initiator;
    private final DeployLog log;
    private final long begin = System.nanoTime();

    Switchover(
            String action,
            Fleet fleet,
            Runtime runtime,
            Optional<HealthCheck> health,
            Initiator initiator,
            DeployLog log) {
        this.action = action;
        this.fleet = fleet;
        this.runtime = runtime;
        this.health = health;
        this.initiator = initiator;
        this.log = log;
    }

    /** Finds out, before anything is changed, whether reload and health check will be possible. */
    void inspect(HostRun run) {
        health.ifPresent(check -> Prober.preflight(run.host(), check));
        run.service(runtime.inspect(place(run, health), Intent.SWITCH));
        log.way(run.name(), run.service().way());
        run.service().warnings().forEach(warning -> log.warning(run.name(), warning));
    }

    /** The site as its runtime sees it. */
    static Place place(HostRun run, Optional<HealthCheck> health) {
        return new Place(
                run.host(), run.target().deployPath(), health.map(check -> () -> Prober.once(run.host(), check)));
    }

    /** Has the runtime try a release before it becomes current. */
    void preview(HostRun run, String release) {
        run.service().preview(release).ifPresent(seen -> log.previewed(run.name(), release, seen));
    }

    void activate(HostRun run, String release, Optional<ReleaseRecord> record) {
        if (run.previous().isEmpty() && run.previousLink().isPresent()) {
            log.warning(run.name(), "current pointed to " + run.previousName() + ", which is none of our releases");
        }
        run.switching(release);
        run.site().activate(run.lock(), Optional.of(Site.linkTo(release)), run.previousLink(), record);
        log.activated(run.name(), release);
    }

    void reload(HostRun run) {
        long start = System.nanoTime();
        String how = run.service().await(run.service().reload());
        log.reloaded(run.name(), how, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
    }

    /**
     * Asks whether the site is healthy, and has the runtime prove which release it executes.
     *
     * @throws PhpDeployException when it is not, or another one is executed
     */
    void verify(HostRun run, String release) {
        checkHealth(run, release);
        run.service().prove(release).ifPresent(seen -> log.proved(run.name(), seen));
    }

    /** Has the runtime make room for the next release. The release is live and good, whatever comes of that. */
    void tidy(HostRun run, String release) {
        try {
            run.service().tidy(release).ifPresent(done -> log.warning(run.name(), done));
        } catch (PhpDeployException e) {
            log.warning(run.name(), "the release is live, but: " + e.getMessage());
        }
    }

    private void checkHealth(HostRun run, String release) {
        if (health.isEmpty()) {
            return;
        }
        Health is = Prober.probe(run.host(), health.get().forRelease(release));
        if (is instanceof Health.Unhealthy unhealthy) {
            throw new PhpDeployException(
                    "the site on " + run.name() + " is not healthy: "
                            + health.get().url() + " answers with "
                            + unhealthy.reason() + " (asked " + unhealthy.attempts() + " times in "
                            + health.get().limit().toSeconds() + " s)",
                    "read the application's error log, correct the release and deploy again; give a slow start more time"
                            + " with -Dphp.healthTimeout=SECONDS");
        }
        Health.Healthy healthy = (Health.Healthy) is;
        log.healthy(run.name(), healthy.attempts(), healthy.millis());
    }

    /**
     * Undoes what was done, on all hosts.
     *
     * @param release the release that was to become current; empty when it had no name yet
     * @param record what is known of it
     * @param failure why
     * @return the result, whose cause says in what state things are now
     */
    DeployResult undo(String release, Optional<ReleaseRecord> record, PhpDeployException failure) {
        fleet.each(run -> undo(run, release, record, failure));
        List<HostOutcome> outcomes = new ArrayList<>();
        for (HostRun run : fleet.all()) {
            boolean switched = run.isSwitched();
            outcomes.add(outcome(
                    run,
                    record,
                    fleet.isSkipped(run)
                            ? HostOutcome.Outcome.SKIPPED
                            : switched ? HostOutcome.Outcome.ROLLED_BACK : HostOutcome.Outcome.FAILED,
                    reason(run, failure)));
        }
        return new DeployResult.Failure(action, release, millis(), outcomes, failure.withState(state(release)));
    }

    private String reason(HostRun run, PhpDeployException failure) {
        if (run.failure() != null) {
            return run.failure().getMessage();
        }
        return fleet.runs().stream().anyMatch(other -> other.failure() != null)
                ? "another host failed"
                : failure.getMessage();
    }

    /** In what state the hosts are, in one clause. */
    private String state(String release) {
        List<String> stuck = new ArrayList<>();
        List<String> behind = new ArrayList<>();
        boolean switched = false;
        for (HostRun run : fleet.runs()) {
            switched |= run.isSwitched();
            if (run.isSwitched() && !run.isUndone()) {
                (run.isBack() ? behind : stuck).add(run.name());
            }
        }
        List<String> repairs = new ArrayList<>();
        if (!stuck.isEmpty()) {
            repairs.add("release " + release + " may still be current on " + String.join(", ", stuck)
                    + ", because undoing failed there: repair it with php:rollback -Dphp.hosts="
                    + String.join(",", stuck));
        }
        if (!behind.isEmpty()) {
            repairs.add("current was switched back on " + String.join(", ", behind) + ", but release " + release
                    + " may still be executed there, because the runtime could not be brought back: repair it with"
                    + " php:reload -Dphp.hosts=" + String.join(",", behind));
        }
        if (!repairs.isEmpty()) {
            return String.join("; ", repairs);
        }
        String previous = fleet.first().previousName();
        if (fleet.runs().stream().noneMatch(HostRun::isLocked)) {
            return "nothing was changed";
        }
        if (!switched) {
            return previous.isEmpty()
                    ? "nothing was activated"
                    : "nothing was switched: " + previous + " is still current";
        }
        return previous.isEmpty()
                ? "it was undone: there is no current release again"
                : "it was undone: " + previous + " is current again";
    }

    private void undo(HostRun run, String release, Optional<ReleaseRecord> record, PhpDeployException failure) {
        if (!run.isLocked() || release.isEmpty()) {
            return;
        }
        run.endUpload();
        if (run.isSwitched()) {
            undoSwitch(run, release, failure);
        }
        undrain(run);
        discard(run);
        try {
            boolean wasLive = run.isSwitched();
            // what never was live goes; what was is kept, so that it can be looked into
            List<ReleaseRecord> records = new ArrayList<>();
            if (wasLive && action.equals(Deployer.ACTION)) {
                record.ifPresent(known -> records.add(known.in(ReleaseState.FAILED)));
            }
            boolean discard = !wasLive && action.equals(Deployer.ACTION);
            JournalEntry entry = entry(run, record, release, wasLive ? "rolled-back" : "failed", failure.what());
            run.site().conclude(run.lock(), records, Optional.of(entry), discard ? List.of(release) : List.of());
            if (discard) {
                run.trees().settle(run.previous(), false);
            }
        } catch (PhpDeployException e) {
            log.warning(run.name(), "the end could not be written down: " + e.what());
        }
    }

    private void undoSwitch(HostRun run, String release, PhpDeployException failure) {
        try {
            Optional<String> link = run.site().inspect().link();
            if (link.equals(run.previousLink())) {
                run.notSwitched();
                return;
            }
            log.undoing(run.name(), run.failure() == null ? failure.what() : "it failed here");
            if (link.equals(Optional.of(Site.linkTo(release)))) {
                run.site().activate(run.lock(), run.previousLink(), link, Optional.empty());
            }
            run.switchedBack();
            run.service().restore();
            run.undone();
            log.undone(run.name(), run.previousName());
        } catch (PhpDeployException e) {
            log.undoFailed(run.name(), e.getMessage());
        }
    }

    /** Requests come back, where what they find is what was there before. */
    private void undrain(HostRun run) {
        if (!run.isDrained()) {
            return;
        }
        if (run.isSwitched() && !run.isUndone()) {
            log.warning(run.name(), "it was drained and stays so, because undoing failed; php.undrain was not run");
            return;
        }
        try {
            run.undrain();
        } catch (PhpDeployException e) {
            log.warning(run.name(), "it is still drained, because php.undrain failed: " + e.getMessage());
        }
    }

    /** Has the runtime take back what it started to serve the release, which is not to be served. */
    private void discard(HostRun run) {
        if (run.service() == null) {
            return;
        }
        try {
            run.service().discard();
        } catch (PhpDeployException e) {
            log.warning(run.name(), "what was started for the release that failed is still there: " + e.getMessage());
        }
    }

    DeployResult success(String release, Optional<ReleaseRecord> record) {
        List<HostOutcome> outcomes = outcomes(record, HostOutcome.Outcome.SUCCESS);
        return new DeployResult.Success(action, release, millis(), outcomes);
    }

    /** The result of a dry run. */
    DeployResult planned(String release, Optional<ReleaseRecord> record) {
        List<HostOutcome> outcomes = outcomes(record, HostOutcome.Outcome.PLANNED);
        return new DeployResult.Planned(action, release, millis(), outcomes);
    }

    /** The result of a dry run that found out that it would fail. */
    DeployResult notPlanned(PhpDeployException failure) {
        return new DeployResult.Failure(
                action, "", millis(), List.of(), failure.withState("this was a dry run: nothing was changed"));
    }

    private List<HostOutcome> outcomes(Optional<ReleaseRecord> record, HostOutcome.Outcome outcome) {
        return fleet.all().stream()
                .map(run -> fleet.isSkipped(run)
                        ? outcome(
                                run,
                                Optional.empty(),
                                HostOutcome.Outcome.SKIPPED,
                                run.failure().what())
                        : outcome(run, record, outcome, ""))
                .toList();
    }

    private static HostOutcome outcome(
            HostRun run, Optional<ReleaseRecord> record, HostOutcome.Outcome outcome, String message) {
        return new HostOutcome(
                run.name(),
                outcome,
                run.previousName(),
                run.current(),
                record.map(ReleaseRecord::files).orElse(0),
                run.upload() == null ? 0 : run.upload().filesSent(),
                run.upload() == null ? 0 : run.upload().filesReused(),
                run.upload() == null ? 0 : run.upload().wireBytes(),
                record.map(ReleaseRecord::bytes).orElse(0L),
                run.phases(),
                run.runtimeFacts(),
                message);
    }

    /** What the journal says of this. */
    JournalEntry entry(HostRun run, Optional<ReleaseRecord> record, String release, String outcome, String message) {
        return new JournalEntry(
                Instant.now(),
                action,
                release,
                run.previous(),
                outcome,
                initiator.operator(),
                record.map(ReleaseRecord::version).orElse(""),
                record.map(ReleaseRecord::commit).orElse(""),
                run.name(),
                run.upload() == null ? 0 : run.upload().filesSent(),
                run.upload() == null ? 0 : run.upload().wireBytes(),
                millis(),
                message,
                run.runtimeFacts());
    }

    /** The record of a release that a host has. */
    static Optional<ReleaseRecord> record(HostRun run, String release) {
        return run.before() == null
                ? Optional.empty()
                : run.before().find(release).flatMap(Release::record);
    }

    long millis() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
    }
}
