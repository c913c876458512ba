package io.github.phpdeploy.runtime.roadrunner;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

import io.github.phpdeploy.PhpDeployException;
import io.github.phpdeploy.runtime.Generation;
import io.github.phpdeploy.runtime.Place;
import io.github.phpdeploy.runtime.Runtime;
import io.github.phpdeploy.runtime.resident.ReleaseProof;

/** RoadRunner as it was found on one host, on its way to another release. Used by one thread at a time. */
final class RoadRunnerService implements Runtime.Service, ReleaseProof.Subject {

    private final Place place;
    private final RoadRunnerSettings settings;
    private final RoadRunnerMaster master;
    private final Seen seen;
    private final List<String> warnings;
    private final Map<String, String> facts = new LinkedHashMap<>();

    RoadRunnerService(
            Place place, RoadRunnerSettings settings, RoadRunnerMaster master, Seen seen, List<String> warnings) {
        this.place = place;
        this.settings = settings;
        this.master = master;
        this.seen = seen;
        this.warnings = List.copyOf(warnings);
        facts.put("way", way());
    }

    @Override
    public String way() {
        return "reset RoadRunner (master " + seen.master() + ", workers: "
                + seen.replaced().size()
                + "), which replaces its workers when the requests under way have ended; new ones wait until then, a"
                + " second at least";
    }

    @Override
    public List<String> warnings() {
        return warnings;
    }

    @Override
    public Map<String, String> facts() {
        return Collections.unmodifiableMap(new LinkedHashMap<>(facts));
    }

    @Override
    public Optional<String> preview(String release) {
        return settings.trial().map(trial -> trial.run(place, release));
    }

    @Override
    public Generation reload() {
        // who was there at the inspection may be gone: workers end by themselves after so many requests
        List<String> old = ids(master.workers());
        facts.put("workersBefore", String.join(" ", old));
        long begin = System.nanoTime();
        master.reset(settings.limit());
        facts.put("drainMillis", Long.toString((System.nanoTime() - begin) / 1_000_000));
        return new Generation(old, "RoadRunner was told to reset");
    }

    private static List<String> ids(Seen seen) {
        return seen.replaced().stream().map(Seen.Worker::id).toList();
    }

    @Override
    public String await(Generation old) {
        Map<String, String> said = master.await(old.workers(), seen.replaced().size());
        facts.put("workersAfter", String.join(" ", ids(master.workers())));
        return said.getOrDefault("gone", "0") + " old RoadRunner workers gone, " + said.getOrDefault("up", "0")
                + " new ones up";
    }

    @Override
    public Optional<String> prove(String release) {
        String proof = new ReleaseProof(place.host(), settings.page(), this).prove(release);
        facts.put("proof", proof);
        return Optional.of(proof);
    }

    @Override
    public Map<String, String> inUse() {
        Map<String, String> used = new TreeMap<>();
        master.workers()
                .workers()
                .forEach(worker -> worker.releases().forEach(release -> used.put(release, worker.pid())));
        return used;
    }

    /** Also where no worker is left: a reset waits reset_timeout then, for workers that it does not have. */
    @Override
    public String restore() {
        Duration most = seen.times().sections().stream()
                .map(section -> seen.times().of(section, PoolTimes.NAMES.get(0)).orElse(PoolTimes.USUAL))
                .reduce(PoolTimes.USUAL, (first, second) -> first.compareTo(second) > 0 ? first : second);
        List<String> old;
        try {
            old = ids(master.workers());
        } catch (PhpDeployException none) {
            old = List.of();
        }
        master.reset(settings.limit().plus(most));
        return await(new Generation(old, ""));
    }

    @Override
    public String name() {
        return RoadRunnerRuntime.NAME;
    }

    @Override
    public String title() {
        return RoadRunnerRuntime.TITLE;
    }

    @Override
    public Set<String> live() {
        return master.workers().workers().stream()
                .filter(worker -> worker.plugin().equals("http"))
                .map(Seen.Worker::pid)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Override
    public PhpDeployException outdated(String release, Set<String> shown) {
        Set<String> others = new TreeSet<>(shown);
        others.remove(release);
        return new PhpDeployException(
                "RoadRunner on " + place.host().name() + " executes code of release " + String.join(", ", others)
                        + (shown.contains(release) ? " besides that of " : ", not ") + release
                        + ", also in new workers: server.command or what it includes leads there",
                "have server.command name the worker by its absolute path through " + place.deployPath()
                        + "/current, and the worker find its code by __DIR__");
    }
}
