package io.github.phpdeploy.deploy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

import io.github.phpdeploy.PhpDeployException;
import io.github.phpdeploy.release.Release;
import io.github.phpdeploy.release.ReleaseId;
import io.github.phpdeploy.release.ReleaseRecord;
import io.github.phpdeploy.release.ReleaseState;
import io.github.phpdeploy.release.Site;
import io.github.phpdeploy.release.SiteState;
import io.github.phpdeploy.runtime.Intent;
import io.github.phpdeploy.runtime.Runtime;

/**
 * Brings an earlier release back: on all hosts the same one, or on none. It moves no files. The release that was left is
 * remembered as bad, so that the next rollback does not land on it.
 */
public final class Rollbacker {

    static final String ACTION = "rollback";

    private final HostConnector connector;
    private final DeployLog log;

    /**
     * A rollbacker.
     *
     * @param connector makes connections
     * @param log hears what happens
     */
    public Rollbacker(HostConnector connector, DeployLog log) {
        this.connector = connector;
        this.log = log;
    }

    /**
     * Rolls back.
     *
     * @param request where and to what
     * @return how it ended; a failure is a result too, and has been undone
     */
    public DeployResult rollback(RollbackRequest request) {
        request.release().ifPresent(ReleaseId::check);
        log.begin(
                "rolling back on", request.targets().stream().map(Target::name).toList());
        try (Fleet fleet = fleet(request)) {
            Switchover switchover =
                    new Switchover(ACTION, fleet, request.runtime(), request.health(), request.initiator(), log);
            String release = "";
            try {
                fleet.connect(HostRun::connect);
                fleet.stage(Stage.LOCK, run -> run.lock(request.initiator().holder(ACTION), request.lockWait()));
                fleet.stage(Stage.INSPECT, switchover::inspect);
                tellDrift(fleet);
                String chosen = choose(request, fleet);
                release = chosen;
                fleet.stage(Stage.PREPARE, run -> switchover.preview(run, chosen));
                log.barrier(release, fleet.runs().size());
                fleet.stage(Stage.ACTIVATE, run -> switchover.activate(run, chosen, Optional.empty()));
                fleet.stage(Stage.RELOAD, switchover::reload);
                fleet.stage(Stage.VERIFY, run -> switchover.verify(run, chosen));
                fleet.stage(Stage.RETIRE, run -> writeDown(run, chosen, switchover));
                fleet.stage(Stage.RETIRE, run -> switchover.tidy(run, chosen));
            } catch (PhpDeployException failure) {
                DeployResult failed = switchover.undo(release, Switchover.record(fleet.first(), release), failure);
                log.end(failed);
                return failed;
            }
            DeployResult success = switchover.success(release, Switchover.record(fleet.first(), release));
            log.end(success);
            return success;
        }
    }

    /**
     * Finds out what a rollback would do, without changing anything and without the lock.
     *
     * @param request where and to what
     * @return what would be done
     */
    public DeployResult plan(RollbackRequest request) {
        request.release().ifPresent(ReleaseId::check);
        log.begin(
                "a dry run that changes nothing on",
                request.targets().stream().map(Target::name).toList());
        try (Fleet fleet = fleet(request)) {
            Switchover switchover =
                    new Switchover(ACTION, fleet, request.runtime(), request.health(), request.initiator(), log);
            DeployResult result;
            try {
                fleet.connect(HostRun::connect);
                fleet.stage(Stage.INSPECT, HostRun::look);
                tellDrift(fleet);
                String release = choose(request, fleet);
                fleet.runs().forEach(run -> log.plan(run.name(), steps(request, run, release)));
                result = switchover.planned(release, Switchover.record(fleet.first(), release));
            } catch (PhpDeployException failure) {
                result = switchover.notPlanned(failure);
            }
            log.end(result);
            return result;
        }
    }

    private void tellDrift(Fleet fleet) {
        Map<String, String> current = new LinkedHashMap<>();
        fleet.runs().forEach(run -> current.put(run.name(), run.previousName()));
        Drift.between(current)
                .ifPresent(drift -> log.drift(drift + "; all go back to the newest that is good on each of them"));
    }

    private Fleet fleet(RollbackRequest request) {
        return Fleet.of(request.targets(), request.fleet(), connector, ShellUse.of(request.runtime()), log);
    }

