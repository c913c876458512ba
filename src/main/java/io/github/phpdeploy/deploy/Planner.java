package io.github.phpdeploy.deploy;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

import io.github.phpdeploy.PhpDeployException;
import io.github.phpdeploy.release.Release;
import io.github.phpdeploy.release.ReleaseId;
import io.github.phpdeploy.release.ReleaseRecord;
import io.github.phpdeploy.release.ReleaseState;
import io.github.phpdeploy.release.Retention;
import io.github.phpdeploy.runtime.Intent;
import io.github.phpdeploy.runtime.Runtime;
import io.github.phpdeploy.transfer.Base;
import io.github.phpdeploy.transfer.ChangeSet;
import io.github.phpdeploy.transfer.HashCache;
import io.github.phpdeploy.transfer.Kind;
import io.github.phpdeploy.transfer.LocalTree;
import io.github.phpdeploy.transfer.ManifestEntry;

/** Says what a deploy would do, by looking at the hosts, and changes nothing: no lock is taken, no directory made. */
public final class Planner {

    /** How many paths are named before the rest is only counted. */
    private static final int NAMED = 200;

    private final HostConnector connector;
    private final DeployLog log;

    /**
     * A planner.
     *
     * @param connector makes connections
     * @param log hears what would happen
     */
    public Planner(HostConnector connector, DeployLog log) {
        this.connector = connector;
        this.log = log;
    }

    /**
     * Plans.
     *
     * @param request what, where and how
     * @return what would be sent
     */
    public DeployResult plan(DeployRequest request) {
        request.release().ifPresent(ReleaseId::check);
        long begin = System.nanoTime();
        log.begin(
                "a dry run that changes nothing on",
                request.targets().stream().map(Target::name).toList());
        LocalTree tree = Reading.begin(request, HashCache.none()).tree();
        try (Fleet fleet = Fleet.of(request.targets(), request.fleet(), connector, ShellUse.of(request), log)) {
            String release = "";
            List<HostOutcome> outcomes = new ArrayList<>();
            try {
                fleet.connect(HostRun::connect);
                fleet.stage(Stage.INSPECT, HostRun::look);
                Instant created = NewRelease.notBefore(Instant.now().truncatedTo(ChronoUnit.SECONDS), fleet.runs());
                release = request.release().orElseGet(() -> ReleaseId.of(created, Deployer.commit(request)));
                for (HostRun run : fleet.runs()) {
                    outcomes.add(plan(request, tree, run, release, created, run == fleet.first()));
                }
            } catch (PhpDeployException failure) {
                DeployResult failed = new DeployResult.Failure(
                        Deployer.ACTION,
                        release,
                        (System.nanoTime() - begin) / 1_000_000,
                        List.of(),
                        failure.withState("this was a dry run: nothing was changed"));
                log.end(failed);
                return failed;
            }
            DeployResult planned = new DeployResult.Planned(
                    Deployer.ACTION, release, (System.nanoTime() - begin) / 1_000_000, outcomes);
            log.end(planned);
            return planned;
        }
    }

    private HostOutcome plan(
            DeployRequest request, LocalTree tree, HostRun run, String release, Instant created, boolean first) {
        if (run.before().occupied()) {
            throw run.site().occupied();
        }
        run.chooseTransfer();
        Runtime.Service service = request.runtime().inspect(Switchover.place(run, request.health()), Intent.PLAN);
        run.service(service);
        service.warnings().forEach(warning -> log.warning(run.name(), warning));
        Set<String> missing = Preparation.on(run, request, log).missing();
        Optional<Base> base = NewRelease.base(run.before())
                .flatMap(from -> run.trees().whole(from.id()).flatMap(read -> NewRelease.trusted(read, from)));
        ChangeSet changes = ChangeSet.between(base, tree.manifest(), NewRelease.tools(run));
        Set<ManifestEntry> send = new LinkedHashSet<>(changes.sent());
        base.ifPresent(from -> run.trees().changed(from.release(), from.entries()).stream()
                .map(entry -> tree.manifest().entries().get(entry.path()))
                .filter(entry -> entry != null)
                .forEach(send::add));

        List<String> steps = new ArrayList<>();
        List<ManifestEntry> files =
                send.stream().filter(entry -> entry.kind() != Kind.DIRECTORY).toList();
        long bytes = changes.bytesToSend()
                + files.stream()
                        .filter(entry -> !changes.sent().contains(entry))
                        .mapToLong(ManifestEntry::size)
                        .sum();
        steps.add(String.format(
                Locale.ROOT,
                "send %,d of %,d files (%,d bytes before compression)%s",
                files.size(),
                tree.manifest().files(),
                bytes,
                base.map(from -> ", the rest from release " + from.release()).orElse("")));
        name(steps, "  send ", files.stream().map(ManifestEntry::path).toList());
        name(
                steps,
                "  link ",
                new TreeMap<>(changes.references())
                        .entrySet().stream()
                                .map(entry -> entry.getKey() + " from " + entry.getValue())
                                .toList());
        name(
                steps,
                "  leave out ",
                changes.dropped().stream()
                        .filter(entry -> entry.kind() != Kind.DIRECTORY)
                        .filter(entry -> !tree.manifest().entries().containsKey(entry.path()))
                        .map(ManifestEntry::path)
                        .toList());
        missing.forEach(path -> steps.add("make shared/" + path));
        request.shared().paths().forEach(path -> steps.add("link shared/" + path));
        request.writable().directories().forEach(path -> steps.add("make writable " + path));
        hooks(steps, "run before activation: ", request.hooks().beforeActivation(), first);
        steps.add("switch " + run.target().deployPath() + "/current from "
                + run.previousLink().orElse("nothing") + " to releases/" + release);
        steps.add(service.way());
        hooks(steps, "run after activation: ", request.hooks().afterActivation(), first);
        request.health().ifPresent(check -> steps.add("ask " + check.url() + " from the host"));
        removals(request, run, release, created).forEach(id -> steps.add("remove release " + id));
        log.plan(run.name(), steps);
        return new HostOutcome(
                run.name(),
                HostOutcome.Outcome.PLANNED,
                run.previous(),
                run.previous(),
                tree.manifest().files(),
                files.size(),
                tree.manifest().files() - files.size(),
                0,
                tree.manifest().size(),
                run.phases(),
                run.runtimeFacts(),
                "");
    }

    private static void hooks(List<String> steps, String words, List<Hook> hooks, boolean first) {
        hooks.stream().filter(hook -> first || !hook.once()).forEach(hook -> steps.add(words + hook.command()));
    }

    private static void name(List<String> steps, String words, List<String> paths) {
        paths.stream().limit(NAMED).forEach(path -> steps.add(words + path));
        if (paths.size() > NAMED) {
            steps.add(words + "… and " + (paths.size() - NAMED) + " more");
        }
    }

    private static List<String> removals(DeployRequest request, HostRun run, String release, Instant created) {
        ReleaseRecord good = new ReleaseRecord(release, ReleaseState.GOOD, created, "", "", "", 0, 0, "", "");
        List<Release> releases = new ArrayList<>(run.before().releases());
        releases.add(new Release(release, Optional.of(good)));
        Optional<String> predecessor = Optional.of(run.previous()).filter(id -> !id.isEmpty());
        return Retention.outdated(releases, Optional.of(release), predecessor, request.keepReleases());
    }
}
