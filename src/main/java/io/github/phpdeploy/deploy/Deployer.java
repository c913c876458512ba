package io.github.phpdeploy.deploy;

import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.Optional;

import io.github.phpdeploy.PhpDeployException;
import io.github.phpdeploy.archive.GitCheckout;
import io.github.phpdeploy.release.JournalEntry;
import io.github.phpdeploy.release.ReleaseId;
import io.github.phpdeploy.transfer.HashCache;
import io.github.phpdeploy.transfer.ManifestCache;
import io.github.phpdeploy.transfer.SourceChangedException;

/**
 * Puts a new release live: on all hosts, or on none.
 *
 * <p>The application is read while the hosts are being connected to. Every host has the release completely before any
 * host is switched; from the first switch on, whatever fails is undone on every host.
 */
public final class Deployer {

    static final String ACTION = "deploy";

    /** How far back the journal is searched for a name that the user chose. */
    private static final int JOURNAL_DEPTH = 100_000;

    private final HostConnector connector;
    private final DeployLog log;

    /**
     * A deployer.
     *
     * @param connector makes connections
     * @param log hears what happens
     */
    public Deployer(HostConnector connector, DeployLog log) {
        this.connector = connector;
        this.log = log;
    }

    /**
     * Deploys.
     *
     * @param request what, where and how
     * @return how it ended; a failure is a result too, and has been undone
     */
    public DeployResult deploy(DeployRequest request) {
        request.release().ifPresent(ReleaseId::check);
        log.begin(
                "deploying " + (request.version().isEmpty() ? "" : request.version() + " ") + "to",
                request.targets().stream().map(Target::name).toList());
        HashCache hashes = HashCache.load(request.workDirectory().resolve("hashes"));
        Reading reading = Reading.begin(request, hashes);
        ManifestCache manifests = NewRelease.cache(request);
        try (Fleet fleet = fleet(request)) {
            Switchover switchover =
                    new Switchover(ACTION, fleet, request.runtime(), request.health(), request.initiator(), log);
            Optional<NewRelease> release = Optional.empty();
            try {
                fleet.connect(run -> {
                    run.connect();
                    run.lookAhead(
                            () -> run.trees().current(manifests),
                            () -> Preparation.on(run, request, log).missing());
                });
                fleet.stage(Stage.LOCK, run -> {
                    // what is wrong with the application is told before anything is touched on a host
                    reading.found();
                    run.lock(request.initiator().holder(ACTION), request.lockWait());
                });
                fleet.stage(Stage.INSPECT, run -> {
                    run.chooseTransfer();
                    switchover.inspect(run);
                    run.missingShared();
                });
                NewRelease next = name(request, reading, fleet);
                release = Optional.of(next);
                fleet.stage(Stage.UPLOAD, next::begin);
                upload(fleet, next);
                ready(fleet, switchover, next, request.hooks());
                new Turnover(fleet, switchover, next, request, log).run();
            } catch (PhpDeployException failure) {
                return end(switchover.undo(
                        release.map(NewRelease::id).orElse(""), release.flatMap(NewRelease::record), failure));
            }
            NewRelease live = release.get();
            fleet.stage(Stage.RETIRE, run -> live.retire(run, switchover));
            fleet.stage(Stage.RETIRE, run -> switchover.tidy(run, live.id()));
            hashes.save();
            return end(switchover.success(live.id(), live.record()));
        }
    }

    /** Uploads; where the application changed meanwhile, all hosts get what it is now, once more. */
    private void upload(Fleet fleet, NewRelease release) {
        try {
            fleet.stage(Stage.UPLOAD, release::upload);
        } catch (SourceChangedException changed) {
            log.readingAgain(changed.what());
            fleet.forgive(changed.getClass());
            release.readAgain();
            fleet.stage(Stage.UPLOAD, release::beginAgain);
            fleet.stage(Stage.UPLOAD, release::upload);
        }
    }

    private void ready(Fleet fleet, Switchover switchover, NewRelease release, Hooks hooks) {
        fleet.stage(Stage.PREPARE, release::lint);
        fleet.stage(Stage.PREPARE, release::prepare);
        fleet.stage(Stage.PREPARE, run -> release.runHooks(run, hooks.beforeActivation(), run == fleet.first()));
        fleet.stage(Stage.PREPARE, run -> switchover.preview(run, release.id()));
    }

    private Fleet fleet(DeployRequest request) {
        ShellUse needs = ShellUse.of(request);
        return Fleet.of(request.targets(), request.fleet(), connector, needs, log);
    }

    private DeployResult end(DeployResult result) {
        log.end(result);
        return result;
    }

    /** Gives the release its name: after every other on these hosts, by time, and never one that was live before. */
    private NewRelease name(DeployRequest request, Reading reading, Fleet fleet) {
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        Instant created = NewRelease.notBefore(now, fleet.runs());
        Optional<String> commit = commit(request);
        String id = request.release().orElseGet(() -> ReleaseId.of(created, commit));
        request.release().ifPresent(chosen -> fleet.runs().forEach(run -> checkUnused(run, chosen)));
        // a host whose clock is behind must not see files from the future: OPcache would not keep them; and a second
        // earlier
        // than now, so that whatever is written into the release from now on has another time
        Instant fileTime = fleet.runs().stream()
                .map(run -> run.before().time())
                .min(Comparator.naturalOrder())
                .filter(time -> time.isBefore(created))
                .orElse(created)
                .minusSeconds(1);
        return new NewRelease(request, reading, id, created, commit.orElse(""), fileTime, log);
    }

    private static void checkUnused(HostRun run, String id) {
        boolean there = run.before().find(id).isPresent();
        boolean wasLive = !there
                && run.site().journal(JOURNAL_DEPTH).stream()
                        .anyMatch(entry -> entry.release().equals(id) && !isHarmless(entry));
        if (there || wasLive) {
            throw new PhpDeployException(
                    "release " + id + (there ? " exists on " : " was live before on ") + run.name()
                            + ", and a name is never used twice, because PHP caches code by its path",
                    "choose another with -Dphp.release, or let the plugin choose");
        }
    }

    private static boolean isHarmless(JournalEntry entry) {
        return entry.outcome().equals("failed");
    }

    static Optional<String> commit(DeployRequest request) {
        try {
            Optional<GitCheckout> git = GitCheckout.around(request.application());
            return git.isEmpty() ? Optional.empty() : git.get().commit();
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