    private static List<String> steps(RollbackRequest request, HostRun run, String release) {
        List<String> steps = new ArrayList<>();
        steps.add("switch " + run.target().deployPath() + "/current from "
                + run.previousLink().orElse("nothing") + " to " + Site.linkTo(release));
        Runtime.Service service = request.runtime().inspect(Switchover.place(run, request.health()), Intent.PLAN);
        steps.add(service.way());
        request.health().ifPresent(check -> steps.add("ask " + check.url() + " from the host"));
        if (!run.previous().isEmpty()) {
            steps.add("remember " + run.previous() + " as bad, if " + release + " is older");
        }
        return steps;
    }

    /** The release to go to: the one the user named, or the newest that every host may go back to. */
    private static String choose(RollbackRequest request, Fleet fleet) {
        if (request.release().isPresent()) {
            String id = request.release().get();
            fleet.runs().forEach(run -> check(run, id, request.force()));
            return id;
        }
        List<String> common = new ArrayList<>(targets(fleet.first().before()));
        for (HostRun run : fleet.runs()) {
            common.retainAll(targets(run.before()));
        }
        if (common.isEmpty()) {
            throw new PhpDeployException(
                    "there is no good release older than the current one to roll back to; "
                            + fleet.runs().stream()
                                    .map(run -> run.name() + " has " + describe(run.before()))
                                    .collect(Collectors.joining("; ")),
                    "name one with -Dphp.release=ID, or deploy a corrected release");
        }
        return common.get(0);
    }

    private static List<String> targets(SiteState state) {
        return state.rollbackTargets().stream().map(Release::id).toList();
    }

    private static void check(HostRun run, String id, boolean force) {
        SiteState state = run.before();
        Optional<Release> release = state.find(id);
        if (release.isEmpty()) {
            throw new PhpDeployException(
                    "there is no release " + id + " on " + run.name() + "; there is " + describe(state),
                    "name one of these with -Dphp.release");
        }
        if (state.current().map(Release::id).filter(id::equals).isPresent()) {
            throw new PhpDeployException(
                    "release " + id + " is current on " + run.name() + " already",
                    "name another with -Dphp.release; there is " + describe(state));
        }
        if (release.get().is(ReleaseState.UPLOADING)) {
            throw new PhpDeployException(
                    "release " + id + " on " + run.name() + " is not complete", "name another with -Dphp.release");
        }
        if (!force && !release.get().is(ReleaseState.GOOD)) {
            throw new PhpDeployException(
                    "release " + id + " on " + run.name() + " is "
                            + release.get()
                                    .record()
                                    .map(record -> record.state().word())
                                    .orElse("none of ours") + ", and not known to be good",
                    "go there all the same with -Dphp.force, or name another; there is " + describe(state));
        }
    }

    private static String describe(SiteState state) {
        if (state.releases().isEmpty()) {
            return "no release";
        }
        String current = state.current().map(Release::id).orElse("");
        return state.releases().stream()
                .map(release -> release.id() + " ("
                        + release.record().map(record -> record.state().word()).orElse("unknown")
                        + (release.id().equals(current) ? ", current" : "") + ")")
                .collect(Collectors.joining(", "));
    }

    /** The release that was left is bad, if it was left for an older one; the one that serves now has proved itself. */
    private static void writeDown(HostRun run, String release, Switchover switchover) {
        List<ReleaseRecord> records = new ArrayList<>();
        Optional<Release> left = run.before().current();
        Optional<Release> now = run.before().find(release);
        boolean back = left.isPresent() && now.isPresent() && Release.BY_TIME.compare(now.get(), left.get()) < 0;
        if (back) {
            left.get().record().ifPresent(record -> records.add(record.in(ReleaseState.BAD)));
        }
        now.flatMap(Release::record)
                .filter(record -> record.state() != ReleaseState.GOOD)
                .ifPresent(record -> records.add(record.in(ReleaseState.GOOD)));
        run.site()
                .conclude(
                        run.lock(),
                        records,
                        Optional.of(switchover.entry(
                                run,
                                Switchover.record(run, release),
                                release,
                                "success",
                                run.runtimeFacts().getOrDefault("way", ""))),
                        List.of());
    }
}
